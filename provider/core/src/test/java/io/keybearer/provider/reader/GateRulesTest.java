package io.keybearer.provider.reader;

import static org.assertj.core.api.Assertions.assertThat;

import io.keybearer.provider.Endpoint;
import io.keybearer.provider.Fault;
import io.keybearer.provider.Login;
import io.keybearer.provider.SessionKey;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Rules 14 and 15: what keeps a store from being hammered. */
class GateRulesTest extends ReaderScene {

  private void unreachable(Fault.Kind kind) {
    store.opening(
        (login, deadline) -> {
          throw fault(kind);
        });
  }

  private void reachable() {
    store.opening((login, deadline) -> {});
  }

  private int logins() {
    return store.opened().size();
  }

  @Test
  @DisplayName("rule 15: after three failures to connect the others fail at once, with that cause")
  void closesAfterThreeFailures() {
    unreachable(Fault.Kind.UNREACHABLE);
    pod("p").reads("a");
    pass(1);
    assertThat(logins()).isEqualTo(3);

    for (int i = 0; i < 50; i++) {
      Asked other = pod("q" + i).with(store.login("role" + i, ADDRESS)).reads("a");
      assertThat(other.message("a")).isEqualTo("UNREACHABLE; see the store");
    }

    assertThat(logins()).isEqualTo(3);
  }

  @Test
  @DisplayName("rule 15: failures of TLS close it too")
  void closesAfterFailuresOfTls() {
    unreachable(Fault.Kind.TLS);
    for (int i = 0; i < 10; i++) {
      pod("p" + i).with(store.login("role" + i, ADDRESS)).reads("a");
    }

    assertThat(logins()).isEqualTo(3);
  }

  @Test
  @DisplayName("rule 15: one probe a second goes out, and one at a time")
  void oneProbeASecond() {
    unreachable(Fault.Kind.TLS);
    for (int second = 0; second < 10; second++) {
      for (int i = 0; i < 20; i++) {
        pod("p" + i).with(store.login("role" + i, ADDRESS)).reads("a");
        time.turn(Duration.ofMillis(50));
      }
    }

    assertThat(logins()).isBetween(11, 13);
  }

  @Test
  @DisplayName("rule 15: while a probe is out, nobody else goes")
  void oneProbeAtATime() {
    unreachable(Fault.Kind.TLS);
    for (int i = 0; i < 3; i++) {
      pod("p" + i).with(store.login("role" + i, ADDRESS)).reads("a");
    }
    pass(1);
    store.opening(
        (login, deadline) -> {
          pass(5);
          Asked other = pod("q").with(store.login("other", ADDRESS)).reads("a");
          assertThat(other.message("a")).isEqualTo("TLS; see the store");
        });

    assertThat(pod("p").reads("a").isAnswered()).isTrue();

    assertThat(logins()).isEqualTo(4);
  }

  @Test
  @DisplayName("rule 15: a probe that connects lets everybody in again")
  void opensAfterOneProbe() {
    unreachable(Fault.Kind.UNREACHABLE);
    pod("p").reads("a");
    pass(2);
    reachable();

    assertThat(pod("p").reads("a").isAnswered()).isTrue();
    assertThat(pod("q").with(store.login("other", ADDRESS)).reads("a").isAnswered()).isTrue();
  }

  @Test
  @DisplayName("rule 15: a probe whose mount has left keeps nobody out")
  void aProbeThatWasLeftKeepsNobodyOut() {
    unreachable(Fault.Kind.TLS);
    for (int i = 0; i < 3; i++) {
      pod("p" + i).with(store.login("role" + i, ADDRESS)).reads("a");
    }
    pass(1);
    store.opening(
        (login, deadline) -> {
          if (store.opened().size() == 4) {
            pass(10);
            assertThat(Thread.interrupted()).isTrue();
          }
        });
    pod("p").within(5).reads("a");

    assertThat(pod("q").with(store.login("other", ADDRESS)).reads("a").isAnswered()).isTrue();
  }

  @Test
  @DisplayName("rule 15: two failures and a success close nothing")
  void onlyConsecutiveFailuresClose() {
    for (int i = 0; i < 5; i++) {
      unreachable(Fault.Kind.TLS);
      pod("p").with(store.login("a" + i, ADDRESS)).reads("a");
      pod("p").with(store.login("b" + i, ADDRESS)).reads("a");
      reachable();
      assertThat(pod("p").with(store.login("c" + i, ADDRESS)).reads("a").isAnswered()).isTrue();
    }
  }

  @Test
  @DisplayName("rule 15: statuses of HTTP never close it")
  void statusesNeverClose() {
    unreachable(Fault.Kind.SERVER_ERROR);
    for (int i = 0; i < 10; i++) {
      pod("p").with(store.login("role" + i, ADDRESS)).reads("a");
    }
    pass(10);

    assertThat(logins()).isEqualTo(30);
  }

  @Test
  @DisplayName(
      "rule 15: other settings of the connection, and other addresses, have their own gate")
  void othersHaveTheirOwnGate() {
    unreachable(Fault.Kind.UNREACHABLE);
    pod("p").reads("a");
    pass(1);
    reachable();
    SessionKey closed = login.key();
    Login otherCa =
        Login.withToken(
            new SessionKey(
                closed.backend(),
                new Endpoint(ADDRESS, Map.of("ca", "other")),
                closed.settings(),
                closed.namespace(),
                closed.serviceAccount()),
            "store");

    assertThat(pod("p").with(otherCa).reads("a").isAnswered()).isTrue();
    assertThat(pod("p").with(store.login("web", "https://x")).reads("a").isAnswered()).isTrue();
    assertThat(logins()).isEqualTo(5);
  }

  @Test
  @DisplayName("rule 14: a refusal is answered from memory for 1 s, doubling to 30 s")
  void remembersARefusalEverLonger() {
    fail("a", denied());
    int asked = 0;
    for (int pause : new int[] {1, 2, 4, 8, 16, 30, 30, 30}) {
      pod("p").reads("a");
      asked++;
      assertThat(reads("a")).isEqualTo(asked);
      time.turn(Duration.ofSeconds(pause).minusNanos(1));
      assertThat(pod("p").reads("a").message("a")).isEqualTo("denied; see the policy");
      assertThat(reads("a")).isEqualTo(asked);
      time.turn(Duration.ofNanos(1));
    }
  }

  @Test
  @DisplayName("rule 14: a refused login is answered from memory too")
  void remembersARefusedLogin() {
    store.opening(
        (login, deadline) -> {
          throw loggedOut();
        });
    pod("p").reads("a", "b");

    assertThat(pod("p").reads("a", "b").message("b")).isEqualTo("session not known; log in");
    assertThat(logins()).isEqualTo(1);
  }

  @Test
  @DisplayName("rule 14: a refusal never answers another pod, another token or other parameters")
  void aRefusalAnswersNobodyElse() {
    fail("a", denied());
    pod("p").reads("a");

    pod("q").token("token of p").reads("a");
    pod("p").token("a new token").reads("a");
    pod("p").under("edited").reads("a");
    pod("p").with(store.login("admin", ADDRESS)).reads("a");

    assertThat(reads("a")).isEqualTo(5);
  }

  @Test
  @DisplayName("rule 14: what succeeds in between is forgotten")
  void forgetsWhatSucceeded() {
    fail("a", denied());
    pod("p").reads("a");
    pass(1);
    pod("p").reads("a");
    pass(2);
    repair("a");
    assertThat(pod("p").reads("a").isAnswered()).isTrue();
    pass(61);
    fail("a", denied());
    pod("p").reads("a");
    pass(1);

    pod("p").reads("a");

    assertThat(reads("a")).isEqualTo(5);
  }

  @Test
  @DisplayName("rule 14: an object that is missing is looked for each time")
  void doesNotRememberWhatIsMissing() {
    fail("a", missing());
    pod("p").reads("a");
    pod("p").reads("a");

    assertThat(reads("a")).isEqualTo(2);
  }
}
