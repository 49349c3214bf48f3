package io.keybearer.daemonset.manifest;

import java.util.List;

/**
 * An item of {@code spec.secretObjects}: a Kubernetes Secret that the driver makes of files.
 *
 * @param spot where it begins
 * @param secretName the Secret's name
 * @param type the Secret's type
 * @param data what it holds
 */
public record SecretObject(Spot spot, Located secretName, Located type, List<Entry> data) {

  /** Copies the list. */
  public SecretObject {
    data = List.copyOf(data);
  }

  /**
   * One key of the Secret.
   *
   * @param objectName the path of the file it is made of
   * @param key its name in the Secret
   */
  public record Entry(Located objectName, Located key) {}
}
