package io.keybearer.e2e.driver;

import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** The objects of a cluster: what its people write, its kubelet and its driver. */
public interface Cluster {

  /** Creates the class or replaces it. */
  void apply(SecretProviderClass providerClass);

  /** Creates the Secret or replaces it. */
  void apply(Secret secret);

  /** Deletes a class; one that does not exist is no fault. */
  void deleteClass(String namespace, String name);

  /** The Secret of that name in that namespace. */
  Optional<Secret> secret(String namespace, String name);

  /** The Secret of that name that the driver made of mounted files. */
  Optional<SyncedSecret> syncedSecret(String namespace, String name);

  /** The driver's status of that name in that namespace. */
  Optional<SecretProviderClassPodStatus> podStatus(String namespace, String name);

  /** Every status there is, by namespace and name. */
  Collection<SecretProviderClassPodStatus> podStatuses();

  /** The pod's events, oldest first; they outlive the pod. */
  List<PodEvent> events(String namespace, String podName);

  /** Tells of a pod. */
  void record(String namespace, String podName, PodEvent event);

  /** A pod is there from now on, on this node; its UID. */
  String podCreated(PodSpec pod);

  /** A pod and its volumes are gone: what it owned goes with it. */
  void podGone(PodIdentity pod);
}
