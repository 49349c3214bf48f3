package io.keybearer.e2e.driver;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Locale;

/** Mints service account tokens. A test whose store verifies signatures brings its own. */
@FunctionalInterface
public interface TokenIssuer {
  /** What the token has to say. */
  record Claims(PodIdentity pod, String audience, Instant issued, Instant expires) {}

  /** A new JWT. */
  String issue(Claims claims);

  /** Well-formed JWTs with a cluster's claims, whose signature verifies with no key. */
  static TokenIssuer unsigned() {
    return claims -> {
      PodIdentity pod = claims.pod();
      String payload =
          String.format(
              Locale.ROOT,
              "{\"aud\":[%s],\"exp\":%d,\"iat\":%d,\"nbf\":%d,\"iss\":%s,\"kubernetes.io\":"
                  + "{\"namespace\":%s,\"pod\":{\"name\":%s,\"uid\":%s},"
                  + "\"serviceaccount\":{\"name\":%s,\"uid\":%s}},\"sub\":%s}",
              GoText.json(claims.audience()),
              claims.expires().getEpochSecond(),
              claims.issued().getEpochSecond(),
              claims.issued().getEpochSecond(),
              GoText.json("https://kubernetes.default.svc.cluster.local"),
              GoText.json(pod.namespace()),
              GoText.json(pod.name()),
              GoText.json(pod.uid()),
              GoText.json(pod.serviceAccount()),
              GoText.json("uid-of-" + pod.serviceAccount()),
              GoText.json("system:serviceaccount:" + pod.namespace() + ":" + pod.serviceAccount()));
      return part("{\"alg\":\"RS256\",\"kid\":\"double\"}")
          + "."
          + part(payload)
          + "."
          + part("verifies with no key");
    };
  }

  private static String part(String text) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
