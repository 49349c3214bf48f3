package io.keybearer.provider;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeadlineTest {

  private final TurnedTicker ticker = new TurnedTicker();

  @ParameterizedTest
  @CsvSource({
    "PT0S, PT0S",
    "PT-1S, PT0S",
    "PT0.002S, PT0.001S",
    "PT4S, PT2S",
    "PT9.999S, PT4.9995S",
    "PT10S, PT5S",
    "PT11S, PT6S",
    "PT15S, PT10S",
    "PT60S, PT55S",
    "PT114S, PT109S",
    "PT115S, PT110S",
    "PT116S, PT110S",
    "PT120S, PT110S",
    "P10000D, PT110S",
    "PT2562047788015H, PT110S"
  })
  @DisplayName("rule 12: a Mount's budget by how long its caller waits")
  void keepsAReserveOfWhatTheCallerWaits(Duration callerWaits, Duration budget) {
    assertThat(Deadline.ofMount(callerWaits, ticker).remaining()).isEqualTo(budget);
  }

  @Test
  @DisplayName("rule 12: a caller without a deadline gets an answer within 30 s")
  void givesThirtySecondsToACallerWithoutDeadline() {
    assertThat(Deadline.ofMountWithoutDeadline(ticker).remaining())
        .isEqualTo(Duration.ofSeconds(30));
  }

  @Test
  @DisplayName("rule 13: a try has 30 s, and half of what is left where another address remains")
  void aTryHasThirtySecondsOrHalf() {
    Deadline deadline = Deadline.ofTry(ticker);

    assertThat(deadline.remaining()).isEqualTo(Duration.ofSeconds(30));
    assertThat(deadline.beforeAnother().remaining()).isEqualTo(Duration.ofSeconds(15));
    ticker.turn(Duration.ofSeconds(20));
    assertThat(deadline.beforeAnother().remaining()).isEqualTo(Duration.ofSeconds(5));
  }

  @ParameterizedTest
  @CsvSource({"110, 3", "3, 3", "2, 2"})
  @DisplayName("rule 13: connecting has 3 s")
  void connectingHasThreeSeconds(int left, int ofConnecting) {
    assertThat(Deadline.after(Duration.ofSeconds(left), ticker).ofConnecting().remaining())
        .isEqualTo(Duration.ofSeconds(ofConnecting));
  }

  @Test
  void isTheLaterOrTheEarlierOfTwo() {
    Deadline early = Deadline.after(Duration.ofSeconds(1), ticker);
    Deadline late = Deadline.after(Duration.ofSeconds(2), ticker);

    assertThat(early.orLater(late)).isEqualTo(late);
    assertThat(late.orLater(early)).isEqualTo(late);
    assertThat(early.orEarlier(late)).isEqualTo(early);
    assertThat(late.orEarlier(early)).isEqualTo(early);
  }

  @Test
  void passesAtItsMomentAndNotBefore() {
    Deadline deadline = Deadline.after(Duration.ofSeconds(2), ticker);

    ticker.turn(Duration.ofSeconds(2).minusNanos(1));
    assertThat(deadline.hasPassed()).isFalse();
    assertThat(deadline.remaining()).isEqualTo(Duration.ofNanos(1));

    ticker.turn(Duration.ofNanos(1));
    assertThat(deadline.hasPassed()).isTrue();
    assertThat(deadline.remaining()).isZero();
  }

  @Test
  void hasNothingLeftLongAfterItPassed() {
    Deadline deadline = Deadline.after(Duration.ofSeconds(2), ticker);

    ticker.turn(Duration.ofDays(1));

    assertThat(deadline.hasPassed()).isTrue();
    assertThat(deadline.remaining()).isZero();
  }

  @Test
  void ofANegativeTimeHasPassed() {
    assertThat(Deadline.after(Duration.ofNanos(-1), ticker).hasPassed()).isTrue();
  }
}
