package io.keybearer.provider.reader;

import io.keybearer.provider.Freshness;
import io.keybearer.provider.MountFailure;
import io.keybearer.provider.Reason;
import io.keybearer.provider.Ticker;
import java.time.Duration;

/**
 * Which values of memory will do for one mount.
 *
 * @param republish whether its pod has files already
 * @param arrived when it was asked for
 */
record Demand(
    MountRecord record, Freshness freshness, boolean republish, long arrived, Ticker ticker) {

  /** A starting node asks for many pods of one identity together. */
  private static final Duration TOGETHER = Duration.ofSeconds(2);

  private static final double MOST_JITTER = 0.1;

  /** Whether this value will do without asking the store. */
  boolean takes(EntryKey key, Known known) {
    if (known.ended() - arrived > 0) {
      // It was being read when the mount came.
      return true;
    }
    if (republish) {
      return key.reference().immutable() || age(known) < interval(key);
    }
    return arrived - known.began() <= TOGETHER.toNanos()
        || record.keeps(new ReadKey(key.session().key(), key.reference()), known.began());
  }

  /** Whether this value will do while the store fails like that. */
  boolean takesStale(EntryKey key, Known known, MountFailure failure) {
    boolean storeFails = failure.fault().kind().passing() || failure.reason() == Reason.TIMED_OUT;
    return storeFails
        && key.session().isShared()
        && !freshness.staleIfError().isZero()
        && age(known) <= freshness.staleIfError().toNanos();
  }

  private long age(Known known) {
    return ticker.nanos() - known.began();
  }

  /** Shortened by a part that is always the same: what was read together is not refreshed so. */
  private long interval(EntryKey key) {
    return (long) (freshness.refreshInterval().toNanos() * (1 - MOST_JITTER * key.jitter()));
  }
}
