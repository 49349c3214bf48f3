package io.keybearer.provider.reader;

import static org.assertj.core.api.Assertions.assertThat;

import io.keybearer.provider.ReadOutcome;
import io.keybearer.provider.Renewal;
import io.keybearer.provider.Scope;
import io.keybearer.provider.ScriptedBackend;
import io.keybearer.provider.ScriptedBackend.Reference;
import io.keybearer.provider.SecretValue;
import io.keybearer.provider.SessionLife;
import io.keybearer.provider.StoreScript;
import io.keybearer.provider.reader.TimedOutcome.Source;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What was minted outlives the process that asked for it. */
class RestartRulesTest extends NodeScene {

  @Test
  @DisplayName("a republish after a restart brings the same lease, without a login")
  void aRestartChangesNothing() {
    OneProcess first = starts();
    first.pod("p").reads(own("a"), own("b"));
    first.kill();

    Asked republish = starts().pod("p").reads(own("a"), own("b"));

    assertThat(republish.version("a")).isEqualTo("minted 1");
    assertThat(republish.version("b")).isEqualTo("minted 2");
    assertThat(republish.source("a")).isEqualTo(Source.MEMORY);
    assertThat(store.opened()).hasSize(1);
    assertThat(store.requests()).hasSize(2);
  }

  @Test
  @DisplayName("a mount that comes before anything was taken over finds what was minted for it")
  void aMountThatComesFirstFindsWhatWasMinted() {
    OneProcess first = starts();
    first.pod("p").reads(own("a"));
    first.kill();
    OneProcess second = new OneProcess(store, time, login, ledger);

    assertThat(second.pod("p").reads(own("a")).version("a")).isEqualTo("minted 1");
    assertThat(store.opened()).hasSize(1);
    assertThat(store.resumed()).containsExactly("session 1");
  }

  @Test
  @DisplayName("what a new object of the class makes is made in the session that was gone on with")
  void readsMoreInTheSameSession() {
    OneProcess first = starts();
    first.pod("p").reads(own("a"));
    first.kill();

    starts().pod("p").under("edited").reads(own("a"), own("b"));

    assertThat(store.readers()).containsExactly("session 1", "session 1");
    assertThat(keptValues("p")).containsExactly("minted 1", "minted 2");
  }

  @Test
  @DisplayName("a process that starts renews what it finds, though nobody comes back")
  void renewsWhatItFinds() {
    OneProcess first = starts();
    first.pod("p").reads(own("a"));
    pass(300);
    first.kill();
    OneProcess second = starts();
    pass(1_800);

    assertThat(store.renewed()).hasSizeBetween(4, 5);
    assertThat(second.pod("p").reads(own("a")).version("a")).isEqualTo("minted 1");
    assertThat(second.news()).isEmpty();
  }

  @Test
  @DisplayName("a lease that ended while no process ran is not served")
  void servesNothingThatEndedMeanwhile() {
    OneProcess first = starts();
    first.pod("p").reads(own("a"));
    first.kill();
    pass(600);
    OneProcess second = starts();

    assertThat(second.pod("p").reads(own("a")).version("a")).isEqualTo("minted 2");
  }

  @Test
  @DisplayName("a stop gives nothing back")
  void aStopGivesNothingBack() {
    OneProcess first = starts();
    first.pod("p").reads(own("a"));
    first.kill();
    pass(3_600);

    assertThat(store.ended()).isEmpty();
    assertThat(kept("p").sessions()).hasSize(1);
  }

  @Test
  @DisplayName("a pod that ends after a restart gives back what was minted before it")
  void aPodThatEndsGivesBackWhatWasMintedBefore() {
    OneProcess first = starts();
    first.pod("p").reads(own("a"));
    first.kill();
    OneProcess second = starts();

    second.reader().podEnded("uid of p");

    assertThat(store.ended()).containsExactly("session 1");
    assertThat(ledger.records()).isEmpty();
  }

  @Test
  @DisplayName("a pod whose end was told before its leases were found gives them back")
  void aPodWhoseEndWasToldBefore() {
    OneProcess first = starts();
    first.pod("p").reads(own("a"));
    first.kill();
    OneProcess second = new OneProcess(store, time, login, ledger);
    second.reader().podEnded("uid of p");
    second.reader().takeOver();

    assertThat(store.ended()).containsExactly("session 1");
  }

  @Test
  @DisplayName("another Secret of the volume finds nothing that was minted under the first one")
  void anotherSecretIsAnotherSession() {
    OneProcess first = starts();
    first.pod("p").secrets(Map.of("key", ScriptedBackend.bytes("old"))).reads(own("a"));
    first.kill();
    OneProcess second = starts();

    assertThat(
            second
                .pod("p")
                .secrets(Map.of("key", ScriptedBackend.bytes("old")))
                .reads(own("a"))
                .version("a"))
        .isEqualTo("minted 1");
    assertThat(
            second
                .pod("p")
                .secrets(Map.of("key", ScriptedBackend.bytes("new")))
                .reads(own("a"))
                .version("a"))
        .isEqualTo("minted 2");
    assertThat(store.readers()).containsExactly("session 1", "session 2");
    pass(200);
    assertThat(store.ended()).containsExactly("session 1");
  }

  @Test
  @DisplayName("a running pod keeps its leases, however often a republish fails after a restart")
  void aRunningPodKeepsItsLeases() {
    OneProcess first = starts();
    first.pod("p").reads(own("a"));
    first.kill();
    OneProcess second = starts();
    store.reading(
        (references, deadline, arrived) -> {
          throw missing();
        });
    second.pod("p").under("edited").reads(own("a"), own("b"));
    pass(300);

    assertThat(store.ended()).isEmpty();
  }

  @Test
  @DisplayName("a session that was opened for nothing is given back after a restart")
  void givesBackASessionOfNothing() {
    OneProcess first = starts();
    store.reading((references, deadline, arrived) -> answers(references));
    first.pod("p").reads(own("a"));
    assertThat(kept("p").sessions()).hasSize(1);
    first.kill();
    starts();
    pass(149);
    assertThat(store.ended()).isEmpty();
    pass(31);

    assertThat(store.ended()).containsExactly("session 1");
    assertThat(ledger.records()).isEmpty();
  }

  @Test
  @DisplayName("a session whose mount comes back is not given back, and reads on")
  void keepsASessionWhoseMountComesBack() {
    OneProcess first = starts();
    store.reading((references, deadline, arrived) -> answers(references));
    first.pod("p").reads(own("a"));
    first.kill();
    OneProcess second = starts();
    pass(100);
    second.pod("p").reads(own("a"));
    pass(200);

    assertThat(store.opened()).hasSize(1);
    assertThat(store.ended()).isEmpty();
  }

  @Test
  @DisplayName("a login that nobody waited for any more is given back in the end")
  void givesBackALoginThatNobodyWaitedFor() {
    OneProcess process = starts();
    store.opening((login, deadline) -> pass(20));
    process.pod("p").within(10).reads(own("a"));
    assertThat(kept("p").sessions()).hasSize(1);
    pass(300);

    assertThat(store.ended()).containsExactly("session 1");
    assertThat(ledger.records()).isEmpty();
  }

  @Test
  @DisplayName("an idle session leaves the ledger")
  void anIdleSessionLeaves() {
    OneProcess process = starts();
    store.reading((references, deadline, arrived) -> answers(references));
    process.pod("p").reads(own("a"));
    pass(700);

    assertThat(store.ended()).containsExactly("session 1");
    assertThat(ledger.records()).isEmpty();
  }

  @Test
  @DisplayName("a session that is proven to serve all leaves the ledger")
  void aSharedSessionLeaves() {
    OneProcess process = starts();
    store.proving(reference -> Scope.SHARED);
    store.reading((references, deadline, arrived) -> answers(references));
    process.pod("p").reads(Reference.unproven("kv", "a"));

    assertThat(ledger.records()).isEmpty();
    assertThat(process.pod("q").reads(Reference.unproven("kv", "a")).version("a")).isEqualTo("v1");
    assertThat(store.opened()).hasSize(1);
  }

  @Test
  @DisplayName("shared sessions are never kept")
  void keepsNoSharedSession() {
    OneProcess process = starts();
    store.reading((references, deadline, arrived) -> answers(references));
    process.pod("p").reads("a");

    assertThat(ledger.records()).isEmpty();
  }

  @Test
  @DisplayName("a store that can't go on with sessions keeps none")
  void keepsNothingOfAStoreThatCannot() {
    ScriptedBackend other = new ScriptedBackend();
    other.reading((references, deadline, arrived) -> minted(references));
    OneProcess process = new OneProcess(other, time, login, ledger);
    process.pod("p").reads(own("a"));

    assertThat(ledger.records()).isEmpty();
  }

  @Test
  @DisplayName("what a class names no more leaves the ledger")
  void whatIsNamedNoMoreLeaves() {
    OneProcess process = starts();
    process.pod("p").reads(own("a"), own("b"));
    process.pod("p").under("edited").reads(own("b"));

    assertThat(keptValues("p")).containsExactly("minted 2");
  }

  @Test
  @DisplayName("what was replaced leaves the ledger with its session")
  void whatWasReplacedLeaves() {
    store.renewing(StoreScript.Renewing.all(Duration.ZERO));
    OneProcess process = starts();
    process.pod("p").reads(own("a"));
    pass(450);
    process.pod("p").reads(own("a"));
    assertThat(keptValues("p")).containsExactly("minted 2");
    pass(200);

    assertThat(kept("p").sessions()).hasSize(1);
    assertThat(store.ended()).containsExactly("session 1");
  }

  @Test
  @DisplayName("a renewal is written down: who comes next knows how long a lease lives")
  void writesRenewalsDown() {
    OneProcess first = starts();
    first.pod("p").reads(own("a"));
    pass(405);
    assertThat(store.renewed()).hasSize(1);
    first.kill();
    pass(250);

    assertThat(starts().pod("p").reads(own("a")).version("a")).isEqualTo("minted 1");
  }

  @Test
  @DisplayName("a refused renewal is written down: who comes next replaces the value")
  void writesRefusalsDown() {
    store.renewing(
        minted ->
            new Renewal(SessionLife.endless(), Map.of(minted.iterator().next(), Duration.ZERO)));
    OneProcess first = starts();
    first.pod("p").reads(own("a"));
    pass(405);
    first.kill();

    assertThat(starts().pod("p").reads(own("a")).version("a")).isEqualTo("minted 2");
  }

  @Test
  @DisplayName("what an unknown store has kept is left alone")
  void leavesWhatAnUnknownStoreHasKept() {
    ScriptedBackend other = new ScriptedBackend("other", 1, 10).lasting();
    other.reading((references, deadline, arrived) -> minted(references));
    OneProcess first = new OneProcess(other, time, other.login("web", ADDRESS), ledger);
    first.pod("p").reads(own("a"));
    first.kill();
    OneProcess second = starts();
    second.pod("q").reads(own("a"));
    pass(3_600);

    assertThat(keptValues("p")).containsExactly("minted 1");
    assertThat(other.ended()).isEmpty();
    assertThat(second.pod("q").reads(own("a")).version("a")).isEqualTo("minted 2");
  }

  @Test
  @DisplayName("what is too large to be a value is not kept")
  void keepsNothingTooLarge() {
    OneProcess process = starts();
    store.reading(
        (references, deadline, arrived) ->
            Map.of(
                own("a"),
                new ReadOutcome.Value(
                    SecretValue.of("a", "1", ScriptedBackend.bytes("x".repeat(1_000_001)))
                        .mintedFor(MINTED_FOR))));
    process.pod("p").reads(own("a"));

    assertThat(keptValues("p")).isEmpty();
  }
}
