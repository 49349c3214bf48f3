package io.keybearer.provider.reader;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Base64;

/** Tokens that look as kubelet's do. */
final class Tokens {

  private Tokens() {}

  /** One of a pod of the namespace and service account that all requests of tests have. */
  static String of(String podUid, String serviceAccountUid) {
    String claims =
        "{\"aud\":[\"store\"],\"exp\":1,\"kubernetes.io\":{\"namespace\":\"shop\",\"pod\":{\"name\":\"x\","
            + "\"uid\":\""
            + podUid
            + "\"},\"serviceaccount\":{\"name\":\"web\",\"uid\":\""
            + serviceAccountUid
            + "\"}}}";
    return "eyJhbGciOiJSUzI1NiJ9."
        + Base64.getUrlEncoder().withoutPadding().encodeToString(claims.getBytes(UTF_8))
        + ".c2lnbmF0dXJl";
  }
}
