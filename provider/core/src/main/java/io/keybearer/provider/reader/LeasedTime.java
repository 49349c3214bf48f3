package io.keybearer.provider.reader;

import java.time.Duration;

/** How long something lives at a store, and whether a renewal can still make that longer. */
final class LeasedTime {

  private static final int TENTHS = 10;

  private long granted;
  private long ends;
  private long longest;
  private boolean renewable = true;

  /** What lives so long from that moment, in the ticker's nanoseconds. */
  LeasedTime(long from, Duration life) {
    granted = from;
    ends = from + life.toNanos();
    longest = life.toNanos();
  }

  /** When the store ends it. */
  long ends() {
    return ends;
  }

  /** The longest time that it was ever given at once, in nanoseconds. */
  long longest() {
    return longest;
  }

  /** Whether a renewal may make it live longer. */
  boolean isRenewable() {
    return renewable;
  }

  /** No renewal makes it live longer; it keeps its end. */
  void isAtItsMaximum() {
    renewable = false;
  }

  /** It was renewed at that moment and lives so long from then; a time of zero is a refusal. */
  void renewed(long from, Duration life) {
    if (life.isZero()) {
      renewable = false;
      return;
    }
    long end = from + life.toNanos();
    // What gets back hardly anything of the time that has passed has come to its maximum.
    renewable = (end - ends) * TENTHS >= from - granted;
    granted = from;
    ends = end;
    longest = Math.max(longest, life.toNanos());
  }
}
