package io.keybearer.provider.reader;

import io.keybearer.provider.Freshness;
import io.keybearer.provider.SecretValue;
import io.keybearer.provider.Ticker;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The values that stores gave, by session and reference. Bounded by their bytes: the least recently
 * used go first. What nobody has used for long goes too, so that plaintext does not stay. Under the
 * lock. (Not a cache library's: those weigh how often a value was used, and may refuse a new one.)
 */
final class ValueMemory {

  private static final Duration RETENTION = Duration.ofMinutes(10);

  /** What an entry costs beside its bytes. */
  private static final int ENTRY_BYTES = 512;

  private final long mostBytes;
  private final Ticker ticker;

  /** In the order of their last use. */
  private final Map<EntryKey, Known> values = new LinkedHashMap<>(16, 0.75f, true);

  private long bytes;

  ValueMemory(long mostBytes, Ticker ticker) {
    this.mostBytes = mostBytes;
    this.ticker = ticker;
  }

  /** How long a value stays in memory after a use of this freshness. */
  static Duration retention(Freshness freshness) {
    Duration refreshed = freshness.refreshInterval().multipliedBy(2);
    Duration longest = refreshed.compareTo(RETENTION) > 0 ? refreshed : RETENTION;
    Duration stale = freshness.staleIfError();
    return stale.compareTo(longest) > 0 ? stale : longest;
  }

  /** What is known, for a use of that freshness. */
  @Nullable Known find(EntryKey key, Freshness freshness) {
    Known known = values.get(key);
    if (known != null && known.isForgotten(ticker.nanos())) {
      delete(key);
      return null;
    }
    if (known != null) {
      known.use(ticker.nanos(), retention(freshness));
    }
    return known;
  }

  /**
   * Keeps what a read gave. Where the version is the one that was known, the earlier bytes stay:
   * nothing downstream sees a rotation that is none.
   *
   * @return the value that is kept
   */
  SecretValue put(EntryKey key, SecretValue read, long began, Duration retention) {
    Known known = values.get(key);
    if (known == null) {
      keep(key, new Known(read, began, ticker.nanos(), retention));
      return read;
    }
    if (began - known.began() < 0) {
      // A read that was overtaken by a later one.
      return known.value();
    }
    SecretValue kept = read.hasVersionsOf(known.value()) ? known.value() : read;
    Known renewed = new Known(kept, began, ticker.nanos(), retention);
    renewed.use(ticker.nanos(), known.retention());
    keep(key, renewed);
    return kept;
  }

  private void keep(EntryKey key, Known known) {
    delete(key);
    values.put(key, known);
    bytes += weight(key, known);
    Iterator<Map.Entry<EntryKey, Known>> leastRecentlyUsed = values.entrySet().iterator();
    while (bytes > mostBytes) {
      Map.Entry<EntryKey, Known> entry = leastRecentlyUsed.next();
      bytes -= weight(entry.getKey(), entry.getValue());
      leastRecentlyUsed.remove();
    }
  }

  /** Forgets a value: the store said that it is not for the asker, or not at all. */
  void delete(EntryKey key) {
    Known known = values.remove(key);
    if (known != null) {
      bytes -= weight(key, known);
    }
  }

  /** Keeps a value under another key instead. */
  void move(EntryKey from, EntryKey to) {
    Known known = values.get(from);
    if (known != null) {
      delete(from);
      keep(to, known);
    }
  }

  /** Lets go what nobody has used for its time; whether anything is left. */
  boolean forget() {
    long now = ticker.nanos();
    values
        .entrySet()
        .removeIf(
            entry -> {
              boolean forgotten = entry.getValue().isForgotten(now);
              bytes -= forgotten ? weight(entry.getKey(), entry.getValue()) : 0;
              return forgotten;
            });
    return !values.isEmpty();
  }

  /** The bytes held, and what the entries cost beside them. */
  long bytes() {
    return bytes;
  }

  private static long weight(EntryKey key, Known known) {
    return ENTRY_BYTES + key.reference().bytes() + known.value().bytes();
  }
}
