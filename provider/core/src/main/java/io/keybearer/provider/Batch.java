package io.keybearer.provider;

/**
 * What can travel together: one request carries references of an equal batch.
 *
 * @param kind what they have in common, in the store's own word
 * @param most how many of them one request carries; at least one
 */
public record Batch(String kind, int most) {

  private static final Batch ALONE = new Batch("", 1);

  /** Refuses a batch that carries nothing. */
  public Batch {
    if (most < 1) {
      throw new IllegalArgumentException("a request for nothing");
    }
  }

  /** That of a reference which needs a request of its own. */
  public static Batch alone() {
    return ALONE;
  }
}
