package io.keybearer.provider.reader;

import com.github.benmanes.caffeine.cache.Cache;
import io.keybearer.provider.MountId;
import io.keybearer.provider.Ticker;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The records of mounts: forgotten when nobody has asked for them in ten minutes, except those that
 * hold what a store has made for them.
 */
final class MountRecords {

  private static final Duration KEEP_UNUSED = Duration.ofMinutes(10);
  private static final int MOST = 16_384;

  private final Ticker ticker;
  private final Cache<MountId, MountRecord> records;
  private final Map<MountId, MountRecord> held = new HashMap<>();

  MountRecords(Ticker ticker) {
    this.ticker = ticker;
    records = ReaderCaches.of(MOST, ticker).expireAfterAccess(KEEP_UNUSED).build();
  }

  /** The record of a mount, a new one if there is none. */
  MountRecord of(MountId mount) {
    @Nullable MountRecord holding = held.get(mount);
    return records.get(mount, id -> holding == null ? new MountRecord(ticker) : holding);
  }

  /**
   * The record of a mount, for what happens without a call of it: it is not kept longer for that,
   * and one that there is not stays unknown.
   */
  MountRecord withoutCall(MountId mount) {
    @Nullable MountRecord holding = held.get(mount);
    @Nullable MountRecord known =
        holding == null ? records.policy().getIfPresentQuietly(mount) : holding;
    return known == null ? new MountRecord(ticker) : known;
  }

  /** Keeps a record however long nobody asks for it. */
  void hold(MountId mount) {
    held.put(mount, of(mount));
  }

  /** Keeps it no longer than any other. */
  void release(MountId mount) {
    held.remove(mount);
  }
}
