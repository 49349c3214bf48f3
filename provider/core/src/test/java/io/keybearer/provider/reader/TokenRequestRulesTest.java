package io.keybearer.provider.reader;

import static org.assertj.core.api.Assertions.assertThat;

import io.keybearer.provider.Credentials;
import io.keybearer.provider.DirectThreads;
import io.keybearer.provider.Fault;
import io.keybearer.provider.Login;
import io.keybearer.provider.MountFailure;
import io.keybearer.provider.PodCredentials;
import io.keybearer.provider.PodIdentity;
import io.keybearer.provider.Reason;
import io.keybearer.provider.ScriptedBackend;
import io.keybearer.provider.SecretBytes;
import io.keybearer.provider.SessionLife;
import io.keybearer.provider.token.ServiceAccountTokens;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Tokens that are made where the driver brings none. */
class TokenRequestRulesTest extends ReaderScene {

  private static final Credentials NONE = new Credentials(SecretBytes.empty(), Map.of());

  private interface Making {
    void before() throws MountFailure;
  }

  private final List<String> asked = new ArrayList<>();
  private final List<Asked> others = new ArrayList<>();
  private Making making = () -> {};
  private Duration life = Duration.ofMinutes(10);
  private final SecretReader requesting =
      new SecretReader(
          name -> store,
          new SecretReader.Bounds(100, 100, 1_000_000, 1_000_000),
          new SecretReader.Time(time, time, time),
          RequestedTokens.of(
              (pod, audience, deadline) -> {
                asked.add(audience + " of " + pod.uid());
                making.before();
                return ServiceAccountTokens.token(
                    made(pod, asked.size()), time.instant().plus(life).toString());
              },
              new SecretReader.Time(time, time, time)),
          SecretReader.Lasting.nothing(),
          new DirectThreads());

  private static String made(PodIdentity pod, int number) {
    return "made " + number + " for " + pod.name();
  }

  @AfterEach
  void closeRequesting() {
    requesting.close();
  }

  private Asking tokenless(String name) {
    return new Asking(requesting, time, name, login).credentials(NONE);
  }

  /** The tokens that the store was logged in with, in their order. */
  private List<String> logins() {
    return store.credentials().stream()
        .map(
            credentials -> {
              try {
                return ServiceAccountTokens.of(credentials).byAudience().entrySet().stream()
                    .map(
                        entry ->
                            entry.getKey()
                                + ": "
                                + new String(
                                    entry.getValue().text().reveal(), StandardCharsets.UTF_8))
                    .sorted()
                    .toList()
                    .toString();
              } catch (MountFailure e) {
                throw new AssertionError(e);
              }
            })
        .toList();
  }

  /** The session is opened anew for each read. */
  private void loginEachTime() {
    store.life(new SessionLife(Duration.ofHours(1), false));
  }

  private static MountFailure apiServer(Reason reason, Fault fault) {
    return MountFailure.of(reason, "Kubernetes API: told", "see it").because(fault);
  }

  @Test
  void asksForTheTokenThatTheDriverDidNotBring() {
    Asked mount = tokenless("p").reads("a");

    assertThat(mount.isAnswered()).isTrue();
    assertThat(asked).containsExactly("store of uid of p");
    assertThat(logins()).containsExactly("[store: made 1 for p]");
  }

  @Test
  void asksForNoneWhereTheDriverBroughtIt() {
    Asked mount = new Asking(requesting, time, "p", login).reads("a");

    assertThat(mount.isAnswered()).isTrue();
    assertThat(asked).isEmpty();
    assertThat(store.credentials()).containsExactly(PodCredentials.of("token of p"));
  }

  @Test
  void asksForNoneWithoutTheOption() {
    Asked mount = pod("p").credentials(NONE).reads("a");

    assertThat(mount.isAnswered()).isTrue();
    assertThat(store.credentials()).containsExactly(NONE);
  }

  @Test
  void asksForNoneWhereTheLoginTakesNone() {
    tokenless("p").with(Login.withoutToken(login.key())).reads("a");

    assertThat(asked).isEmpty();
    assertThat(store.credentials()).containsExactly(NONE);
  }

  @Test
  void takesAnExpiredTokenForNone() {
    String now = time.instant().toString();

    tokenless("p").credentials(PodCredentials.of("expired", now)).reads("a");

    assertThat(logins()).containsExactly("[store: made 1 for p]");
  }

  @Test
  void keepsTheOtherTokensAndTheSecretOfTheVolume() {
    Map<String, SecretBytes> secret = Map.of("id", ScriptedBackend.bytes("secret id"));
    Login both = new Login(login.key(), List.of("store", "other"));

    tokenless("p").with(both).token("brought").secrets(secret).reads("a");

    assertThat(asked).containsExactly("other of uid of p");
    assertThat(logins()).containsExactly("[other: made 1 for p, store: brought]");
    assertThat(store.credentials().get(0).nodePublishSecrets()).isEqualTo(secret);
  }

  @Test
  void keepsATokenForFourFifthsOfItsLife() {
    loginEachTime();
    tokenless("p").every(10).reads("a");
    pass(479);
    tokenless("p").every(10).reads("a");
    assertThat(asked).hasSize(1);

    pass(1);
    tokenless("p").every(10).reads("b");

    assertThat(asked).hasSize(2);
    assertThat(logins())
        .containsExactly("[store: made 1 for p]", "[store: made 1 for p]", "[store: made 2 for p]");
  }

  @Test
  void doesNotBelieveThatATokenLivesForDays() {
    loginEachTime();
    life = Duration.ofDays(2);
    tokenless("p").reads("a");
    pass(12 * 60);

    tokenless("p").reads("b");

    assertThat(asked).hasSize(2);
  }

  @Test
  void keepsNoTokenThatIsOverAlready() {
    loginEachTime();
    life = Duration.ofMinutes(-1);
    tokenless("p").reads("a");

    tokenless("p").reads("b");

    assertThat(asked).hasSize(2);
  }

  @Test
  void givesATokenToItsPodAndAudienceAlone() {
    loginEachTime();
    tokenless("p").reads("a");
    tokenless("q").reads("b");
    tokenless("p").with(Login.withToken(store.login("other", ADDRESS).key(), "aws")).reads("c");

    assertThat(asked).containsExactly("store of uid of p", "store of uid of q", "aws of uid of p");
  }

  @Test
  void asksAgainOnceTheStoreRefusedIt() {
    store.opening(
        (login, deadline) -> {
          if (store.opened().size() == 1) {
            throw loggedOut();
          }
        });
    assertThat(tokenless("p").reads("a").failure("a").reason()).isEqualTo(Reason.LOGIN_FAILED);
    pass(2);

    assertThat(tokenless("p").reads("a").isAnswered()).isTrue();
    assertThat(logins()).containsExactly("[store: made 1 for p]", "[store: made 2 for p]");
  }

  /** Both have no token, and are no more alike for it. */
  @Test
  void triesTheNextPodsOwnTokenToo() {
    store.opening(
        (login, deadline) -> {
          if (store.opened().size() == 1) {
            others.add(tokenless("q").reads("a"));
            throw loggedOut();
          }
        });

    assertThat(tokenless("p").reads("a").failure("a").reason()).isEqualTo(Reason.LOGIN_FAILED);

    assertThat(others).allMatch(Asked::isAnswered);
    assertThat(logins()).containsExactly("[store: made 1 for p]", "[store: made 2 for q]");
  }

  /** A pod that is gone gets no token; its siblings do. */
  @Test
  void aPodThatIsGoneFailsAlone() {
    making =
        () -> {
          if (asked.size() == 1) {
            others.add(tokenless("q").reads("a"));
            throw MountFailure.of(Reason.NOT_FOUND, "the pod is gone");
          }
        };

    Asked gone = tokenless("p").reads("a");

    assertThat(gone.message("a"))
        .isEqualTo(
            "the pod is gone; it was asked for a token of audience \"store\", which the driver did"
                + " not bring");
    assertThat(others).allMatch(Asked::isAnswered);
  }

  /** What the API server does says nothing of the store: its gate stays open. */
  @Test
  void anApiServerThatCanNotBeReachedHurtsNobodyWhoBroughtATokenOfItsOwn() {
    loginEachTime();
    making =
        () -> {
          if (others.isEmpty()) {
            others.add(new Asking(requesting, time, "q", login).reads("a"));
            others.add(tokenless("r").reads("a"));
          }
          throw apiServer(Reason.STORE_UNAVAILABLE, Fault.of(Fault.Kind.TLS));
        };

    Asked without = tokenless("p").reads("a");

    assertThat(without.failure("a").reason()).isEqualTo(Reason.STORE_UNAVAILABLE);
    assertThat(others.get(0).isAnswered()).as("brought its own").isTrue();
    assertThat(others.get(1).failure("a").reason()).isEqualTo(Reason.STORE_UNAVAILABLE);
    for (int i = 0; i < 5; i++) {
      assertThat(tokenless("s" + i).reads("s" + i).isAnswered()).isFalse();
    }
    assertThat(new Asking(requesting, time, "t", login).reads("t").isAnswered()).isTrue();
  }

  @Test
  void triesAgainWhileTheApiServerCanNotBeReached() {
    making =
        () -> {
          if (asked.size() < 3) {
            throw apiServer(Reason.STORE_UNAVAILABLE, Fault.of(Fault.Kind.UNREACHABLE));
          }
        };

    Asked mount = tokenless("p").reads("a");
    pass(5);

    assertThat(mount.isAnswered()).isTrue();
    assertThat(asked).hasSize(3);
    assertThat(store.opened()).hasSize(1);
  }

  @Test
  void takesATokenThatLivesWhileNoOtherCanBeMade() {
    loginEachTime();
    tokenless("p").reads("a");
    making =
        () -> {
          throw apiServer(Reason.STORE_UNAVAILABLE, Fault.of(Fault.Kind.UNREACHABLE));
        };
    pass(599);
    assertThat(tokenless("p").reads("b").isAnswered()).isTrue();
    pass(1);

    assertThat(tokenless("p").within(1).reads("c").isAnswered()).isFalse();
  }

  /** The session may live longer than the token that opened it. */
  @Test
  void givesAnOlderValueOnlyWhileItsTokenLives() {
    tokenless("p").reads("a");
    store.reading(
        (references, deadline, arrived) -> {
          throw throttled(10_000);
        });

    for (int minutes = 3; minutes < 10; minutes += 3) {
      pass(3 * 60);
      assertThat(tokenless("p").staleFor(Duration.ofHours(1)).reads("a").isAnswered()).isTrue();
    }
    pass(60);

    assertThat(tokenless("p").staleFor(Duration.ofHours(1)).reads("a").isAnswered()).isFalse();
    assertThat(asked).hasSize(1);
  }
}
