package io.keybearer.e2e.driver;

/** Who a pod is, to the API server and to a secret store. */
public record PodIdentity(String namespace, String name, String uid, String serviceAccount) {}
