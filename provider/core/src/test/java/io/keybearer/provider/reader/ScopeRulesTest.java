package io.keybearer.provider.reader;

import static org.assertj.core.api.Assertions.assertThat;

import io.keybearer.provider.Fault;
import io.keybearer.provider.Login;
import io.keybearer.provider.MountFailure;
import io.keybearer.provider.Reason;
import io.keybearer.provider.Scope;
import io.keybearer.provider.ScriptedBackend;
import io.keybearer.provider.ScriptedBackend.Reference;
import io.keybearer.provider.reader.TimedOutcome.Source;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Rule 1: who shares what; and what of rule 2 does not depend on what is minted. */
class ScopeRulesTest extends ReaderScene {

  private static final Reference KV = Reference.unproven("kv", "a");

  private static MountFailure refused() {
    return MountFailure.of(Reason.ACCESS_DENIED, "may not see mounts", "see the policy");
  }

  @Test
  @DisplayName("rule 1: a shared reference is read once for all mounts of a session")
  void sharesWhatIsDeclaredShared() {
    pod("p").reads("a");

    assertThat(pod("q").reads("a").source("a")).isEqualTo(Source.MEMORY);
    assertThat(store.opened()).hasSize(1);
  }

  @Test
  @DisplayName("rule 1: what differs in a session is never shared")
  void sharesNothingBetweenSessions() {
    pod("p").reads("a");

    pod("p").with(store.login("admin", ADDRESS)).reads("a");
    pod("p").with(store.login("web", "https://elsewhere")).reads("a");
    pod("p").secrets(Map.of("password", ScriptedBackend.bytes("x"))).reads("a");
    pod("p").secrets(Map.of("password", ScriptedBackend.bytes("y"))).reads("a");
    pod("p").secrets(Map.of("passwore", ScriptedBackend.bytes("x"))).reads("a");

    assertThat(reads("a")).isEqualTo(6);
    assertThat(store.opened()).hasSize(6);
  }

  @Test
  @DisplayName("rule 1: a service account that was made anew is another one")
  void sharesNothingBetweenServiceAccountsOfOneName() {
    pod("p").token(Tokens.of("uid of p", "sa-1")).reads("a");
    pod("q").token(Tokens.of("uid of q", "sa-1")).reads("a");
    assertThat(reads("a")).isEqualTo(1);

    pod("r").token(Tokens.of("uid of r", "sa-2")).reads("a");

    assertThat(reads("a")).isEqualTo(2);
    assertThat(store.opened()).hasSize(2);
  }

  @Test
  @DisplayName("rule 1: what a store has read before its generation changed is not used any more")
  void sharesNothingBetweenGenerations() {
    pod("p").reads(Reference.pinned("a"));
    store.nextGeneration();

    pod("p").reads(Reference.pinned("a"));

    assertThat(reads("a")).isEqualTo(2);
  }

  @Test
  @DisplayName("rule 1: shareReads \"false\" makes every reference the mount's own")
  void sharesNothingWhereTheClassForbidsIt() {
    pod("p").unshared().reads("a");
    pod("q").unshared().reads("a");
    pod("r").reads("a");

    assertThat(reads("a")).isEqualTo(3);
    assertThat(store.opened()).hasSize(3);
    assertThat(pod("p").unshared().reads("a").source("a")).isEqualTo(Source.MEMORY);
  }

  @Test
  @DisplayName("rule 2: a mount's own reference answers no other mount")
  void ownReferencesAnswerNoOtherMount() {
    pod("p").reads(own("a"));
    pod("p").at("/other").reads(own("a"));
    pod("q").reads(own("a"));

    assertThat(reads("a")).isEqualTo(3);
    assertThat(store.opened()).hasSize(3);
    assertThat(pod("p").reads(own("a")).source("a")).isEqualTo(Source.MEMORY);
  }

  @Test
  @DisplayName("rule 2: mounts that want their own at once are not one read")
  void ownReferencesAreNotCoalesced() {
    store.reading(
        (references, deadline, arrived) -> {
          if (reads("a") == 1) {
            pod("q").reads(own("a"));
          }
          return answers(references);
        });

    pod("p").reads(own("a"));

    assertThat(reads("a")).isEqualTo(2);
  }

  @Test
  @DisplayName("rule 1: what the store proves to be stored is shared, session and value")
  void sharesWhatTheStoreProves() {
    store.proving(reference -> Scope.SHARED);

    assertThat(pod("p").reads(KV).isAnswered()).isTrue();
    assertThat(pod("q").reads(KV).source("a")).isEqualTo(Source.MEMORY);
    assertThat(pod("q").reads(Reference.unproven("kv", "b")).source("b")).isEqualTo(Source.STORE);

    assertThat(store.proofs()).containsExactly("kv in session 1");
    assertThat(store.readers()).containsExactly("session 1", "session 1");
    assertThat(store.opened()).hasSize(1);
  }

  @Test
  @DisplayName("rule 1: what the store does not prove belongs to the mount")
  void keepsApartWhatTheStoreDoesNotProve() {
    store.proving(reference -> Scope.MOUNT);

    pod("p").reads(KV);
    pod("q").reads(KV);

    assertThat(reads("a")).isEqualTo(2);
    assertThat(store.opened()).hasSize(2);
    assertThat(store.proofs()).containsExactly("kv in session 1");
  }

  @Test
  @DisplayName("rule 1: a proof is asked for again after ten minutes")
  void asksAgainAfterTenMinutes() {
    store.proving(reference -> Scope.SHARED);
    pod("p").reads(KV);
    pass(599);
    pod("q").reads(KV);
    assertThat(store.proofs()).hasSize(1);
    pass(3);

    assertThat(pod("r").reads(KV).isAnswered()).isTrue();

    assertThat(store.proofs()).hasSize(2);
    assertThat(pod("s").reads(KV).source("a")).isEqualTo(Source.MEMORY);
  }

  @Test
  @DisplayName("rule 1: an old proof still tells where values are: a fresh one needs no other")
  void aFreshValueNeedsNoOtherProof() {
    store.proving(reference -> Scope.SHARED);
    pod("p").every(3_600).reads(KV);
    for (int i = 0; i < 50; i++) {
      pass(60);
      pod("p").every(3_600).reads(KV);
    }

    assertThat(reads("a")).isEqualTo(1);
    assertThat(store.proofs()).hasSize(1);
  }

  @Test
  @DisplayName("rule 16: an old value serves though its proof is too old to read with")
  void anOldValueServesWithAnOldProof() {
    store.proving(reference -> Scope.SHARED);
    pod("p").staleFor(Duration.ofHours(1)).reads(KV);
    pass(1_800);
    store.opening(
        (login, deadline) -> {
          throw fault(Fault.Kind.UNREACHABLE);
        });

    Asked asked = pod("p").staleFor(Duration.ofHours(1)).reads(KV);
    pass(10);

    assertThat(asked.source("a")).isEqualTo(Source.STALE);
  }

  @Test
  @DisplayName("rule 1: a proof holds for its mount, address and nothing else")
  void asksForEachSubjectAndAddress() {
    store.proving(reference -> Scope.SHARED);
    pod("p").reads(KV);
    pod("p").reads(Reference.unproven("database", "b"));
    pod("p").with(store.login("web", "https://elsewhere")).reads(KV);

    assertThat(store.proofs())
        .containsExactly("kv in session 1", "database in session 2", "kv in session 3");
  }

  @Test
  @DisplayName("rule 1: those who come while a proof is asked for wait for it")
  void thoseWhoComeMeanwhileWait() {
    store.proving(
        reference -> {
          pass(1);
          Asked sibling = pod("q").reads(KV);
          assertThat(sibling.isOver()).isFalse();
          return Scope.SHARED;
        });

    pod("p").reads(KV);

    assertThat(reads("a")).isEqualTo(1);
    assertThat(store.opened()).hasSize(1);
    assertThat(pod("q").reads(KV).isRepublish()).isTrue();
  }

  @Test
  @DisplayName("rule 1: the mount that asks reads all it wants of the subject meanwhile")
  void theOneWhoAsksReadsSideBySide() {
    List<Integer> readBeforeProof = new ArrayList<>();
    store.proving(
        reference -> {
          readBeforeProof.add(store.requests().size());
          return Scope.SHARED;
        });

    pod("p").reads(KV, Reference.unproven("kv", "b"), Reference.unproven("kv", "c"));

    assertThat(readBeforeProof).containsExactly(3);
    assertThat(store.opened()).hasSize(1);
    assertThat(pod("q").reads(KV, Reference.unproven("kv", "c")).source("c"))
        .isEqualTo(Source.MEMORY);
  }

  @Test
  @DisplayName("rule 1: a read that is under way when the proof comes is shared too")
  void sharesAReadUnderWay() {
    store.proving(reference -> Scope.SHARED);
    store.reading(
        (references, deadline, arrived) -> {
          if (reads("a") == 1) {
            // The proof is asked for beside the read: here, another mount wants both meanwhile.
            assertThat(pod("q").reads(KV).isOver()).isFalse();
          }
          return answers(references);
        });

    pod("p").reads(KV);

    assertThat(reads("a")).isEqualTo(1);
    assertThat(pod("q").reads(KV).isRepublish()).isTrue();
  }

  @Test
  @DisplayName("rule 1: a refused proof binds the session that asked, and another may ask")
  void aRefusedProofBindsOneSession() {
    store.proving(
        reference -> {
          if (store.proofs().size() == 1) {
            throw refused();
          }
          return Scope.SHARED;
        });
    assertThat(pod("p").reads(KV).isAnswered()).isTrue();

    assertThat(pod("q").reads(KV).isAnswered()).isTrue();
    assertThat(pod("r").reads(KV).source("a")).isEqualTo(Source.MEMORY);

    assertThat(store.proofs()).containsExactly("kv in session 1", "kv in session 2");
    assertThat(reads("a")).isEqualTo(2);
  }

  @Test
  @DisplayName("rule 1: when a proof is refused, those who waited for it ask themselves")
  void thoseWhoWaitedAskThemselves() {
    store.proving(
        reference -> {
          if (store.proofs().size() == 1) {
            pod("q").reads(KV);
            throw refused();
          }
          return Scope.MOUNT;
        });

    pod("p").reads(KV);

    assertThat(store.proofs()).containsExactly("kv in session 1", "kv in session 2");
    assertThat(pod("q").reads(KV).isRepublish()).isTrue();
  }

  @Test
  @DisplayName("rule 1: when the one who was to ask can't log in, another one asks")
  void anotherOneAsksWhenALoginFails() {
    store.proving(reference -> Scope.SHARED);
    store.opening(
        (login, deadline) -> {
          if (store.opened().size() == 1) {
            pod("q").reads(KV);
            throw loggedOut();
          }
        });

    assertThat(pod("p").reads(KV).isAnswered()).isFalse();

    assertThat(pod("q").reads(KV).isRepublish()).isTrue();
    assertThat(store.proofs()).containsExactly("kv in session 1");
  }

  @Test
  @DisplayName("rule 1: a session in which the mount's own was read is not shared")
  void doesNotShareASessionThatHoldsTheMountsOwn() {
    store.proving(reference -> Scope.SHARED);

    pod("p").reads(KV, own("lease"));
    pod("q").reads(KV, Reference.unproven("kv", "b"));

    assertThat(reads("a")).isEqualTo(1);
    assertThat(store.readers()).containsExactly("session 1", "session 1", "session 2");
  }

  @Test
  @DisplayName("rule 1: what the store made is the mount's own, whatever it had proven")
  void whatWasMintedIsTheMountsOwnWhateverWasProven() {
    store.proving(reference -> Scope.SHARED);
    pod("p").reads(Reference.unproven("kv", "other"));
    store.reading((references, deadline, arrived) -> minted(references));

    Asked first = pod("p").reads(KV);
    Asked second = pod("q").reads(KV);

    assertThat(first.version("a")).isEqualTo("minted 1");
    assertThat(second.version("a")).isEqualTo("minted 2");
    assertThat(pod("p").reads(KV).version("a")).isEqualTo("minted 1");
    Login same = login;
    assertThat(pod("q").with(same).reads(KV).version("a")).isEqualTo("minted 2");
  }
}
