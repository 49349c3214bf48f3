package io.keybearer.e2e.driver;

/** Keys that the kubelet writes into a volume's context. */
final class CsiKeys {
  static final String POD_NAME = "csi.storage.k8s.io/pod.name";
  static final String POD_NAMESPACE = "csi.storage.k8s.io/pod.namespace";
  static final String POD_UID = "csi.storage.k8s.io/pod.uid";
  static final String SERVICE_ACCOUNT = "csi.storage.k8s.io/serviceAccount.name";
  static final String TOKENS = "csi.storage.k8s.io/serviceAccount.tokens";
  static final String EPHEMERAL = "csi.storage.k8s.io/ephemeral";
  static final String PROVIDER_CLASS = "secretProviderClass";

  private CsiKeys() {}
}
