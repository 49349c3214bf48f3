package io.keybearer.e2e.driver;

import java.util.List;
import java.util.Map;

/**
 * The custom resource that a volume names.
 *
 * @param provider the name of the provider's socket, without {@code .sock}
 * @param parameters flat strings, handed to the provider as they are
 * @param secretObjects Kubernetes Secrets that the driver makes of the mounted files
 */
public record SecretProviderClass(
    String namespace,
    String name,
    String provider,
    Map<String, String> parameters,
    List<SecretObject> secretObjects) {
  public SecretProviderClass {
    parameters = Map.copyOf(parameters);
    secretObjects = List.copyOf(secretObjects);
  }

  /** A class that makes no Kubernetes Secret. */
  public SecretProviderClass(
      String namespace, String name, String provider, Map<String, String> parameters) {
    this(namespace, name, provider, parameters, List.of());
  }
}
