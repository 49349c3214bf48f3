package io.keybearer.provider;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** Time that passes only when a test turns it. */
public final class TurnedTicker implements Ticker {

  private final AtomicLong nanos;

  /** A ticker that stands at that moment. */
  public TurnedTicker(long nanos) {
    this.nanos = new AtomicLong(nanos);
  }

  /** A ticker just before its number overflows, as a real one may be. */
  public TurnedTicker() {
    this(Long.MAX_VALUE - 1);
  }

  /** Lets that much time pass. */
  public void turn(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  @Override
  public long nanos() {
    return nanos.get();
  }
}
