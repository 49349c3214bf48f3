package io.keybearer.e2e.client;

import io.keybearer.e2e.driver.PodIdentity;
import io.keybearer.e2e.driver.TokenIssuer;
import io.keybearer.proto.MountRequest;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A Mount that the driver would send for a pod.
 *
 * @param parameters those of the SecretProviderClass
 */
record PodMount(
    String namespace, String name, String serviceAccount, Map<String, String> parameters) {

  /** The audience that each pod has a token of. */
  static final String AUDIENCE = "vault";

  /** The same for all: kubelet sends a token as often as it is good. */
  private static final Instant EXPIRES = Instant.parse("2126-01-01T00:00:00Z");

  private static final String TOKENS = "csi.storage.k8s.io/serviceAccount.tokens";

  /** The same pod with a token that has ended then. */
  PodMount withTokenUntil(Instant end) {
    return with(TOKENS, tokens(end));
  }

  /** The same pod without any token. */
  PodMount withoutToken() {
    return with(TOKENS, "");
  }

  PodMount with(String parameter, String value) {
    Map<String, String> more = new TreeMap<>(parameters);
    more.put(parameter, value);
    return new PodMount(namespace, name, serviceAccount, more);
  }

  MountRequest request() {
    Map<String, String> all = new TreeMap<>(parameters);
    all.put("csi.storage.k8s.io/pod.name", name);
    all.put("csi.storage.k8s.io/pod.namespace", namespace);
    all.put("csi.storage.k8s.io/pod.uid", uid());
    all.put("csi.storage.k8s.io/serviceAccount.name", serviceAccount);
    all.put("secretProviderClass", "spc");
    all.putIfAbsent(TOKENS, tokens(EXPIRES));
    return MountRequest.newBuilder()
        .setAttributes(json(all))
        .setSecrets("null")
        .setTargetPath("/var/lib/kubelet/pods/" + uid() + "/volumes/kubernetes.io~csi/v/mount")
        .setPermission("420")
        .build();
  }

  private String uid() {
    return "uid-of-" + namespace + "-" + name;
  }

  private String tokens(Instant expires) {
    PodIdentity pod = new PodIdentity(namespace, name, uid(), serviceAccount);
    String jwt =
        TokenIssuer.unsigned().issue(new TokenIssuer.Claims(pod, AUDIENCE, Instant.EPOCH, expires));
    Map<String, String> token =
        new TreeMap<>(Map.of("token", jwt, "expirationTimestamp", expires.toString()));
    return "{\"" + AUDIENCE + "\":" + json(token) + "}";
  }

  private static String json(Map<String, String> texts) {
    return texts.entrySet().stream()
        .map(entry -> quoted(entry.getKey()) + ":" + quoted(entry.getValue()))
        .collect(Collectors.joining(",", "{", "}"));
  }

  private static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + '"';
  }
}
