package io.keybearer.daemonset;

import io.keybearer.daemonset.kubernetes.KubernetesSettings;

/**
 * What the process asks of the cluster that it runs in. Outside of one it asks nothing.
 *
 * @param api how the API server is found, and whether it is asked for tokens
 * @param watchPodEnds whether ends of pods are watched once a store made something for one
 * @param podEvents whether pods are told of what the driver keeps to itself
 */
record ClusterSettings(KubernetesSettings api, boolean watchPodEnds, boolean podEvents) {

  /**
   * The settings of these flags.
   *
   * @param node this node's name
   */
  static ClusterSettings read(SettingsReader from, String node) {
    return new ClusterSettings(
        api(from, node),
        from.yesOrNo(
            "watch-pod-ends",
            true,
            "watch for the ends of pods that stores made something for; needs --node-name"),
        from.yesOrNo("pod-events", true, "write Events of what the driver does not tell pods"));
  }

  /** Those that every command has which mounts. */
  static KubernetesSettings api(SettingsReader from, String node) {
    KubernetesSettings api =
        KubernetesSettings.of(
            from.environment(),
            from.text(
                "kubeconfig",
                "",
                "the kubeconfig of the cluster; empty for KUBECONFIG, or what kubelet gives a pod"),
            node,
            from.yesOrNo(
                "token-requests",
                "ask the API server for service account tokens that the driver does not bring"));
    if (api.tokenRequests() && !api.isKnown()) {
      from.fault("--token-requests: no API server is known here; name a kubeconfig");
    }
    return api;
  }

  /** Whether ends of pods can be watched here. */
  boolean watchesPodEnds() {
    return watchPodEnds && api.isKnown() && !api.node().isEmpty();
  }

  /** Whether Events are written here. */
  boolean writesPodEvents() {
    return podEvents && api.isKnown();
  }

  /** What there is of a cluster, for the log. */
  String cluster() {
    if (!api.isKnown()) {
      return "none";
    }
    return api.kubeconfig().isEmpty() ? "in-pod" : "kubeconfig";
  }
}
