package io.keybearer.daemonset.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.keybearer.provider.Deadline;
import io.keybearer.provider.Fault;
import io.keybearer.provider.MountFailure;
import io.keybearer.provider.Reason;
import io.keybearer.provider.TurnedTicker;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RateLimitTest {

  private static final Duration AT_ONCE = Duration.ofNanos(1);

  private final TurnedTicker time = new TurnedTicker();
  private final RateLimit rate = new RateLimit(time, time);

  @Test
  void letsFortyThroughAtOnceAndTwentyASecondAfterThem() throws InterruptedException {
    assertThat(throughAtOnce()).isEqualTo(40);
    time.turn(Duration.ofSeconds(1));
    assertThat(throughAtOnce()).isEqualTo(20);
    time.turn(Duration.ofMinutes(10));
    assertThat(throughAtOnce()).isEqualTo(40);
  }

  @Test
  void makesTheNextOneWaitForItsTurn() throws Exception {
    throughAtOnce();
    Thread waiting =
        new Thread(
            () -> {
              try {
                rate.take(Deadline.after(Duration.ofSeconds(1), time));
              } catch (MountFailure | InterruptedException e) {
                throw new AssertionError(e);
              }
            });
    waiting.start();
    TestCluster.eventually("it waits", () -> time.alarms() == 1);

    time.turn(Duration.ofMillis(50));
    waiting.join();

    assertThat(time.alarms()).isZero();
  }

  @Test
  void doesNotWaitForATurnThatComesTooLate() {
    rate.holdBack(Duration.ofSeconds(3));

    MountFailure failure =
        catchThrowableOfType(
            MountFailure.class, () -> rate.take(Deadline.after(Duration.ofSeconds(3), time)));

    assertThat(failure.reason()).isEqualTo(Reason.BUSY);
    assertThat(failure.fault()).isEqualTo(Fault.throttled(Duration.ofSeconds(3)));
  }

  @Test
  void holdsNoLongerThanAMinute() throws InterruptedException {
    rate.holdBack(Duration.ofDays(1));
    time.turn(Duration.ofSeconds(59));
    assertThat(throughAtOnce()).isZero();
    time.turn(Duration.ofSeconds(1));
    assertThat(throughAtOnce()).isEqualTo(40);
  }

  private int throughAtOnce() throws InterruptedException {
    int through = 0;
    while (true) {
      try {
        rate.take(Deadline.after(AT_ONCE, time));
        through++;
      } catch (MountFailure e) {
        return through;
      }
    }
  }
}
