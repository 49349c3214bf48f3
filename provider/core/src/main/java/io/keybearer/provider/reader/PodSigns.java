package io.keybearer.provider.reader;

import com.github.benmanes.caffeine.cache.Cache;
import io.keybearer.provider.MountId;
import io.keybearer.provider.Ticker;
import java.time.Duration;

/** What tells whether a mount's pod still runs: its calls, and who watches pods. Under the lock. */
final class PodSigns {

  private static final Duration UNSEEN = Duration.ofMinutes(5);
  private static final int MOST = 16_384;

  private final Ticker ticker;
  private final Cache<String, Boolean> seen;
  private boolean endsTold;
  private long toldSince;

  PodSigns(Ticker ticker) {
    this.ticker = ticker;
    this.seen = ReaderCaches.of(MOST, ticker).build();
  }

  /** Told whether ends of pods are told from now on; whether that is news. */
  boolean endsTold(boolean now) {
    boolean changed = endsTold != now;
    endsTold = now;
    if (changed && now) {
      toldSince = ticker.nanos();
    }
    return changed;
  }

  void podSeen(String podUid) {
    seen.put(podUid, true);
  }

  void podEnded(String podUid) {
    seen.invalidate(podUid);
  }

  /** Whether nobody would tell of its end, and it does not come back as it used to. */
  boolean isGivenUp(MountRecord record) {
    return !endsTold && record.isSilent();
  }

  /** Whether its pod would have been seen by now, and was not; nor did the mount come back. */
  boolean isOrphan(MountId mount, MountRecord record) {
    return endsTold
        && seen.getIfPresent(mount.podUid()) == null
        && ticker.nanos() - toldSince >= UNSEEN.toNanos()
        && record.silence().compareTo(UNSEEN) >= 0;
  }
}
