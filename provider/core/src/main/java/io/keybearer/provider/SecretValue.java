package io.keybearer.provider;

import java.time.Duration;
import java.util.List;

/**
 * What one reference yields: one item, or several for a list or a history.
 *
 * @param items at least one
 * @param mintedFor how long what the store made for this read is good; zero for a stored value
 */
public record SecretValue(List<Item> items, Duration mintedFor) {

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

  /** A stored value of these items. */
  public SecretValue(List<Item> items) {
    this(items, Duration.ZERO);
  }

  /** A stored value of one item. */
  public static SecretValue of(String name, String version, SecretBytes bytes) {
    return new SecretValue(List.of(new Item(name, version, bytes)));
  }

  /** This value, made by the store for this read and good for so long. */
  public SecretValue mintedFor(Duration life) {
    return new SecretValue(items, life);
  }

  /** Whether the store made it for this read. */
  public boolean isMinted() {
    return !mintedFor.isZero();
  }

  /** Whether both are the same items in the same versions. */
  public boolean hasVersionsOf(SecretValue other) {
    if (items.size() != other.items.size()) {
      return false;
    }
    for (int i = 0; i < items.size(); i++) {
      Item mine = items.get(i);
      Item theirs = other.items.get(i);
      if (!mine.name().equals(theirs.name()) || !mine.version().equals(theirs.version())) {
        return false;
      }
    }
    return true;
  }

  /** The bytes of all items together. */
  public long bytes() {
    return items.stream().mapToLong(item -> item.bytes().length()).sum();
  }
}
