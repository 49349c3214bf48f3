package io.keybearer.provider;

import java.util.Map;

/**
 * What a pod proves itself with. Sessions are opened with it; plans never see it.
 *
 * @param serviceAccountTokens the pod's tokens as the driver's JSON text, empty without any
 * @param nodePublishSecrets the data of the Secret that the pod's volume refers to
 */
public record Credentials(
    SecretBytes serviceAccountTokens, Map<String, SecretBytes> nodePublishSecrets) {

  /** Copies the map. */
  public Credentials {
    nodePublishSecrets = Map.copyOf(nodePublishSecrets);
  }

  /** Nothing of them: the keys of a pod's Secret are nothing for a log either. */
  @Override
  public String toString() {
    return "Credentials[redacted]";
  }
}
