package io.keybearer.provider;

import java.util.List;

/**
 * What one reference yields: one item, or several for a list or a history.
 *
 * @param items at least one
 */
public record SecretValue(List<Item> items) {

  /**
   * One secret in one version.
   *
   * @param name its name at the store
   * @param version changes exactly when the content does
   * @param bytes the content
   */
  public record Item(String name, String version, SecretBytes bytes) {}

  /** Copies the list and refuses an empty one. */
  public SecretValue {
    items = List.copyOf(items);
    if (items.isEmpty()) {
      throw new IllegalArgumentException("a value without items");
    }
  }

  /** A value of one item. */
  public static SecretValue of(String name, String version, SecretBytes bytes) {
    return new SecretValue(List.of(new Item(name, version, bytes)));
  }

  /** The bytes of all items together. */
  public long bytes() {
    return items.stream().mapToLong(item -> item.bytes().length()).sum();
  }
}
