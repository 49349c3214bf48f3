package io.keybearer.e2e.driver;

import java.util.HashMap;
import java.util.Map;

/**
 * A CSI volume in a pod's specification.
 *
 * @param attributes {@code volumeAttributes}, with the name of the class
 * @param nodePublishSecret name of a Secret in the pod's namespace, or empty
 */
public record Volume(
    String name, Map<String, String> attributes, String nodePublishSecret, boolean readOnly) {
  public Volume {
    attributes = Map.copyOf(attributes);
  }

  /** A read-only volume of that SecretProviderClass. */
  public static Volume of(String name, String className) {
    return new Volume(name, Map.of(CsiKeys.PROVIDER_CLASS, className), "", true);
  }

  /** The volume with one more attribute, which overrides an equal parameter of the class. */
  public Volume withAttribute(String key, String value) {
    Map<String, String> more = new HashMap<>(attributes);
    more.put(key, value);
    return new Volume(name, more, nodePublishSecret, readOnly);
  }

  /** The volume without an attribute. */
  public Volume withoutAttribute(String key) {
    Map<String, String> less = new HashMap<>(attributes);
    less.remove(key);
    return new Volume(name, less, nodePublishSecret, readOnly);
  }

  /** The volume with a {@code nodePublishSecretRef}. */
  public Volume withNodePublishSecret(String secret) {
    return new Volume(name, attributes, secret, readOnly);
  }

  /**
   * The volume as a careless author writes it: without {@code readOnly: true}, which the driver
   * refuses.
   */
  public Volume writable() {
    return new Volume(name, attributes, nodePublishSecret, false);
  }

  /** The class it names, or empty. */
  String className() {
    return attributes.getOrDefault(CsiKeys.PROVIDER_CLASS, "");
  }
}
