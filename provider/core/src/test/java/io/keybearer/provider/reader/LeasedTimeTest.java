package io.keybearer.provider.reader;

import static org.assertj.core.api.Assertions.assertThat;

import io.keybearer.provider.SessionLife;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class LeasedTimeTest {

  private final LeasedTime time = new LeasedTime(at(0), Duration.ofSeconds(100));

  private static long at(int seconds) {
    // Near the end of what a ticker counts, after which it goes on from the other one.
    return Long.MAX_VALUE
        - Duration.ofSeconds(60).toNanos()
        + Duration.ofSeconds(seconds).toNanos();
  }

  @Test
  void livesNoLongerThanSumsCanHold() {
    Duration most = SessionLife.endless().time();
    LeasedTime endless = new LeasedTime(at(0), Duration.ofSeconds(999_999_999_999_999_999L));
    time.renewed(at(0), Duration.ofSeconds(Long.MAX_VALUE));

    assertThat(endless.ends() - at(0)).isEqualTo(most.toNanos());
    assertThat(endless.longest()).isEqualTo(most.toNanos());
    assertThat(time.ends() - at(0)).isEqualTo(most.toNanos());
  }

  @Test
  void livesFromTheMomentOfItsRenewal() {
    time.renewed(at(60), Duration.ofSeconds(100));

    assertThat(time.ends()).isEqualTo(at(160));
    assertThat(time.isRenewable()).isTrue();
  }

  @Test
  void isAtItsMaximumWhenARenewalGivesNothingBack() {
    time.renewed(at(60), Duration.ofSeconds(45));
    assertThat(time.ends()).isEqualTo(at(105));
    assertThat(time.isRenewable()).isFalse();
    assertThat(time.longest()).isEqualTo(Duration.ofSeconds(100).toNanos());
  }

  @Test
  void isNotAtItsMaximumWhereRenewalsAreShorterThanTheFirstTime() {
    time.renewed(at(90), Duration.ofSeconds(50));
    assertThat(time.isRenewable()).isTrue();
    time.renewed(at(120), Duration.ofSeconds(50));

    assertThat(time.ends()).isEqualTo(at(170));
    assertThat(time.isRenewable()).isTrue();
  }

  @Test
  void isRenewableStillWhenItIsRenewedTwiceAtOnce() {
    time.renewed(at(50), Duration.ofSeconds(100));
    time.renewed(at(50), Duration.ofSeconds(100));

    assertThat(time.isRenewable()).isTrue();
  }

  @Test
  void keepsItsEndWhenItIsRefused() {
    time.renewed(at(60), Duration.ZERO);

    assertThat(time.ends()).isEqualTo(at(100));
    assertThat(time.isRenewable()).isFalse();
  }

  @Test
  void livesNotLongerThanItWasTold() {
    time.renewed(at(10), Duration.ofSeconds(200));
    time.isAtItsMaximum();

    assertThat(time.isRenewable()).isFalse();
    assertThat(time.longest()).isEqualTo(Duration.ofSeconds(200).toNanos());
  }
}
