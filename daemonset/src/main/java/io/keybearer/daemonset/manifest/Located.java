package io.keybearer.daemonset.manifest;

/**
 * A text and where it stands.
 *
 * @param text empty if it is missing
 * @param spot where what should have it begins, if it is missing
 */
public record Located(String text, Spot spot) {

  /** Whether it is missing or empty. */
  public boolean isEmpty() {
    return text.isEmpty();
  }
}
