package io.keybearer.provider.sealed;

import io.keybearer.provider.Ticker;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** Time that passes only when a test turns it. */
final class TurnedTicker implements Ticker {

  /** Just before the number overflows, as a real one may be. */
  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1);

  void turn(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  @Override
  public long nanos() {
    return nanos.get();
  }
}
