package io.keybearer.provider;

import java.util.Map;

/**
 * What makes two logins the same, as far as a plan can tell: equal keys may share a session and the
 * values read in it. What the pod proves itself with comes on top of it.
 *
 * @param backend the store's name
 * @param endpoint where the store is
 * @param settings every setting of the login: method, role, mount, audience, the store's namespace
 * @param namespace the pod's namespace
 * @param serviceAccount the pod's service account
 */
public record SessionKey(
    String backend,
    Endpoint endpoint,
    Map<String, String> settings,
    String namespace,
    String serviceAccount) {

  /** Copies the settings. */
  public SessionKey {
    settings = Map.copyOf(settings);
  }

  /** What requests go to: the address, or the store itself where it has none. */
  public String target() {
    return endpoint.address().isEmpty() ? backend : endpoint.address();
  }

  /** Of the identity: the generated one would be a good part of a look-up's cost. */
  @Override
  public int hashCode() {
    return 31 * namespace.hashCode() + serviceAccount.hashCode();
  }
}
