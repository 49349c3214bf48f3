package io.keybearer.e2e.driver;

import java.util.List;

/**
 * What the driver wrote about one pod and one SecretProviderClass.
 *
 * @param name {@code <pod>-<namespace>-<class>}
 * @param podUid of the owner reference
 * @param nodeName of the label {@code internal.secrets-store.csi.k8s.io/node-name}
 * @param objects sorted by id
 */
public record SecretProviderClassPodStatus(
    String namespace,
    String name,
    String podName,
    String podUid,
    String className,
    String targetPath,
    String nodeName,
    List<MountedObject> objects) {
  public SecretProviderClassPodStatus {
    objects = List.copyOf(objects);
  }

  /** The name that the driver gives to the status of a pod's class. */
  public static String nameOf(String podName, String namespace, String className) {
    return podName + "-" + namespace + "-" + className;
  }

  boolean hasNameOf(SecretProviderClassPodStatus other) {
    return namespace.equals(other.namespace) && name.equals(other.name);
  }

  SecretProviderClassPodStatus withObjects(List<MountedObject> newObjects) {
    return new SecretProviderClassPodStatus(
        namespace, name, podName, podUid, className, targetPath, nodeName, newObjects);
  }
}
