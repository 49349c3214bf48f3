package io.keybearer.provider.token;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.keybearer.provider.Credentials;
import io.keybearer.provider.MountFailure;
import io.keybearer.provider.Quoted;
import io.keybearer.provider.Reason;
import io.keybearer.provider.SecretBytes;
import io.keybearer.provider.text.JsonReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The tokens of a pod, by audience, as kubelet hands them over: {@code {"audience": {"token": "…",
 * "expirationTimestamp": "…"}}}. See <a
 * href="https://kubernetes-csi.github.io/docs/token-requests.html">CSI token requests</a>.
 */
public final class ServiceAccountTokens {

  private static final String FAILED = "CSI token error: failed to parse serviceAccount.tokens";
  private static final int PARTS_OF_JWT = 3;
  private static final JsonFactory FACTORY = new JsonFactory();

  private final Map<String, ServiceAccountToken> byAudience;

  private ServiceAccountTokens(Map<String, ServiceAccountToken> byAudience) {
    this.byAudience = byAudience;
  }

  /**
   * The tokens in these credentials, perhaps none.
   *
   * @throws MountFailure {@link Reason#INVALID_PARAMETERS} if they are not what kubelet writes
   */
  public static ServiceAccountTokens of(Credentials credentials) throws MountFailure {
    Map<String, ServiceAccountToken> tokens = new LinkedHashMap<>();
    if (credentials.serviceAccountTokens().length() > 0) {
      Map<List<String>, String> leaves =
          JsonReader.leaves(FAILED, text(credentials.serviceAccountTokens()));
      leaves.forEach(
          (path, value) -> {
            if (path.size() == 2 && path.get(1).equals("token")) {
              String expires = leaves.get(List.of(path.get(0), "expirationTimestamp"));
              tokens.put(path.get(0), token(value, Optional.ofNullable(expires)));
            }
          });
    }
    return new ServiceAccountTokens(tokens);
  }

  /**
   * The token of that audience.
   *
   * @throws MountFailure {@link Reason#PRECONDITION} if the cluster asks for none
   */
  public ServiceAccountToken of(String audience) throws MountFailure {
    ServiceAccountToken token = byAudience.get(audience);
    if (token == null) {
      throw MountFailure.of(
          Reason.PRECONDITION,
          "the driver sent no service account token of audience "
              + Quoted.of(audience)
              + (byAudience.isEmpty() ? "" : ", only of " + audiences()),
          "list it in the tokenRequests of the CSIDriver secrets-store.csi.k8s.io, or set"
              + " --token-requests");
    }
    return token;
  }

  /**
   * The audiences among these that a login has no token of: there is none, or it has expired.
   *
   * @param now the time to have them at
   */
  public List<String> missing(List<String> audiences, Instant now) {
    return audiences.stream()
        .distinct()
        .filter(
            audience ->
                !byAudience.containsKey(audience)
                    || !byAudience.get(audience).expires().isAfter(now))
        .toList();
  }

  /** These tokens and others, which take the place of those of their audiences. */
  public ServiceAccountTokens with(Map<String, ServiceAccountToken> others) {
    Map<String, ServiceAccountToken> all = new LinkedHashMap<>(byAudience);
    all.putAll(others);
    return new ServiceAccountTokens(all);
  }

  /** All of them as kubelet would write them. */
  public SecretBytes json() {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    try (JsonGenerator json = FACTORY.createGenerator(text)) {
      json.writeStartObject();
      for (Map.Entry<String, ServiceAccountToken> entry : byAudience.entrySet()) {
        json.writeObjectFieldStart(entry.getKey());
        json.writeStringField("token", text(entry.getValue().text()));
        if (!entry.getValue().expires().equals(Instant.MAX)) {
          json.writeStringField("expirationTimestamp", entry.getValue().expires().toString());
        }
        json.writeEndObject();
      }
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return SecretBytes.copyOf(text.toByteArray());
  }

  private String audiences() {
    return byAudience.keySet().stream().map(Quoted::of).collect(Collectors.joining(", "));
  }

  /** All of them, by audience. */
  public Map<String, ServiceAccountToken> byAudience() {
    return Map.copyOf(byAudience);
  }

  /**
   * A token that came by itself, and not from kubelet.
   *
   * @param expires when it does (RFC 3339); anything else says nothing
   */
  public static ServiceAccountToken token(String jwt, String expires) {
    return token(jwt, Optional.of(expires));
  }

  private static ServiceAccountToken token(String jwt, Optional<String> expires) {
    return new ServiceAccountToken(
        SecretBytes.copyOf(jwt.getBytes(StandardCharsets.UTF_8)),
        expires.map(ServiceAccountTokens::instant).orElse(Instant.MAX),
        claims(jwt));
  }

  private static Instant instant(String text) {
    try {
      return Instant.parse(text);
    } catch (DateTimeException e) {
      return Instant.MAX;
    }
  }

  /** The claims of a JSON Web Token that is one; a store may take others. */
  private static TokenClaims claims(String jwt) {
    String[] parts = jwt.split("\\.", -1);
    if (parts.length != PARTS_OF_JWT) {
      return TokenClaims.NONE;
    }
    try {
      String json = new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8);
      Map<List<String>, String> claims = JsonReader.leaves(FAILED, json);
      return new TokenClaims(
          claim(claims, "namespace"),
          claim(claims, "pod", "uid"),
          claim(claims, "serviceaccount", "name"),
          claim(claims, "serviceaccount", "uid"));
    } catch (IllegalArgumentException | MountFailure e) {
      return TokenClaims.NONE;
    }
  }

  private static String claim(Map<List<String>, String> claims, String... path) {
    List<String> names = new ArrayList<>(List.of("kubernetes.io"));
    names.addAll(List.of(path));
    return claims.getOrDefault(names, "");
  }

  private static String text(SecretBytes bytes) {
    return new String(bytes.reveal(), StandardCharsets.UTF_8);
  }
}
