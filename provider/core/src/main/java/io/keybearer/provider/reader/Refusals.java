package io.keybearer.provider.reader;

import com.github.benmanes.caffeine.cache.Cache;
import io.keybearer.provider.MountFailure;
import io.keybearer.provider.MountId;
import io.keybearer.provider.Reason;
import io.keybearer.provider.Ticker;
import java.time.Duration;
import java.util.Optional;

/**
 * What stores refused a pod of late. While it is remembered the store is not asked again, so that a
 * misconfigured pod does not hammer it; each time it is refused anew it is remembered for longer.
 */
final class Refusals {

  private static final Duration FIRST = Duration.ofSeconds(1);
  private static final Duration LONGEST = Duration.ofSeconds(30);
  private static final Duration FORGET = Duration.ofMinutes(10);
  private static final int MOST = 10_000;

  /**
   * Who was refused what. With another token or other parameters the answer may be another.
   *
   * @param mount the volume that asked: a refusal answers nobody else
   */
  record Refused(MountId mount, EntryKey entry, String tokens, String parameters) {}

  private record Refusal(MountFailure cause, Duration time, long until) {}

  private final Ticker ticker;
  private final Cache<Refused, Refusal> refusals;

  Refusals(Ticker ticker) {
    this.ticker = ticker;
    refusals = ReaderCaches.of(MOST, ticker).expireAfterWrite(FORGET).build();
  }

  /** Whether the store refused the asker, be it the login or the read. */
  static boolean isRefusal(MountFailure failure) {
    return failure.reason() == Reason.LOGIN_FAILED || failure.reason() == Reason.ACCESS_DENIED;
  }

  /** What is remembered. */
  Optional<MountFailure> find(Refused refused) {
    return Optional.ofNullable(refusals.getIfPresent(refused))
        .filter(refusal -> refusal.until() - ticker.nanos() > 0)
        .map(Refusal::cause);
  }

  /** Remembers a refusal, longer than the last one. */
  void remember(Refused refused, MountFailure cause) {
    Refusal last = refusals.getIfPresent(refused);
    Duration time = last == null ? FIRST : last.time().multipliedBy(2);
    Duration bounded = time.compareTo(LONGEST) > 0 ? LONGEST : time;
    refusals.put(refused, new Refusal(cause, bounded, ticker.nanos() + bounded.toNanos()));
  }

  /** Forgets it: the store gave what it had refused. */
  void forget(Refused refused) {
    refusals.invalidate(refused);
  }
}
