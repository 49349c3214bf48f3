package io.keybearer.daemonset.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

class BackoffTest {

  private final Backoff backoff = new Backoff();

  @RepeatedTest(20)
  void doublesFromASecondToAMinute() {
    for (int full : new int[] {1, 2, 4, 8, 16, 32, 60, 60, 60}) {
      assertThat(backoff.next(Duration.ZERO))
          .isBetween(Duration.ofMillis(full * 500L), Duration.ofSeconds(full));
    }
  }

  @Test
  void isAsLongAsTheServerAsksFor() {
    assertThat(backoff.next(Duration.ofSeconds(30))).isEqualTo(Duration.ofSeconds(30));
    assertThat(backoff.next(Duration.ZERO)).isLessThanOrEqualTo(Duration.ofSeconds(2));
  }

  @Test
  void startsAnewWhereItHasWorked() {
    for (int i = 0; i < 10; i++) {
      assertThat(backoff.next(Duration.ZERO)).isPositive();
    }
    backoff.reset();

    assertThat(backoff.next(Duration.ZERO)).isLessThanOrEqualTo(Duration.ofSeconds(1));
  }
}
