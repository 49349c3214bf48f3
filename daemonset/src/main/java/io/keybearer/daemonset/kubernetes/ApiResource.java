package io.keybearer.daemonset.kubernetes;

/** The resources of the API that Keybearer touches, by the names that RBAC rules have for them. */
enum ApiResource {
  SERVICE_ACCOUNTS("/api/v1", "serviceaccounts", "", "service account"),
  /** Tokens of a service account, made on demand. */
  TOKENS("/api/v1", "serviceaccounts", "token", "service account"),
  PODS("/api/v1", "pods", "", "pod"),
  NODES("/api/v1", "nodes", "", "node"),
  SECRETS("/api/v1", "secrets", "", "Secret"),
  EVENTS("/api/v1", "events", "", "Event"),
  /** What the driver writes about a pod's volumes of one class. */
  POD_STATUSES(
      "/apis/secrets-store.csi.x-k8s.io/v1",
      "secretproviderclasspodstatuses",
      "",
      "SecretProviderClassPodStatus");

  private static final String GROUPS = "/apis/";

  private final String root;
  private final String plural;
  private final String subresource;
  private final String noun;

  ApiResource(String root, String plural, String subresource, String noun) {
    this.root = root;
    this.plural = plural;
    this.subresource = subresource;
    this.noun = noun;
  }

  /** Where the API of its group begins. */
  String root() {
    return root;
  }

  /** What stands in a path for all of them. */
  String plural() {
    return plural;
  }

  /** What stands in a path behind the name of one; empty for the object itself. */
  String subresource() {
    return subresource;
  }

  /** What people call one. */
  String noun() {
    return noun;
  }

  /** What a rule of RBAC calls them, with the group as {@code kubectl auth can-i} takes it. */
  String inRules() {
    String group =
        root.startsWith(GROUPS) ? "." + root.substring(GROUPS.length(), root.lastIndexOf('/')) : "";
    return plural + group + (subresource.isEmpty() ? "" : "/" + subresource);
  }

  /** Whether its name alone finds one. */
  boolean isOfTheCluster() {
    return this == NODES;
  }

  /** Whether only what every object has is wanted of it: the rest of a node is large. */
  boolean isReadForItsMetadata() {
    return switch (this) {
      case SERVICE_ACCOUNTS, PODS, NODES, POD_STATUSES -> true;
      case TOKENS, SECRETS, EVENTS -> false;
    };
  }
}
