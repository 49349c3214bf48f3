package io.keybearer.provider.reader;

import static org.assertj.core.api.Assertions.assertThat;

import io.keybearer.provider.ScriptedBackend.Reference;
import io.keybearer.provider.reader.TimedOutcome.Source;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Rules 3 to 8: which values of memory will do. */
class FreshnessRulesTest extends ReaderScene {

  @Test
  @DisplayName("rule 3: a mount is a republish once it was answered with files")
  void isARepublishOnceAnswered() {
    assertThat(pod("p").reads("a").isRepublish()).isFalse();
    assertThat(pod("p").reads("a").isRepublish()).isTrue();
    assertThat(pod("p").at("/other").reads("a").isRepublish()).isFalse();
    assertThat(pod("q").reads("a").isRepublish()).isFalse();
  }

  @Test
  @DisplayName("rule 3: a mount that has failed is still a first mount")
  void aFailedMountIsStillAFirstOne() {
    fail("a", missing());
    pod("p").reads("a");
    repair("a");

    assertThat(pod("p").reads("a").isRepublish()).isFalse();
  }

  @Test
  @DisplayName("rule 3: other parameters make it a first mount again")
  void otherParametersMakeItAFirstMount() {
    pod("p").reads("a");
    pass(3);

    assertThat(pod("p").under("edited").reads("a").isRepublish()).isFalse();
    assertThat(reads("a")).isEqualTo(2);
    assertThat(pod("p").under("edited").reads("a").isRepublish()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({"599, true", "600, false"})
  @DisplayName("rule 3: a record is forgotten after ten minutes without a call")
  void forgetsARecordAfterTenMinutes(int seconds, boolean known) {
    pod("p").reads("a");
    pass(seconds);

    assertThat(pod("p").reads("a").isRepublish()).isEqualTo(known);
  }

  @ParameterizedTest
  @CsvSource({"2000, 1", "2001, 2"})
  @DisplayName("rule 4: a first mount takes what began at most two seconds before it")
  void aFirstMountTakesWhatBeganTwoSecondsBefore(int millis, int reads) {
    pod("p").reads("a");
    time.turn(Duration.ofMillis(millis));

    pod("q").reads("a");

    assertThat(reads("a")).isEqualTo(reads);
  }

  @Test
  @DisplayName("rule 4: a first mount takes what is still in flight, however long it is")
  void aFirstMountTakesWhatIsInFlight() {
    store.reading(
        (references, deadline, arrived) -> {
          pass(20);
          if (reads("a") == 1) {
            Asked sibling = pod("q").reads("a");
            assertThat(sibling.isOver()).isFalse();
          }
          return answers(references);
        });

    assertThat(pod("p").reads("a").isAnswered()).isTrue();
    assertThat(reads("a")).isEqualTo(1);
  }

  @Test
  @DisplayName("rule 4: the age of a value counts from the begin of its read")
  void ageCountsFromTheBegin() {
    store.reading(
        (references, deadline, arrived) -> {
          pass(3);
          return answers(references);
        });
    pod("p").reads("a");

    pod("q").reads("a");

    assertThat(reads("a")).isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource({"149, 1", "150, 2"})
  @DisplayName("rule 4: a mount that failed keeps what it had read for its next try")
  void keepsWhatAFailedTryHadRead(int seconds, int reads) {
    fail("b", missing());
    pod("p").reads("a", "b");
    repair("b");
    pass(seconds);

    Asked retry = pod("p").reads("a", "b");

    assertThat(retry.isAnswered()).isTrue();
    assertThat(reads("a")).isEqualTo(reads);
    assertThat(reads("b")).isEqualTo(2);
  }

  @Test
  @DisplayName("rule 4: what a retry keeps was read no longer ago than that")
  void keepsNothingOlder() {
    fail("b", missing());
    pod("p").reads("a", "b");
    pass(100);
    pod("p").reads("a", "b");
    assertThat(reads("a")).isEqualTo(1);
    pass(100);

    pod("p").reads("a", "b");

    assertThat(reads("a")).isEqualTo(2);
  }

  @Test
  @DisplayName("rule 4: what another one has read since is nothing that a failed try had")
  void keepsNothingThatAnotherHasReadSince() {
    fail("b", missing());
    pod("p").reads("a", "b");
    pass(160);
    pod("p").reads("c", "b");
    pass(3);
    pod("q").reads("a");
    pass(3);

    assertThat(pod("p").reads("a", "b").source("a")).isEqualTo(Source.STORE);
  }

  @Test
  @DisplayName("rule 4: an edited class reads anew what a failed try had read")
  void keepsNothingForAnEditedClass() {
    fail("b", missing());
    pod("p").reads("a", "b");
    pass(10);

    pod("p").under("edited").reads("a");

    assertThat(reads("a")).isEqualTo(2);
  }

  @Test
  @DisplayName("rule 4: what was read after a mount had come will do, however long it queued")
  void takesWhatWasReadAfterItCame() {
    pod("p").reads("a");
    pass(60);

    assertThat(pod("q").cameBefore(61).reads("a").source("a")).isEqualTo(Source.MEMORY);
    assertThat(pod("r").cameBefore(57).reads("a").source("a")).isEqualTo(Source.STORE);
  }

  @Test
  @DisplayName("rule 4: what a failed mount keeps is nothing for another first mount")
  void whatAFailedMountKeepsIsItsOwn() {
    fail("b", missing());
    pod("p").reads("a", "b");
    pass(100);

    pod("q").reads("a");

    assertThat(reads("a")).isEqualTo(2);
  }

  @Test
  @DisplayName("rule 4: a mount that was answered keeps nothing of a try before that")
  void keepsNothingOnceAnswered() {
    fail("b", missing());
    pod("p").reads("a", "b");
    repair("b");
    pod("p").reads("a", "b");
    pass(10);

    pod("p").under("edited").reads("a");

    assertThat(reads("a")).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(ints = {10, 45, 600, 86_400})
  @DisplayName("rule 5: a republish takes what is younger than its refresh interval less a jitter")
  void aRepublishTakesWhatIsYoungEnough(int interval) {
    pod("p").every(interval).reads("a");
    Duration step = Duration.ofSeconds(Math.min(interval, 6_000)).dividedBy(100);
    Duration age = Duration.ZERO;
    while (reads("a") == 1) {
      time.turn(step);
      age = age.plus(step);
      pod("p").every(interval).reads("a");
    }

    assertThat(age)
        .isGreaterThanOrEqualTo(Duration.ofSeconds(interval).multipliedBy(9).dividedBy(10))
        .isLessThanOrEqualTo(Duration.ofSeconds(interval));
  }

  @Test
  @DisplayName("rule 5: the jitter takes off up to a tenth, and is fixed for a reference")
  void theJitterIsFixedAndUpToATenth() {
    int early = 0;
    for (int i = 0; i < 100; i++) {
      String name = "secret" + i;
      pod("p" + i).reads(name);
      boolean first = isRefreshedAfter57Seconds("p" + i, name);
      assertThat(isRefreshedAfter57Seconds("p" + i, name)).isEqualTo(first);
      early += first ? 1 : 0;
    }

    // Half of them, if they are spread evenly.
    assertThat(early).isBetween(25, 75);
  }

  private boolean isRefreshedAfter57Seconds(String pod, String name) {
    pass(57);
    boolean refreshed = pod(pod).reads(name).source(name) == Source.STORE;
    pass(60);
    assertThat(pod(pod).reads(name).source(name)).isEqualTo(Source.STORE);
    return refreshed;
  }

  @Test
  @DisplayName("rule 5: a shared value is judged by each asker's own interval")
  void eachAskerJudgesByItsOwnInterval() {
    pod("slow").every(600).reads("a");
    pod("fast").every(10).reads("a");
    pass(11);

    assertThat(pod("slow").every(600).reads("a").source("a")).isEqualTo(Source.MEMORY);
    assertThat(pod("fast").every(10).reads("a").source("a")).isEqualTo(Source.STORE);
    assertThat(pod("slow").every(600).reads("a").source("a")).isEqualTo(Source.MEMORY);
    assertThat(reads("a")).isEqualTo(2);
  }

  @Test
  @DisplayName("rule 5: an interval of zero reads every time")
  void zeroReadsEveryTime() {
    for (int i = 0; i < 3; i++) {
      assertThat(pod("p").every(0).reads("a").source("a")).isEqualTo(Source.STORE);
    }

    assertThat(reads("a")).isEqualTo(3);
  }

  @Test
  @DisplayName("rule 6: an immutable version is not read again for a republish")
  void anImmutableVersionIsNotReadAgain() {
    pod("p").every(0).reads(Reference.pinned("a"));
    for (int minute = 0; minute < 60; minute++) {
      pass(60);
      pod("p").every(0).reads(Reference.pinned("a"));
    }

    assertThat(reads("a")).isEqualTo(1);
  }

  @Test
  @DisplayName("rule 6: a first mount reads an immutable version, for its rights may be gone")
  void aFirstMountReadsAnImmutableVersion() {
    pod("p").reads(Reference.pinned("a"));
    pass(3);
    fail("a", denied());

    Asked late = pod("q").reads(Reference.pinned("a"));

    assertThat(late.message("a")).isEqualTo("denied; see the policy");
  }

  @Test
  @DisplayName("rule 7: an equal version keeps the earlier bytes")
  void anEqualVersionKeepsTheEarlierBytes() {
    Asked first = pod("p").reads("a");
    pass(61);

    Asked second = pod("p").reads("a");

    assertThat(second.source("a")).isEqualTo(Source.STORE);
    assertThat(second.bytes("a")).isSameAs(first.bytes("a"));
  }

  @Test
  @DisplayName("rule 7: an equal version is fresh again")
  void anEqualVersionIsFreshAgain() {
    pod("p").reads("a");
    pass(61);
    pod("p").reads("a");
    pass(30);

    assertThat(pod("p").reads("a").source("a")).isEqualTo(Source.MEMORY);
  }

  @Test
  @DisplayName("rule 7: another version brings its bytes")
  void anotherVersionBringsItsBytes() {
    pod("p").reads("a");
    pass(61);
    put("a", "v2");

    assertThat(pod("p").reads("a").version("a")).isEqualTo("v2");
  }

  @Test
  @DisplayName("rule 8: a refresh that fails makes the republish fail")
  void aRefreshThatFailsMakesTheRepublishFail() {
    pod("p").reads("a");
    pass(61);
    fail("a", missing());

    Asked republish = pod("p").reads("a");

    assertThat(republish.isRepublish()).isTrue();
    assertThat(republish.message("a")).isEqualTo("no such secret; create it");
  }

  @Test
  @DisplayName("rule 8: a republish that failed is a republish still")
  void staysARepublishAfterAFailure() {
    pod("p").reads("a");
    pass(61);
    fail("a", missing());
    pod("p").reads("a");
    repair("a");

    assertThat(pod("p").reads("a").isRepublish()).isTrue();
  }
}
