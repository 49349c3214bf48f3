package io.keybearer.provider.vault.fake;

import io.keybearer.provider.text.JsonNode;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.Signature;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Issues service account tokens as an API server does: RS256, bound to a pod. */
public final class PodTokens {

  /** Who says so in each token. */
  public static final String ISSUER = "https://kubernetes.default.svc.cluster.local";

  /** Whose token it is. */
  public record Pod(String namespace, String name, String uid, String account, String accountUid) {

    /** A pod of an account, whose other names follow from these. */
    public static Pod of(String namespace, String account) {
      return new Pod(
          namespace,
          account + "-0",
          "uid-of-pod-" + namespace + "-" + account,
          account,
          "uid-of-" + namespace + "-" + account);
    }
  }

  private static final Duration LIFE = Duration.ofHours(1);

  private final InstantSource clock;
  private final KeyPair keys = FakeAuthority.rsa();

  /** With a key of its own. */
  public PodTokens(InstantSource clock) {
    this.clock = clock;
  }

  /** The key that verifies them, as PEM. */
  public String publicKeyPem() {
    return FakeIdentity.pem("PUBLIC KEY", keys.getPublic().getEncoded());
  }

  /** A token that is good for an hour. */
  public String issue(Pod pod, String... audiences) {
    Instant now = clock.instant();
    return issue(pod, now, now.plus(LIFE), audiences);
  }

  /** A token of other times. */
  public String issue(Pod pod, Instant issued, Instant expires, String... audiences) {
    Map<String, Object> claims = new LinkedHashMap<>();
    claims.put("aud", List.of(audiences));
    claims.put("exp", expires.getEpochSecond());
    claims.put("iat", issued.getEpochSecond());
    claims.put("iss", ISSUER);
    claims.put(
        "kubernetes.io",
        Json.object(
            "namespace",
            pod.namespace(),
            "pod",
            Json.object("name", pod.name(), "uid", pod.uid()),
            "serviceaccount",
            Json.object("name", pod.account(), "uid", pod.accountUid())));
    claims.put("nbf", issued.getEpochSecond());
    claims.put("sub", "system:serviceaccount:" + pod.namespace() + ":" + pod.account());
    return sign(Json.of(claims));
  }

  /** A token with any claims. */
  public String sign(JsonNode claims) {
    String signed = part("{\"alg\":\"RS256\",\"kid\":\"fake\"}") + "." + part(GoJson.text(claims));
    try {
      Signature signature = Signature.getInstance("SHA256withRSA");
      signature.initSign(keys.getPrivate());
      signature.update(signed.getBytes(StandardCharsets.US_ASCII));
      return signed + "." + encode(signature.sign());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  Instant now() {
    return clock.instant();
  }

  private static String part(String text) {
    return encode(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String encode(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
