package io.keybearer.e2e.cluster;

import io.keybearer.e2e.driver.NodeClock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** The time of a node that is real: it passes by waiting. */
final class SystemClock implements NodeClock {

  private final InstantSource clock = InstantSource.system();

  @Override
  public Instant instant() {
    return clock.instant();
  }

  @Override
  public void advanceTo(Instant instant) {
    try {
      Thread.sleep(Math.max(0, Duration.between(instant(), instant).plusNanos(999_999).toMillis()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while time was passing", e);
    }
  }
}
