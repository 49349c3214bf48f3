package io.keybearer.provider.reader;

import static org.assertj.core.api.Assertions.assertThat;

import io.keybearer.provider.Deadline;
import io.keybearer.provider.Fault;
import io.keybearer.provider.Reason;
import io.keybearer.provider.reader.TimedOutcome.Source;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Rule 9: what is wanted at the same time is one read. */
class CoalescingRulesTest extends ReaderScene {

  private final List<Asked> others = new ArrayList<>();

  @Test
  @DisplayName("rule 9: equal references wanted at once are one read for all")
  void whatIsWantedAtOnceIsOneRead() {
    store.reading(
        (references, deadline, arrived) -> {
          for (int i = 0; reads("a") == 1 && i < 99; i++) {
            others.add(pod("q" + i).reads("a"));
          }
          return answers(references);
        });

    assertThat(pod("p").reads("a").source("a")).isEqualTo(Source.STORE);

    assertThat(others).hasSize(99).allMatch(Asked::isAnswered);
    assertThat(others.get(0).source("a")).isEqualTo(Source.STORE);
    assertThat(reads("a")).isEqualTo(1);
    assertThat(store.opened()).hasSize(1);
  }

  @Test
  @DisplayName("rule 9: republishes with an interval of zero join a read under way")
  void republishesJoinAReadUnderWay() {
    pod("p").every(0).reads("a");
    pod("q").every(0).reads("a");
    store.reading(
        (references, deadline, arrived) -> {
          if (reads("a") == 2) {
            others.add(pod("q").every(0).reads("a"));
          }
          return answers(references);
        });

    pod("p").every(0).reads("a");

    assertThat(others).hasSize(1).allMatch(Asked::isAnswered);
    assertThat(reads("a")).isEqualTo(2);
  }

  @Test
  @DisplayName("rule 9: a failure reaches all who wait")
  void aFailureReachesAllWhoWait() {
    fail("a", missing());
    store.reading(
        (references, deadline, arrived) -> {
          others.add(pod("q").reads("a"));
          return answers(references);
        });

    assertThat(pod("p").reads("a").message("a")).isEqualTo("no such secret; create it");
    assertThat(others.get(0).message("a")).isEqualTo("no such secret; create it");
    assertThat(reads("a")).isEqualTo(1);
  }

  @Test
  @DisplayName("rule 9: one who leaves cancels nobody else's read")
  void oneWhoLeavesCancelsNobodyElse() {
    store.reading(
        (references, deadline, arrived) -> {
          Asked leaver = pod("q").reads("a");
          others.add(pod("r").reads("a"));
          leaver.leave();
          assertThat(Thread.currentThread().isInterrupted()).isFalse();
          return answers(references);
        });

    assertThat(pod("p").reads("a").isAnswered()).isTrue();
    assertThat(others).allMatch(Asked::isAnswered);
  }

  @Test
  @DisplayName("rule 9: a read runs on when the one who began it leaves")
  void aReadRunsOnWhenItsBeginnerLeaves() {
    store.reading(
        (references, deadline, arrived) -> {
          others.add(pod("q").reads("a"));
          // The first one's time is over while the second still waits.
          pass(20);
          assertThat(Thread.currentThread().isInterrupted()).isFalse();
          return answers(references);
        });

    Asked first = pod("p").within(10).reads("a");

    assertThat(first.failure("a").reason()).isEqualTo(Reason.TIMED_OUT);
    assertThat(others).allMatch(Asked::isAnswered);
    assertThat(reads("a")).isEqualTo(1);
  }

  @Test
  @DisplayName("rule 9: a read is cancelled when the last one who waits has left")
  void isCancelledWhenTheLastOneLeaves() {
    store.reading(
        (references, deadline, arrived) -> {
          others.add(pod("q").within(10).reads("a"));
          pass(10);
          assertThat(Thread.interrupted()).isTrue();
          return answers(references);
        });

    assertThat(pod("p").within(5).reads("a").failure("a").reason()).isEqualTo(Reason.TIMED_OUT);

    assertThat(others.get(0).failure("a").reason()).isEqualTo(Reason.TIMED_OUT);
  }

  @Test
  @DisplayName("rule 9: a login is cancelled when the last one who waits has left")
  void aLoginIsCancelledWhenTheLastOneLeaves() {
    store.opening(
        (login, deadline) -> {
          if (store.opened().size() == 1) {
            pass(10);
            assertThat(Thread.interrupted()).isTrue();
          }
        });

    pod("p").within(10).reads("a");

    assertThat(store.requests()).isEmpty();
    assertThat(pod("p").reads("a").isAnswered()).isTrue();
    assertThat(store.opened()).hasSize(2);
  }

  @Test
  @DisplayName("rule 9: a read's deadline is the longest of those who wait for it")
  void hasTheLongestDeadline() {
    store.reading(
        (references, deadline, arrived) -> {
          if (others.isEmpty()) {
            others.add(pod("q").within(25).reads("a"));
          }
          throw fault(Fault.Kind.THROTTLED);
        });

    Asked first = pod("p").within(5).reads("a");
    pass(5);
    int tries = store.requests().size();
    assertThat(first.isOver()).isTrue();
    pass(10);

    assertThat(store.requests()).hasSizeGreaterThan(tries);
    assertThat(others.get(0).isOver()).isFalse();
  }

  @Test
  @DisplayName("rule 9: one who is joined by another can wait longer")
  void canWaitLonger() {
    store.reading(
        (references, deadline, arrived) -> {
          Asked joined = pod("q").within(5).reads("a");
          joined.extend(Deadline.after(Duration.ofSeconds(60), time));
          others.add(joined);
          pass(20);
          return answers(references);
        });

    pod("p").reads("a");

    assertThat(others.get(0).isAnswered()).isTrue();
  }

  @Test
  @DisplayName("rule 18: bytes that arrive are paid by one, and by the others when they take them")
  void bytesArePaidByAll() {
    store.reading(
        (references, deadline, arrived) -> {
          if (reads("a") == 1) {
            others.add(pod("q").reads("a"));
          }
          arrived.add(500);
          return answers(references);
        });

    Asked first = pod("p").reads("a");
    Asked later = pod("r").reads("a");

    assertThat(first.arrived()).isEqualTo(500);
    assertThat(others.get(0).arrived()).isEqualTo("a v1".length());
    assertThat(later.arrived()).isEqualTo("a v1".length());
  }

  @Test
  @DisplayName("rule 18: one who has no room fails alone, and the next one pays")
  void oneWithoutRoomFailsAlone() {
    store.reading(
        (references, deadline, arrived) -> {
          others.add(pod("q").reads("a"));
          arrived.add(500);
          arrived.add(500);
          return answers(references);
        });

    Asked first = pod("p").room(700).reads("a", "b");

    assertThat(first.message("a")).isEqualTo("no room; try again");
    assertThat(first.message("b")).isEqualTo("no room; try again");
    assertThat(others.get(0).isAnswered()).isTrue();
  }

  @Test
  @DisplayName("rule 18: a request ends when nobody has room for its answer")
  void endsWhenNobodyHasRoom() {
    store.reading(
        (references, deadline, arrived) -> {
          arrived.add(500);
          throw new AssertionError("nobody has room");
        });

    assertThat(pod("p").room(100).reads("a").message("a")).isEqualTo("no room; try again");
  }

  @Test
  @DisplayName("rule 18: a value in memory needs room as well")
  void aValueInMemoryNeedsRoom() {
    pod("p").reads("a");

    assertThat(pod("q").room(3).reads("a").message("a")).isEqualTo("no room; try again");
  }
}
