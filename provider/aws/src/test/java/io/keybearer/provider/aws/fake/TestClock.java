package io.keybearer.provider.aws.fake;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** A time that stands until a test turns it. */
final class TestClock implements InstantSource {

  private Instant now;

  TestClock(Instant start) {
    this.now = start;
  }

  synchronized void turn(Duration time) {
    now = now.plus(time);
  }

  @Override
  public synchronized Instant instant() {
    return now;
  }
}
