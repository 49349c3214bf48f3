package io.keybearer.provider.history;

import java.time.Duration;

/**
 * A moment of a history.
 *
 * @param nanos since its beginning
 * @param number tells which of two at the same time was earlier
 */
record Moment(long nanos, long number) {

  static final Moment NEVER = new Moment(Long.MAX_VALUE, Long.MAX_VALUE);

  boolean isBefore(Moment other) {
    return number < other.number;
  }

  long secondsSince(Moment other) {
    return (nanos - other.nanos) / 1_000_000_000;
  }

  boolean isWithin(Duration time, Moment earlier) {
    return nanos - earlier.nanos <= time.toNanos();
  }

  @Override
  public String toString() {
    return nanos / 1_000_000 + " ms (" + number + ")";
  }
}
