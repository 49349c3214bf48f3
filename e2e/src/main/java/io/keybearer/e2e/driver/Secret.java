package io.keybearer.e2e.driver;

import java.util.Map;

/**
 * A Kubernetes Secret that a volume hands to the provider by {@code nodePublishSecretRef}.
 *
 * @param labels rotation of 1.5.6 finds only what carries {@link #USED}
 */
public record Secret(
    String namespace, String name, Map<String, String> labels, Map<String, String> data) {
  /** The label without which 1.5.6 does not find the Secret when it rotates. */
  public static final Map<String, String> USED = Map.of("secrets-store.csi.k8s.io/used", "true");

  public Secret {
    labels = Map.copyOf(labels);
    data = Map.copyOf(data);
  }
}
