package io.keybearer.daemonset.kubernetes;

import io.keybearer.provider.MountFailure;
import io.keybearer.provider.Reason;
import io.keybearer.provider.Ticker;
import io.keybearer.provider.http.HttpAddress;
import io.keybearer.provider.http.HttpEndpoint;
import io.keybearer.provider.http.TlsSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where the API server is, and who Keybearer is to it.
 *
 * @param endpoint where it is and how it is known
 * @param token Keybearer's own
 * @param namespace Keybearer's own
 */
record ClusterAccess(HttpEndpoint endpoint, BearerToken token, String namespace) {

  /**
   * The one of these settings.
   *
   * @throws MountFailure {@link Reason#PRECONDITION} if there is none, or {@link
   *     Reason#INVALID_PARAMETERS} if the kubeconfig is wrong
   */
  static ClusterAccess of(KubernetesSettings settings, Ticker ticker) throws MountFailure {
    return settings.kubeconfig().isEmpty()
        ? ofPod(settings, ticker)
        : Kubeconfig.read(settings.kubeconfig(), ticker);
  }

  /**
   * What kubelet gives every pod (<a
   * href="https://kubernetes.io/docs/tasks/run-application/access-api-from-pod/">access from a
   * pod</a>).
   */
  private static ClusterAccess ofPod(KubernetesSettings settings, Ticker ticker)
      throws MountFailure {
    if (settings.host().isEmpty() || settings.port().isEmpty()) {
      throw MountFailure.of(
          Reason.PRECONDITION,
          "no API server is known here: KUBERNETES_SERVICE_HOST or KUBERNETES_SERVICE_PORT is not"
              + " set",
          "run Keybearer in a pod, or name a kubeconfig");
    }
    String host = settings.host().contains(":") ? "[" + settings.host() + "]" : settings.host();
    Path folder = settings.serviceAccount();
    return new ClusterAccess(
        new HttpEndpoint(
            HttpAddress.parse("https://" + host + ":" + settings.port()),
            TlsSettings.usual().withCaFile(folder.resolve("ca.crt").toString())),
        BearerToken.in(folder.resolve("token"), ticker),
        namespace(folder.resolve("namespace")));
  }

  private static String namespace(Path file) throws MountFailure {
    try {
      return Files.readString(file).strip();
    } catch (IOException e) {
      throw MountFailure.of(
          Reason.PRECONDITION,
          "Keybearer's own namespace can't be read from the folder of its service account",
          "set automountServiceAccountToken: true for its pods");
    }
  }
}
