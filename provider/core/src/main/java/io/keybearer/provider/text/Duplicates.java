package io.keybearer.provider.text;

/** What a key that stands twice in a map is. */
public enum Duplicates {
  /** A mistake. */
  REFUSED,
  /**
   * Allowed: what stands later wins, as in Go's {@code yaml.v2}. A merge key is no exception, so
   * that it wins over the keys before it.
   */
  LAST_WINS
}
