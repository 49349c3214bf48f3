package io.keybearer.provider.fake;

import io.keybearer.provider.text.JsonNode;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.Signature;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Issues service account tokens as the API server of a cluster does, bound to a pod. */
public final class PodTokens {

  /** Who says so in the tokens of a cluster that was not told another name. */
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
  private final String issuer;
  private final KeyPair keys;

  private PodTokens(InstantSource clock, String issuer, KeyPair keys) {
    this.clock = clock;
    this.issuer = issuer;
    this.keys = keys;
  }

  /** A cluster that signs with an RSA key of its own, as most do; that key takes a while. */
  public static PodTokens rsa(InstantSource clock, String issuer) {
    return new PodTokens(clock, issuer, FakeKeys.rsa());
  }

  /** A cluster that signs with a key on the curve P-256, which is made at once. */
  public static PodTokens ec(InstantSource clock, String issuer) {
    return new PodTokens(clock, issuer, FakeKeys.ec());
  }

  /** Another cluster that claims to be this one: the same issuer, other keys. */
  public PodTokens impostor() {
    return new PodTokens(clock, issuer, FakeKeys.ec());
  }

  /** Who says so in each token. */
  public String issuer() {
    return issuer;
  }

  /** The key that verifies them. */
  public PublicKey publicKey() {
    return keys.getPublic();
  }

  /** The same as PEM. */
  public String publicKeyPem() {
    return FakeIdentity.pem("PUBLIC KEY", keys.getPublic().getEncoded());
  }

  /** The key that signs them, as PEM: for an API server that issues them in its place. */
  public String privateKeyPem() {
    return FakeIdentity.pem("PRIVATE KEY", keys.getPrivate().getEncoded());
  }

  /** The time that tokens are issued at. */
  public Instant now() {
    return clock.instant();
  }

  /** A token that is good for an hour. */
  public String issue(Pod pod, String... audiences) {
    return issue(pod, LIFE, audiences);
  }

  /** A token of that life from now on, which may be negative. */
  public String issue(Pod pod, Duration life, String... audiences) {
    Instant now = clock.instant();
    return issue(pod, now, now.plus(life), audiences);
  }

  /** A token of other times. */
  public String issue(Pod pod, Instant issued, Instant expires, String... audiences) {
    Map<String, Object> claims = new LinkedHashMap<>();
    claims.put("aud", List.of(audiences));
    claims.put("exp", expires.getEpochSecond());
    claims.put("iat", issued.getEpochSecond());
    claims.put("iss", issuer);
    claims.put("jti", UUID.randomUUID().toString());
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
    String algorithm = keys.getPublic().getAlgorithm();
    String header =
        Json.write(Json.object("alg", algorithm.equals("RSA") ? "RS256" : "ES256", "kid", "fake"));
    String signed = part(header) + "." + part(Json.write(claims));
    try {
      Signature signature = Signature.getInstance(Jwt.algorithm(algorithm));
      signature.initSign(keys.getPrivate());
      signature.update(signed.getBytes(StandardCharsets.US_ASCII));
      return signed + "." + encode(signature.sign());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * What the driver passes on in {@code csi.storage.k8s.io/serviceAccount.tokens}: a token for each
   * audience.
   */
  public String driverTokens(Pod pod, String... audiences) {
    Map<String, Object> byAudience = new LinkedHashMap<>();
    for (String audience : audiences) {
      byAudience.put(
          audience,
          Json.object(
              "token",
              issue(pod, audience),
              "expirationTimestamp",
              Instant.ofEpochSecond(clock.instant().plus(LIFE).getEpochSecond()).toString()));
    }
    return Json.write(Json.of(byAudience));
  }

  private static String part(String text) {
    return encode(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String encode(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
