package io.keybearer.daemonset.kubernetes;

import java.nio.file.Path;
import java.util.Map;

/**
 * How the API server is found, and what it is asked.
 *
 * @param kubeconfig a kubeconfig's path; empty for what kubelet gives every pod
 * @param host the API server's host as kubelet tells it; empty outside of a pod
 * @param port its port
 * @param serviceAccount the folder with Keybearer's own token, CA and namespace
 * @param node this node's name
 * @param tokenRequests whether tokens may be asked for in the name of pods
 */
public record KubernetesSettings(
    String kubeconfig,
    String host,
    String port,
    Path serviceAccount,
    String node,
    boolean tokenRequests) {

  private static final Path SERVICE_ACCOUNT =
      Path.of("/var/run/secrets/kubernetes.io/serviceaccount");

  /** Whether there is an API server to ask. */
  public boolean isKnown() {
    return !kubeconfig.isEmpty() || !(host.isEmpty() || port.isEmpty());
  }

  /** Those of a process with that environment. */
  public static KubernetesSettings of(
      Map<String, String> environment, String kubeconfig, String node, boolean tokenRequests) {
    return new KubernetesSettings(
        kubeconfig.isEmpty() ? environment.getOrDefault("KUBECONFIG", "") : kubeconfig,
        environment.getOrDefault("KUBERNETES_SERVICE_HOST", ""),
        environment.getOrDefault("KUBERNETES_SERVICE_PORT", ""),
        SERVICE_ACCOUNT,
        node,
        tokenRequests);
  }
}
