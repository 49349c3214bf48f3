package io.keybearer.provider.reader;

import static org.assertj.core.api.Assertions.assertThat;

import io.keybearer.provider.Credentials;
import io.keybearer.provider.Fault;
import io.keybearer.provider.MountFailure;
import io.keybearer.provider.PodCredentials;
import io.keybearer.provider.Reason;
import io.keybearer.provider.SecretBytes;
import io.keybearer.provider.reader.TimedOutcome.Source;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Rule 16: old values while a store fails. */
class StaleRulesTest extends ReaderScene {

  private static final Duration HOUR = Duration.ofHours(1);

  private Asking stale(String pod) {
    return pod(pod).staleFor(HOUR);
  }

  /** The mount's outcomes once all its tries are over. */
  private Asked ended(Asked asked) {
    pass(60);
    assertThat(asked.isOver()).isTrue();
    return asked;
  }

  private void failing(MountFailure failure) {
    store.reading(
        (references, deadline, arrived) -> {
          throw failure;
        });
  }

  @ParameterizedTest
  @EnumSource(
      value = Fault.Kind.class,
      names = {"UNREACHABLE", "BROKEN", "SERVER_ERROR", "THROTTLED"})
  @DisplayName("rule 16: an old value serves while the store fails, flagged")
  void serves(Fault.Kind kind) {
    stale("p").reads("a");
    pass(100);
    failing(fault(kind));

    Asked republish = stale("p").within(60).reads("a");
    Asked first = stale("q").within(60).reads("a");
    pass(60);

    assertThat(republish.version("a")).isEqualTo("v1");
    assertThat(republish.source("a")).isEqualTo(Source.STALE);
    assertThat(first.source("a")).isEqualTo(Source.STALE);
  }

  @ParameterizedTest
  @EnumSource(
      value = Fault.Kind.class,
      names = {"NONE", "TLS", "BEHIND"})
  @DisplayName("rule 16: any other failure serves none")
  void servesNoneForOtherFailures(Fault.Kind kind) {
    stale("p").reads("a");
    pass(100);
    failing(fault(kind));

    assertThat(ended(stale("p").within(60).reads("a")).isAnswered()).isFalse();
  }

  @Test
  @DisplayName("rule 16: an old value serves when the store is too slow")
  void servesWhenTheStoreIsTooSlow() {
    stale("p").reads("a");
    pass(100);
    store.reading(
        (references, deadline, arrived) -> {
          pass(60);
          return answers(references);
        });

    assertThat(stale("p").within(20).reads("a").source("a")).isEqualTo(Source.STALE);
  }

  @Test
  @DisplayName("rule 16: an old value serves when a login fails so")
  void servesWhenALoginFailsSo() {
    stale("p").reads("a");
    // The session is given back after ten minutes; a new login is needed.
    pass(700);
    store.opening(
        (login, deadline) -> {
          throw fault(Fault.Kind.UNREACHABLE);
        });

    assertThat(ended(stale("p").reads("a")).source("a")).isEqualTo(Source.STALE);
  }

  @Test
  @DisplayName("rule 16: it is off unless the class asks for it")
  void isOffUnlessAskedFor() {
    stale("p").reads("a");
    pass(100);
    failing(fault(Fault.Kind.SERVER_ERROR));

    assertThat(ended(pod("p").reads("a")).isAnswered()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"3600, true", "3601, false"})
  @DisplayName("rule 16: an old value serves up to its age since its read")
  void servesUpToAnAge(int seconds, boolean serves) {
    failing(fault(Fault.Kind.NONE));
    store.reading((references, deadline, arrived) -> answers(references));
    stale("p").reads("a");
    pass(seconds);
    failing(throttled(3_600));

    assertThat(stale("p").within(30).reads("a").isAnswered()).isEqualTo(serves);
  }

  @Test
  @DisplayName("rule 16: never for what belongs to one mount")
  void neverForTheMountsOwn() {
    stale("p").reads(own("a"));
    pass(100);
    failing(fault(Fault.Kind.THROTTLED));

    assertThat(ended(stale("p").within(30).reads(own("a"))).isAnswered()).isFalse();
  }

  @Test
  @DisplayName("rule 16: never where the pod's token is missing")
  void neverWithoutAToken() {
    stale("p").reads("a");
    pass(100);
    failing(fault(Fault.Kind.THROTTLED));

    Asked asked =
        stale("p")
            .credentials(new Credentials(SecretBytes.empty(), Map.of()))
            .within(30)
            .reads("a");

    assertThat(ended(asked).isAnswered()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"2026-11-21T10:03:00Z, true", "2026-11-21T10:02:00Z, false"})
  @DisplayName("rule 16: never where the pod's token has expired")
  void neverWithAnExpiredToken(String expires, boolean serves) {
    stale("p").reads("a");
    pass(100);
    failing(fault(Fault.Kind.THROTTLED));

    // It is asked for at 10:01:40 and answered at 10:02:10.
    Asked asked = stale("p").credentials(PodCredentials.of("t", expires)).within(30).reads("a");

    assertThat(ended(asked).isAnswered()).isEqualTo(serves);
  }

  @ParameterizedTest
  @EnumSource(
      value = Reason.class,
      names = {"NOT_FOUND", "ACCESS_DENIED"})
  @DisplayName("rule 16: what the store denies is deleted: no later outage revives it")
  void noOutageRevivesWhatWasDenied(Reason reason) {
    stale("p").reads("a");
    pass(100);
    failing(MountFailure.of(reason, "denied"));
    stale("p").reads("a");
    failing(fault(Fault.Kind.THROTTLED));
    pass(2);

    assertThat(ended(stale("p").within(30).reads("a")).isAnswered()).isFalse();
    assertThat(ended(stale("q").within(30).reads("a")).isAnswered()).isFalse();
  }

  @Test
  @DisplayName("rule 16: what a store denies deletes nothing else")
  void aDenialDeletesNothingElse() {
    stale("p").reads("a", "b");
    pass(100);
    fail("a", denied());
    stale("p").reads("a");
    failing(throttled(60));

    assertThat(stale("q").within(30).reads("b").source("b")).isEqualTo(Source.STALE);
  }

  @Test
  @DisplayName("rule 16: a refused login deletes once each waiter's own token is refused")
  void aRefusedLoginDeletes() {
    stale("p").reads("a");
    pass(700);
    store.opening(
        (login, deadline) -> {
          throw loggedOut();
        });
    assertThat(stale("p").reads("a").isAnswered()).isFalse();
    store.opening(
        (login, deadline) -> {
          throw throttled(60);
        });

    assertThat(stale("q").within(30).reads("a").isAnswered()).isFalse();
  }

  @Test
  @DisplayName("rule 16: a session that is refused deletes once it is confirmed")
  void aRefusedSessionDeletesOnceConfirmed() {
    stale("p").reads("a");
    pass(100);
    failing(loggedOut());
    assertThat(stale("p").reads("a").isAnswered()).isFalse();
    assertThat(store.opened()).hasSize(2);
    failing(throttled(60));

    assertThat(stale("q").within(30).reads("a").isAnswered()).isFalse();
  }
}
