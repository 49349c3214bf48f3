package io.keybearer.e2e.driver;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;

/**
 * The node's time. It stands still until it is turned, so that two minutes of a skip window cost a
 * test nothing. It starts at the machine's time, because tokens minted by it are checked by a
 * process that lives in real time.
 */
public final class VirtualClock implements NodeClock {
  private Instant now = InstantSource.system().instant().truncatedTo(ChronoUnit.MILLIS);

  @Override
  public synchronized Instant instant() {
    return now;
  }

  /** Turns the clock forward; a duration that is negative is refused. */
  public synchronized void advance(Duration duration) {
    if (duration.isNegative()) {
      throw new IllegalArgumentException("time does not run backwards: " + duration);
    }
    now = now.plus(duration);
  }

  @Override
  public synchronized void advanceTo(Instant instant) {
    if (instant.isAfter(now)) {
      now = instant;
    }
  }
}
