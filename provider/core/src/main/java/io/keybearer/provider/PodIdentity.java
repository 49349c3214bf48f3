package io.keybearer.provider;

/**
 * The pod that asks, as kubelet told the driver. A caller without a pod leaves fields empty.
 *
 * @param namespace the pod's namespace
 * @param name the pod's name
 * @param uid the pod's UID
 * @param serviceAccount the name of the pod's service account
 */
public record PodIdentity(String namespace, String name, String uid, String serviceAccount) {

  /**
   * The namespace, for what depends on it.
   *
   * @throws MountFailure {@link Reason#INVALID_PARAMETERS} if the caller named none
   */
  public String requireNamespace() throws MountFailure {
    if (namespace.isEmpty()) {
      throw MountFailure.of(
          Reason.INVALID_PARAMETERS,
          "the request names no pod namespace (csi.storage.k8s.io/pod.namespace)",
          "set podInfoOnMount: true in the CSIDriver object");
    }
    return namespace;
  }

  @Override
  public String toString() {
    return namespace + "/" + name;
  }
}
