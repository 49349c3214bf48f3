package io.keybearer.provider.reader;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.keybearer.provider.Credentials;
import io.keybearer.provider.MountFailure;
import io.keybearer.provider.PodIdentity;
import io.keybearer.provider.Quoted;
import io.keybearer.provider.Reason;
import io.keybearer.provider.SecretBytes;
import io.keybearer.provider.Ticker;
import io.keybearer.provider.token.ServiceAccountTokens;
import io.keybearer.provider.token.TokenClaims;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.SecretKey;

/**
 * Looks at what pods prove themselves with. The same tokens come with every republish for most of
 * an hour: what was found in them is remembered under their digest, they themselves are not.
 */
final class PodProofs {

  private static final Duration KEEP_UNUSED = Duration.ofMinutes(10);
  private static final int MOST = 4_096;
  private static final String HMAC = "HmacSHA256";

  /** What the tokens of one text say. */
  private record Seen(Map<String, PodProof.Token> tokens, Map<String, TokenClaims> claims) {

    static final Seen NOTHING = new Seen(Map.of(), Map.of());

    String serviceAccountUid() {
      return claims.values().stream()
          .map(TokenClaims::serviceAccountUid)
          .filter(uid -> !uid.isEmpty())
          .findFirst()
          .orElse("");
    }
  }

  private record Proven(PodIdentity pod, PodProof proof) {}

  /** Copied for each use: looking an algorithm up and keying it takes longer than a digest. */
  private final Mac prototype;

  private final Cache<String, Seen> seen;

  /** Who hands over the very same credentials again has the answer without a digest. */
  private final Cache<Credentials, Proven> proven =
      Caffeine.newBuilder().weakKeys().executor(Runnable::run).build();

  /**
   * Looks with that key.
   *
   * @param key the same in all processes that go on with each other's sessions
   */
  PodProofs(Ticker ticker, SecretKey key) {
    prototype = keyed(key);
    seen = ReaderCaches.of(MOST, ticker).expireAfterAccess(KEEP_UNUSED).build();
  }

  /**
   * What is known of these credentials.
   *
   * @throws MountFailure {@link Reason#LOGIN_FAILED} if a token says that it is another pod's,
   *     {@link Reason#INVALID_PARAMETERS} if the tokens are not what kubelet writes
   */
  PodProof of(Credentials credentials, PodIdentity pod) throws MountFailure {
    Proven known = proven.getIfPresent(credentials);
    if (known == null || !known.pod().equals(pod)) {
      known = new Proven(pod, prove(credentials, pod));
      proven.put(credentials, known);
    }
    return known.proof();
  }

  private PodProof prove(Credentials credentials, PodIdentity pod) throws MountFailure {
    Seen tokens = seen(credentials);
    for (Map.Entry<String, TokenClaims> claims : tokens.claims().entrySet()) {
      if (!claims.getValue().mayBeOf(pod)) {
        throw MountFailure.of(
            Reason.LOGIN_FAILED,
            "the token of audience " + Quoted.of(claims.getKey()) + " is another pod's",
            "look at what called instead of the driver");
      }
    }
    return new PodProof(
        tokens.tokens(),
        tokens.serviceAccountUid(),
        secrets(credentials.nodePublishSecrets()),
        pod.uid());
  }

  private Seen seen(Credentials credentials) throws MountFailure {
    if (credentials.serviceAccountTokens().length() == 0) {
      return Seen.NOTHING;
    }
    String digest = credentials.serviceAccountTokens().digest(keyed());
    Seen known = seen.getIfPresent(digest);
    if (known == null) {
      known = look(ServiceAccountTokens.of(credentials));
      seen.put(digest, known);
    }
    return known;
  }

  private Seen look(ServiceAccountTokens tokens) {
    Mac keyed = keyed();
    Map<String, PodProof.Token> digests = new HashMap<>();
    Map<String, TokenClaims> claims = new HashMap<>();
    tokens
        .byAudience()
        .forEach(
            (audience, token) -> {
              digests.put(
                  audience, new PodProof.Token(token.text().digest(keyed), token.expires()));
              claims.put(audience, token.claims());
            });
    return new Seen(Map.copyOf(digests), Map.copyOf(claims));
  }

  private String secrets(Map<String, SecretBytes> secrets) {
    if (secrets.isEmpty()) {
      return "";
    }
    Mac keyed = keyed();
    // Digests of a fixed length, each on a line: no two Secrets give the same text.
    String lines =
        new TreeMap<>(secrets)
            .entrySet().stream()
                .map(entry -> digest(keyed, entry.getKey()) + entry.getValue().digest(keyed))
                .collect(Collectors.joining("\n"));
    return digest(keyed, lines);
  }

  private static String digest(Mac keyed, String text) {
    return SecretBytes.copyOf(text.getBytes(StandardCharsets.UTF_8)).digest(keyed);
  }

  private Mac keyed() {
    try {
      return (Mac) prototype.clone();
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException("this Java platform can't copy " + HMAC, e);
    }
  }

  private static Mac keyed(SecretKey key) {
    try {
      Mac mac = Mac.getInstance(HMAC);
      mac.init(key);
      return mac;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java platform lacks " + HMAC, e);
    }
  }
}
