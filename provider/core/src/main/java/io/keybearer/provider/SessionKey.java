package io.keybearer.provider;

import java.util.Map;

/**
 * What makes two logins the same: equal keys may share a session and the values read in it.
 *
 * @param backend the store's name
 * @param settings every setting of connection and login
 * @param namespace the pod's namespace
 * @param serviceAccount the pod's service account
 */
public record SessionKey(
    String backend, Map<String, String> settings, String namespace, String serviceAccount) {

  /** Copies the settings. */
  public SessionKey {
    settings = Map.copyOf(settings);
  }
}
