package io.keybearer.provider.reader;

/**
 * What became of values that stores made for single mounts.
 *
 * @param held how many are held now
 * @param renewed how often one was made to live longer
 * @param replaced how many gave way to a new one of the same reference
 * @param ended how many came to their end without a new one
 * @param givenBack how many sessions were given back with all that was made in them
 * @param failed how many renewals and givings back have failed
 */
public record MintCounts(
    long held, long renewed, long replaced, long ended, long givenBack, long failed) {

  static final MintCounts NONE = new MintCounts(0, 0, 0, 0, 0, 0);

  MintCounts held(long now) {
    return new MintCounts(now, renewed, replaced, ended, givenBack, failed);
  }

  MintCounts oneRenewed() {
    return new MintCounts(held, renewed + 1, replaced, ended, givenBack, failed);
  }

  MintCounts oneReplaced() {
    return new MintCounts(held, renewed, replaced + 1, ended, givenBack, failed);
  }

  MintCounts oneEnded() {
    return new MintCounts(held, renewed, replaced, ended + 1, givenBack, failed);
  }

  MintCounts oneGivenBack() {
    return new MintCounts(held, renewed, replaced, ended, givenBack + 1, failed);
  }

  MintCounts oneFailed() {
    return new MintCounts(held, renewed, replaced, ended, givenBack, failed + 1);
  }
}
