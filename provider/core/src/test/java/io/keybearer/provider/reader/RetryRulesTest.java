package io.keybearer.provider.reader;

import static org.assertj.core.api.Assertions.assertThat;

import io.keybearer.provider.Fault;
import io.keybearer.provider.MountFailure;
import io.keybearer.provider.Reason;
import io.keybearer.provider.Scope;
import io.keybearer.provider.ScriptedBackend.Reference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Rules 12 and 13: how long, and how often. */
class RetryRulesTest extends ReaderScene {

  private final List<Long> tries = new ArrayList<>();

  /** Every request fails like that, and each try's moment is noted. */
  private void failing(MountFailure failure) {
    store.reading(
        (references, deadline, arrived) -> {
          tries.add(time.nanos());
          throw failure;
        });
  }

  private long millisBetween(int one, int other) {
    return Duration.ofNanos(tries.get(other) - tries.get(one)).toMillis();
  }

  @ParameterizedTest
  @EnumSource(
      value = Fault.Kind.class,
      names = {"BROKEN", "SERVER_ERROR"})
  @DisplayName("rule 13: a passing fault has three tries with pauses that grow")
  void hasThreeTries(Fault.Kind kind) {
    failing(fault(kind));

    Asked asked = pod("p").reads("a");
    assertThat(asked.isOver()).isFalse();
    pass(100);

    assertThat(tries).hasSize(3);
    assertThat(millisBetween(0, 1)).isBetween(100L, 200L);
    assertThat(millisBetween(1, 2)).isBetween(200L, 400L);
    assertThat(asked.message("a")).isEqualTo(kind.name() + "; see the store; 3 tries");
  }

  @ParameterizedTest
  @EnumSource(
      value = Fault.Kind.class,
      names = {"BROKEN", "SERVER_ERROR"})
  @DisplayName("rule 13: what was proven to be stored has three tries too, and not before that")
  void hasThreeTriesOnceItIsProven(Fault.Kind kind) {
    store.proving(reference -> Scope.SHARED);
    pod("p").reads(Reference.unproven("kv", "a"));
    failing(fault(kind));

    Asked proven = pod("q").reads(Reference.unproven("kv", "b"));
    pass(100);
    assertThat(proven.message("b")).isEqualTo(kind.name() + "; see the store; 3 tries");
    tries.clear();

    store.proving(reference -> Scope.MOUNT);
    Asked unproven = pod("r").reads(Reference.unproven("database", "c"));
    pass(100);
    assertThat(tries).hasSize(1);
    assertThat(unproven.message("c"))
        .isEqualTo(
            kind.name()
                + "; see the store; not tried again: the store may have acted on it already");
  }

  @ParameterizedTest
  @EnumSource(
      value = Fault.Kind.class,
      names = {"NONE", "TLS"})
  @DisplayName("rule 13: a fault of certificates, and an answer, have one try")
  void hasOneTry(Fault.Kind kind) {
    failing(fault(kind));

    Asked asked = pod("p").reads("a");

    assertThat(tries).hasSize(1);
    assertThat(asked.message("a")).isEqualTo(kind.name() + "; see the store");
  }

  @Test
  @DisplayName("rule 13: a try that succeeds ends it")
  void aTryThatSucceedsEndsIt() {
    store.reading(
        (references, deadline, arrived) -> {
          if (store.requests().size() < 3) {
            throw fault(Fault.Kind.SERVER_ERROR);
          }
          return answers(references);
        });

    Asked asked = pod("p").reads("a");
    pass(1);

    assertThat(asked.isAnswered()).isTrue();
  }

  @Test
  @DisplayName("rule 13: no new try begins after ten seconds")
  void beginsNoTryAfterTenSeconds() {
    store.reading(
        (references, deadline, arrived) -> {
          tries.add(time.nanos());
          pass(6);
          throw fault(Fault.Kind.BROKEN);
        });

    Asked asked = pod("p").reads("a");
    pass(1);
    assertThat(tries).hasSize(2);
    assertThat(asked.isOver()).isTrue();
    pass(100);

    assertThat(tries).hasSize(2);
  }

  @ParameterizedTest
  @EnumSource(
      value = Fault.Kind.class,
      names = {"THROTTLED", "BEHIND"})
  @DisplayName("rule 13: a store that wants to be asked later is asked while somebody waits")
  void isAskedWhileSomebodyWaits(Fault.Kind kind) {
    failing(fault(kind));

    Asked asked = pod("p").within(60).reads("a");
    pass(54);
    assertThat(asked.isOver()).isFalse();
    pass(6);

    assertThat(asked.message("a")).startsWith(kind.name());
    assertThat(tries).hasSizeBetween(14, 30);
    for (int i = 1; i < tries.size(); i++) {
      assertThat(millisBetween(i - 1, i)).isBetween(100L, 5_000L);
    }
  }

  @Test
  @DisplayName("rule 13: a try has thirty seconds, however little the one who began it has")
  void aTryHasThirtySeconds() {
    List<Duration> left = new ArrayList<>();
    store.reading(
        (references, deadline, arrived) -> {
          left.add(deadline.remaining());
          return answers(references);
        });
    pod("p").within(110).reads("a");
    pod("p").within(20).reads("b");

    assertThat(left).containsExactly(Duration.ofSeconds(30), Duration.ofSeconds(30));
  }

  @Test
  @DisplayName("rule 13: what may have minted something is not sent again")
  void doesNotRepeatWhatMayHaveMinted() {
    failing(fault(Fault.Kind.BROKEN));

    Asked asked = pod("p").reads(own("a"));
    pass(100);

    assertThat(tries).hasSize(1);
    assertThat(asked.message("a"))
        .isEqualTo(
            "BROKEN; see the store; not tried again: the store may have acted on it already");
  }

  @Test
  @DisplayName("rule 13: what was not sent, or not taken, is tried again though it might mint")
  void repeatsWhatWasNotTaken() {
    failing(fault(Fault.Kind.UNREACHABLE));
    pod("p").reads(own("a"));
    pass(1);
    assertThat(tries).hasSize(3);
    tries.clear();
    failing(fault(Fault.Kind.THROTTLED));

    pod("p").with(store.login("web", "https://elsewhere")).reads(own("a"));
    pass(1);

    assertThat(tries).hasSizeGreaterThan(1);
  }

  @Test
  @DisplayName("rule 13: a login that leaves something at the store is not sent again")
  void doesNotRepeatALoginThatLeavesTraces() {
    store
        .loginsLeaveTraces()
        .opening(
            (login, deadline) -> {
              throw fault(Fault.Kind.SERVER_ERROR);
            });

    pod("p").reads("a");
    pass(100);

    assertThat(store.opened()).hasSize(1);
  }

  @Test
  @DisplayName("rule 13: any other login has three tries")
  void repeatsAnyOtherLogin() {
    store.opening(
        (login, deadline) -> {
          throw fault(Fault.Kind.SERVER_ERROR);
        });

    pod("p").reads("a");
    pass(100);

    assertThat(store.opened()).hasSize(3);
  }

  @ParameterizedTest
  @CsvSource({"0, 4999", "5000, 5500"})
  @DisplayName("rule 13: Retry-After is kept to")
  void keepsToRetryAfter(int fromMillis, int toMillis) {
    store.reading(
        (references, deadline, arrived) -> {
          tries.add(time.nanos());
          if (tries.size() == 1) {
            throw throttled(5);
          }
          return answers(references);
        });
    Asked asked = pod("p").reads("a");
    time.turn(Duration.ofMillis(toMillis));

    assertThat(asked.isAnswered()).isEqualTo(fromMillis > 0);
  }

  @Test
  @DisplayName("rule 15: Retry-After keeps the whole session from the store, and no other")
  void retryAfterGatesTheSession() {
    store.reading(
        (references, deadline, arrived) -> {
          tries.add(time.nanos());
          if (tries.size() == 1) {
            throw throttled(5);
          }
          return answers(references);
        });
    pod("p").reads("a");

    Asked same = pod("q").reads("b");
    Asked other = pod("q").with(store.login("admin", ADDRESS)).reads("b");

    assertThat(same.isOver()).isFalse();
    assertThat(other.isAnswered()).isTrue();
    time.turn(Duration.ofMillis(5_500));
    assertThat(same.isAnswered()).isTrue();
  }

  @Test
  @DisplayName("rule 15: where a store throttles addresses, Retry-After is for all of one")
  void retryAfterGatesTheAddress() {
    store.throttlingAddresses();
    store.reading(
        (references, deadline, arrived) -> {
          throw throttled(5);
        });
    pod("p").reads("a");
    store.reading((references, deadline, arrived) -> answers(references));

    Asked other = pod("q").with(store.login("admin", ADDRESS)).reads("b");
    Asked elsewhere = pod("q").with(store.login("admin", "https://elsewhere")).reads("b");

    assertThat(other.isOver()).isFalse();
    assertThat(elsewhere.isAnswered()).isTrue();
  }

  @Test
  @DisplayName("rule 13: who has not the time for Retry-After is told at once")
  void tellsAtOnceWhoHasNotTheTime() {
    failing(throttled(60));

    assertThat(pod("p").within(30).reads("a").message("a")).isEqualTo("slow down; wait");
    assertThat(pod("q").within(30).reads("a").message("a")).isEqualTo("slow down; wait");
    assertThat(tries).hasSize(1);
  }

  @Test
  @DisplayName("rule 12: a mount is answered at its deadline, with what its last try met")
  void isAnsweredAtItsDeadline() {
    failing(fault(Fault.Kind.THROTTLED));

    Asked asked = pod("p").within(8).reads("a");
    pass(2);
    assertThat(asked.isOver()).isFalse();
    store.reading(
        (references, deadline, arrived) -> {
          pass(20);
          return answers(references);
        });
    pass(6);

    assertThat(asked.message("a")).startsWith("THROTTLED; see the store");
    assertThat(asked.failure("a").reason()).isEqualTo(Reason.STORE_UNAVAILABLE);
  }

  @Test
  @DisplayName("rule 12: a mount whose reads hang is told how long it waited")
  void tellsHowLongItWaited() {
    store.reading(
        (references, deadline, arrived) -> {
          pass(30);
          return answers(references);
        });

    assertThat(pod("p").within(8).reads("a").message("a"))
        .isEqualTo(
            "\"https://store\" gave no answer in 8000 ms; see whether it is reachable from this"
                + " node and not overloaded");
  }
}
