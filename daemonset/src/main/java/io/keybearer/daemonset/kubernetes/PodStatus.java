package io.keybearer.daemonset.kubernetes;

import io.keybearer.provider.text.JsonNode;
import java.util.Optional;

/**
 * As much of a SecretProviderClassPodStatus as tells that a pod lives. The driver writes one for
 * each pod and class, owned by the pod.
 *
 * @param namespace its and the pod's namespace
 * @param name its name
 * @param uid its own UID
 * @param podUid its owner's
 */
record PodStatus(String namespace, String name, String uid, String podUid) {

  private static final String METADATA = "metadata";

  /** What names it, whosever it is. */
  record Key(String namespace, String name) {}

  /** That of an object, if it has an owner. */
  static Optional<PodStatus> of(JsonNode object) {
    return object.items(METADATA, "ownerReferences").stream()
        .filter(owner -> owner.text("kind").equals("Pod"))
        .map(owner -> owner.text("uid"))
        .filter(uid -> !uid.isEmpty())
        .findFirst()
        .map(
            podUid ->
                new PodStatus(
                    object.text(METADATA, "namespace"),
                    object.text(METADATA, "name"),
                    object.text(METADATA, "uid"),
                    podUid));
  }

  Key key() {
    return new Key(namespace, name);
  }
}
