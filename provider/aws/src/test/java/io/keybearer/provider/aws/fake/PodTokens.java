package io.keybearer.provider.aws.fake;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.Signature;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Issues service account tokens as the API server of a cluster does, bound to a pod. */
public final class PodTokens {

  /** The audience of tokens for STS. */
  public static final String STS = "sts.amazonaws.com";

  /** The audience of tokens for the Pod Identity agent. */
  public static final String POD_IDENTITY = "pods.eks.amazonaws.com";

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
  private static final int RSA_BITS = 2048;
  private static final int CURVE_BITS = 256;

  private final InstantSource clock;
  private final String issuer;
  private final KeyPair keys;

  private PodTokens(InstantSource clock, String issuer, KeyPair keys) {
    this.clock = clock;
    this.issuer = issuer;
    this.keys = keys;
  }

  /** A cluster that signs with an RSA key of its own, as EKS does; that key takes a while. */
  public static PodTokens rsa(InstantSource clock) {
    return new PodTokens(clock, issuerOf("rsa"), keys("RSA", RSA_BITS));
  }

  /** A cluster that signs with a key on the curve P-256, which is made at once. */
  public static PodTokens ec(InstantSource clock) {
    return new PodTokens(clock, issuerOf("ec"), keys("EC", CURVE_BITS));
  }

  /** Another cluster that claims to be this one: the same issuer, other keys. */
  public PodTokens impostor() {
    return new PodTokens(clock, issuer, keys("EC", CURVE_BITS));
  }

  /** Who says so in each token. */
  public String issuer() {
    return issuer;
  }

  /** The key that verifies them. */
  public PublicKey publicKey() {
    return keys.getPublic();
  }

  /** A token that is good for an hour. */
  public String issue(Pod pod, String... audiences) {
    return issue(pod, LIFE, audiences);
  }

  /** A token of that life from now on, which may be negative. */
  public String issue(Pod pod, Duration life, String... audiences) {
    Instant now = clock.instant();
    Map<String, Object> claims = new LinkedHashMap<>();
    claims.put("aud", List.of(audiences));
    claims.put("exp", now.plus(life).getEpochSecond());
    claims.put("iat", now.getEpochSecond());
    claims.put("iss", issuer);
    claims.put("jti", RandomText.letters(16));
    claims.put(
        "kubernetes.io",
        Json.object(
            "namespace",
            pod.namespace(),
            "pod",
            Json.object("name", pod.name(), "uid", pod.uid()),
            "serviceaccount",
            Json.object("name", pod.account(), "uid", pod.accountUid())));
    claims.put("nbf", now.getEpochSecond());
    claims.put("sub", "system:serviceaccount:" + pod.namespace() + ":" + pod.account());
    return sign(claims);
  }

  /** A token with any claims: strings, numbers, lists and maps. */
  public String sign(Map<String, Object> claims) {
    String algorithm = keys.getPublic().getAlgorithm();
    String header =
        Json.write(
            Json.object("alg", algorithm.equals("RSA") ? "RS256" : "ES256", "kid", "fake-key"));
    String signed = part(header) + "." + part(Json.write(Json.of(claims)));
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

  private static String issuerOf(String kind) {
    return "https://oidc.eks.eu-west-1.amazonaws.com/id/" + kind + RandomText.upper(28);
  }

  private static KeyPair keys(String algorithm, int size) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
      generator.initialize(size);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String part(String text) {
    return encode(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String encode(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
