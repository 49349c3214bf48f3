package io.keybearer.e2e.bench;

import io.keybearer.e2e.driver.PodIdentity;
import io.keybearer.e2e.driver.PodRequest;
import io.keybearer.e2e.store.StoreServer;
import io.keybearer.proto.MountRequest;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;

/**
 * A pod that mounts secrets of the store double, with a token as a cluster writes it: more than 1
 * KB.
 *
 * @param objects the YAML list that its SecretProviderClass has
 */
record BenchPod(String namespace, String name, String serviceAccount, String objects) {

  private static final String AUDIENCE = "vault";

  /** As long as a signature of RS256. */
  private static final String SIGNATURE = "Zm9yLW5vYm9keS".repeat(25).substring(0, 342);

  /** A pod of the usual namespace. */
  static BenchPod of(String name, String serviceAccount, String objects) {
    return new BenchPod("bench", name, serviceAccount, objects);
  }

  /** What the driver sends for it. Nothing is read again while a benchmark lasts. */
  MountRequest mount(StoreServer store) {
    String uid = "1b7b0740-62d5-4776-a0df-" + namespace + "-" + name;
    Map<String, String> attributes = new TreeMap<>();
    attributes.put("address", store.address().toString());
    store.certificateAuthority().ifPresent(file -> attributes.put("caFile", file.toString()));
    attributes.put("role", "app");
    attributes.put("audience", AUDIENCE);
    attributes.put("refreshInterval", "24h");
    attributes.put("objects", objects);
    PodIdentity pod = new PodIdentity(namespace, name, uid, serviceAccount);
    return new PodRequest(pod, tokens(uid), attributes).mount();
  }

  private String tokens(String uid) {
    String claims =
        "{\"aud\":[\"vault\",\"https://kubernetes.default.svc.cluster.local\"],\"exp\":4922899200,\"iat\":1767225600,"
            + "\"iss\":\"https://oidc.eks.eu-central-1.amazonaws.com/id/5D1B4C8F0A6E4A73B2A9\","
            + "\"jti\":\"0b8f7a52-6f0e-4d62-9c7f-2f60f3d0a1ce\",\"kubernetes.io\":{\"namespace\":\""
            + namespace
            + "\",\"node\":{\"name\":\"ip-10-0-42-17.eu-central-1.compute.internal\","
            + "\"uid\":\"c3f5cf0e-1f0e-4c9a-8f23-5a0f4a5c7f11\"},\"pod\":{\"name\":\""
            + name
            + "\",\"uid\":\""
            + uid
            + "\"},\"serviceaccount\":{\"name\":\""
            + serviceAccount
            + "\",\"uid\":\"uid-of-"
            + serviceAccount
            + "\"},\"warnafter\":1767229207},\"nbf\":1767225600,\"sub\":\"system:serviceaccount:"
            + namespace
            + ":"
            + serviceAccount
            + "\"}";
    String jwt =
        part("{\"alg\":\"RS256\",\"kid\":\"7d3f0c9b1e5a48c2b6f4d8e09a1c3b5d7e9f0a2c\"}")
            + "."
            + part(claims)
            + "."
            + SIGNATURE;
    return PodRequest.tokens(AUDIENCE, jwt);
  }

  private static String part(String text) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
