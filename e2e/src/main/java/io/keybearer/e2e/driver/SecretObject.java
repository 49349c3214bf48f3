package io.keybearer.e2e.driver;

import java.util.List;
import java.util.Map;

/** A Kubernetes Secret that a class asks the driver to make of mounted files. */
public record SecretObject(
    String secretName, String type, Map<String, String> labels, List<Item> data) {
  /**
   * One key of the Secret.
   *
   * @param objectName the path of a mounted file
   */
  public record Item(String objectName, String key) {}

  public SecretObject {
    labels = Map.copyOf(labels);
    data = List.copyOf(data);
  }
}
