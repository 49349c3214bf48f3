package io.keybearer.provider.reader;

import io.keybearer.provider.SessionLife;
import java.time.Duration;
import java.time.Instant;

/** How long something lives at a store, and whether a renewal can still make that longer. */
final class LeasedTime {

  private static final int TENTHS = 10;
  private static final long CLOCKS_APART = Duration.ofSeconds(1).toNanos();

  private long granted;
  private long ends;
  private long longest;
  private boolean renewable = true;

  /** What lives so long from that moment, in the ticker's nanoseconds. */
  LeasedTime(long from, Duration life) {
    granted = from;
    longest = bounded(life);
    ends = from + longest;
  }

  /**
   * What the ledger says of something.
   *
   * @param clock the wall clock at the moment {@code now} of the ticker
   */
  static LeasedTime of(KeptMount.Life life, Instant clock, long now) {
    LeasedTime time = new LeasedTime(now, life.longest());
    time.granted = now - bounded(Duration.between(life.granted(), clock));
    // A clock that was set back makes nothing live longer than it ever could.
    time.ends = now + Math.min(bounded(Duration.between(clock, life.ends())), time.longest);
    time.renewable = life.renewable();
    return time;
  }

  /** In nanoseconds; a longer time is as good as one that sums can hold. */
  private static long bounded(Duration time) {
    Duration most = SessionLife.endless().time();
    return time.abs().compareTo(most) > 0
        ? most.toNanos() * (time.isNegative() ? -1 : 1)
        : time.toNanos();
  }

  /**
   * Told what another process knows of it. The later renewal counts; what was written down by this
   * process itself comes back with what clocks have gone apart meanwhile.
   */
  void learn(LeasedTime other) {
    if (other.granted - granted > CLOCKS_APART) {
      granted = other.granted;
      ends = other.ends;
      renewable = other.renewable;
    } else if (granted - other.granted <= CLOCKS_APART) {
      renewable &= other.renewable;
    }
    longest = Math.max(longest, other.longest);
  }

  /** The same for the ledger. */
  KeptMount.Life kept(Instant clock, long now) {
    return new KeptMount.Life(
        clock.plusNanos(granted - now),
        clock.plusNanos(ends - now),
        Duration.ofNanos(longest),
        renewable);
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
    long end = from + bounded(life);
    // What gets back hardly anything of the time that has passed has come to its maximum.
    renewable = (end - ends) * TENTHS >= from - granted;
    granted = from;
    ends = end;
    longest = Math.max(longest, bounded(life));
  }
}
