package io.keybearer.e2e.process;

import io.keybearer.proto.MountRequest;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** Requests that no driver sends, or that a tenant makes it send. */
final class Hostile {

  private Hostile() {}

  /** A request with these attributes, beside those of a pod. */
  static MountRequest request(Map<String, String> attributes) {
    Map<String, String> all = new LinkedHashMap<>();
    all.put("csi.storage.k8s.io/pod.name", "p");
    all.put("csi.storage.k8s.io/pod.namespace", "hostile");
    all.put("csi.storage.k8s.io/pod.uid", "u");
    all.put("csi.storage.k8s.io/serviceAccount.name", "sa");
    all.put("secretProviderClass", "spc");
    all.putAll(attributes);
    return raw(
        all.entrySet().stream()
            .map(entry -> quoted(entry.getKey()) + ":" + quoted(entry.getValue()))
            .collect(Collectors.joining(",", "{", "}")));
  }

  /** A request whose attributes are this text. */
  static MountRequest raw(String attributes) {
    return MountRequest.newBuilder()
        .setAttributes(attributes)
        .setSecrets("null")
        .setTargetPath("/var/lib/kubelet/pods/u/volumes/kubernetes.io~csi/v/mount")
        .setPermission("420")
        .build();
  }

  private static String quoted(String text) {
    StringBuilder json = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        json.append('\\').append(c);
      } else if (c < ' ') {
        json.append("\\u00").append(c < 16 ? "0" : "").append(Integer.toHexString(c));
      } else {
        json.append(c);
      }
    }
    return json.append('"').toString();
  }
}
