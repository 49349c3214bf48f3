package io.keybearer.provider.reader;

import static org.assertj.core.api.Assertions.assertThat;

import io.keybearer.provider.Fault;
import io.keybearer.provider.PodCredentials;
import io.keybearer.provider.Reason;
import io.keybearer.provider.SessionLife;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rule 10: one login for a session, with whose token, and how long it is kept. */
class LoginRulesTest extends ReaderScene {

  private final List<Asked> others = new ArrayList<>();

  @Test
  @DisplayName("rule 10: one login at a time for each session")
  void oneLoginAtATime() {
    store.opening(
        (login, deadline) -> {
          if (store.opened().size() == 1) {
            others.add(pod("q").reads("b"));
            others.add(pod("r").reads("c"));
          }
        });

    assertThat(pod("p").reads("a").isAnswered()).isTrue();

    assertThat(others).allMatch(Asked::isAnswered);
    assertThat(store.opened()).hasSize(1);
    assertThat(store.credentials()).containsExactly(PodCredentials.of("token of p"));
  }

  @ParameterizedTest
  @CsvSource({
    "100, 89, 1",
    "100, 90, 2",
    "300, 269, 1",
    "300, 270, 2",
    "600, 569, 1",
    "600, 570, 2"
  })
  @DisplayName(
      "rule 10: a session is kept until 90 % of its life, or 30 s before the end of a long one")
  void isKeptForMostOfItsLife(int life, int seconds, int logins) {
    store.life(SessionLife.of(Duration.ofSeconds(life)));
    pod("p").reads("a");
    pass(seconds);

    pod("q").reads("b");

    assertThat(store.opened()).hasSize(logins);
  }

  @Test
  @DisplayName("rule 10: a login that is over when it comes is not tried again at once")
  void aLoginThatIsOverWhenItComesFails() {
    store.life(SessionLife.of(Duration.ZERO));

    assertThat(pod("p").reads("a").failure("a").reason()).isEqualTo(Reason.PRECONDITION);

    assertThat(store.opened()).hasSize(1);
  }

  @Test
  @DisplayName("rule 10: a session whose uses are counted is not kept")
  void aSessionWithCountedUsesIsNotKept() {
    store.life(new SessionLife(Duration.ofHours(1), false));
    pod("p").reads("a", "b");
    assertThat(store.opened()).hasSize(1);

    pod("p").reads("c");

    assertThat(store.opened()).hasSize(2);
  }

  @Test
  @DisplayName("rule 10: a session is not logged in again before somebody needs it")
  void isRepeatedByWhoeverNeedsIt() {
    store.life(SessionLife.of(Duration.ofSeconds(100)));
    pod("p").reads("a");
    pass(3_000);

    assertThat(store.opened()).hasSize(1);
  }

  @Test
  @DisplayName("rule 10: a login that fails with one pod's token is tried with the next one's own")
  void triesTheNextOnesOwnToken() {
    store.opening(
        (login, deadline) -> {
          if (store.opened().size() == 1) {
            others.add(pod("q").reads("a"));
            others.add(pod("r").reads("a"));
            throw loggedOut();
          }
        });

    Asked dead = pod("p").reads("a");

    assertThat(dead.failure("a").reason()).isEqualTo(Reason.LOGIN_FAILED);
    assertThat(others).allMatch(Asked::isAnswered);
    assertThat(store.credentials())
        .containsExactly(PodCredentials.of("token of p"), PodCredentials.of("token of q"));
    assertThat(reads("a")).isEqualTo(1);
  }

  @Test
  @DisplayName("rule 10: equal tokens fail together, for another try would end alike")
  void equalTokensFailTogether() {
    store.opening(
        (login, deadline) -> {
          others.add(pod("p").at("/other").reads("a"));
          throw loggedOut();
        });

    assertThat(pod("p").reads("a").isAnswered()).isFalse();

    assertThat(others.get(0).failure("a").reason()).isEqualTo(Reason.LOGIN_FAILED);
    assertThat(store.opened()).hasSize(1);
  }

  @Test
  @DisplayName("rule 10: a store that can't be reached fails for all tokens alike")
  void anUnreachableStoreFailsForAll() {
    store.opening(
        (login, deadline) -> {
          if (store.opened().size() == 1) {
            others.add(pod("q").reads("a"));
          }
          throw fault(Fault.Kind.TLS);
        });

    pod("p").reads("a");

    assertThat(others.get(0).message("a")).isEqualTo("TLS; see the store");
    assertThat(store.opened()).hasSize(1);
  }

  @Test
  @DisplayName("rule 10: a session that the store takes no longer is opened again")
  void opensAgainWhatTheStoreTakesNoLonger() {
    pod("p").reads("a");
    pass(61);
    store.reading(
        (references, deadline, arrived) -> {
          if (store.opened().size() == 1) {
            throw loggedOut();
          }
          return answers(references);
        });

    assertThat(pod("p").reads("a").isAnswered()).isTrue();
    assertThat(store.opened()).hasSize(2);
  }

  @Test
  @DisplayName("rule 16: a session that is refused is tried with each one's own token, one by one")
  void triesEachOnesOwnTokenWhenASessionIsRefused() {
    pod("p").reads("a");
    pass(61);
    store.reading(
        (references, deadline, arrived) -> {
          if (store.requests().size() == 2) {
            others.add(pod("q").reads("a"));
            others.add(pod("r").reads("a"));
          }
          if (store.opened().size() < 4) {
            throw loggedOut();
          }
          return answers(references);
        });

    Asked first = pod("p").reads("a");

    assertThat(first.failure("a").reason()).isEqualTo(Reason.LOGIN_FAILED);
    assertThat(others.get(0).failure("a").reason()).isEqualTo(Reason.LOGIN_FAILED);
    assertThat(others.get(1).isAnswered()).isTrue();
    assertThat(store.credentials())
        .extracting(c -> c.serviceAccountTokens())
        .containsExactly(
            PodCredentials.of("token of p").serviceAccountTokens(),
            PodCredentials.of("token of p").serviceAccountTokens(),
            PodCredentials.of("token of q").serviceAccountTokens(),
            PodCredentials.of("token of r").serviceAccountTokens());
  }

  @Test
  @DisplayName("rule 10: a session that nobody uses for ten minutes is given back")
  void givesBackWhatNobodyUses() {
    pod("p").reads("a");
    pass(599);
    assertThat(store.ended()).isEmpty();
    pass(61);

    assertThat(store.ended()).containsExactly("session 1");
    assertThat(pod("p").reads("b").isAnswered()).isTrue();
    assertThat(store.opened()).hasSize(2);
  }

  @Test
  @DisplayName("rule 10: a session that has ended by itself is not given back")
  void givesNothingBackThatHasEnded() {
    store.life(SessionLife.of(Duration.ofSeconds(500)));
    pod("p").reads("a");
    pass(700);

    assertThat(store.opened()).hasSize(1);
    assertThat(store.ended()).isEmpty();
  }

  @Test
  @DisplayName("rule 10: a mount's own session that was replaced is given back, a shared one ends")
  void givesBackAMountsOwnSessionThatWasReplaced() {
    store.life(SessionLife.of(Duration.ofSeconds(100)));
    pod("p").reads(own("a"));
    pod("p").reads("b");
    pass(95);

    pod("p").every(10).reads(own("a"));
    pod("p").every(10).reads("b");

    assertThat(store.opened()).hasSize(4);
    assertThat(store.ended()).containsExactly("session 1");
  }

  @Test
  @DisplayName("nothing is left to do once nobody has asked for long")
  void leavesNothingToDo() {
    pod("p").reads("a", "b");
    pass(3_600);

    assertThat(time.alarms()).isZero();
  }
}
