package io.keybearer.e2e.driver;

import io.keybearer.proto.MountRequest;
import java.util.Map;
import java.util.TreeMap;

/**
 * A Mount as the driver sends it for a pod, for whoever calls a provider without a driver.
 *
 * @param tokens the pod's tokens, the JSON that kubelet writes
 * @param parameters those of the SecretProviderClass
 */
public record PodRequest(PodIdentity pod, String tokens, Map<String, String> parameters) {

  /** Copies the map. */
  public PodRequest {
    parameters = Map.copyOf(parameters);
  }

  /** The tokens of a pod that has one, which does not end. */
  public static String tokens(String audience, String jwt) {
    String token = GoText.json(Map.of("token", jwt, "expirationTimestamp", "2126-01-01T00:00:00Z"));
    return "{" + GoText.json(audience) + ":" + token + "}";
  }

  /** What is sent. */
  public MountRequest mount() {
    Map<String, String> attributes = new TreeMap<>(parameters);
    attributes.put(CsiKeys.PROVIDER_CLASS, "app");
    attributes.put(CsiKeys.EPHEMERAL, "true");
    attributes.put(CsiKeys.POD_NAME, pod.name());
    attributes.put(CsiKeys.POD_NAMESPACE, pod.namespace());
    attributes.put(CsiKeys.POD_UID, pod.uid());
    attributes.put(CsiKeys.SERVICE_ACCOUNT, pod.serviceAccount());
    attributes.put(CsiKeys.TOKENS, tokens);
    return MountRequest.newBuilder()
        .setAttributes(GoText.json(attributes))
        .setSecrets("null")
        .setTargetPath("/var/lib/kubelet/pods/" + pod.uid() + "/volumes/kubernetes.io~csi/v/mount")
        .setPermission("420")
        .build();
  }
}
