package io.keybearer.provider.token;

import io.keybearer.provider.PodIdentity;

/**
 * Whose a token says it is. Not verified here: the store does that. Empty where it does not tell.
 *
 * @param namespace the pod's namespace
 * @param podUid the pod's UID
 * @param serviceAccount the name of the service account
 * @param serviceAccountUid the UID of the service account, which another of that name does not have
 */
public record TokenClaims(
    String namespace, String podUid, String serviceAccount, String serviceAccountUid) {

  /** Those of a token that tells nothing. */
  public static final TokenClaims NONE = new TokenClaims("", "", "", "");

  /** Whether nothing in it says that it is another pod's. */
  public boolean mayBeOf(PodIdentity pod) {
    return isOrEmpty(namespace, pod.namespace())
        && isOrEmpty(podUid, pod.uid())
        && isOrEmpty(serviceAccount, pod.serviceAccount());
  }

  private static boolean isOrEmpty(String claim, String fact) {
    return claim.isEmpty() || claim.equals(fact);
  }
}
