package io.keybearer.provider.reader;

import static org.assertj.core.api.Assertions.assertThat;

import io.keybearer.provider.MountFailure;
import io.keybearer.provider.PodIdentity;
import io.keybearer.provider.Reason;
import io.keybearer.provider.Renewal;
import io.keybearer.provider.SessionLife;
import io.keybearer.provider.StoreScript;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What becomes of leases whose mount does not come back, and who is told of it. */
class SilenceRulesTest extends NodeScene {

  private static final PodIdentity P = new PodIdentity("shop", "p", "uid of p", "web");

  private final OneProcess process = starts();

  private void republish(int times, int pause) {
    for (int i = 0; i < times; i++) {
      pass(pause);
      assertThat(process.pod("p").reads(own("a")).version("a")).isEqualTo("minted 1");
    }
  }

  @Test
  @DisplayName("without ends of pods, what used to come back is not renewed once it stays away")
  void givesUpWhatStaysAway() {
    process.pod("p").reads(own("a"));
    republish(3, 60);
    pass(1_500);

    int renewed = store.renewed().size();
    assertThat(process.news())
        .singleElement()
        .isInstanceOfSatisfying(
            MintNews.GivenUp.class,
            news -> {
              assertThat(news.pod()).isEqualTo(P);
              assertThat(news.silence()).isBetween(Duration.ofMinutes(15), Duration.ofMinutes(23));
            });
    pass(3_600);
    assertThat(store.renewed()).hasSize(renewed);
    assertThat(process.news()).hasSize(1);
    assertThat(process.reader().mintCounts().held()).isZero();
  }

  @Test
  @DisplayName("a longer pause between calls makes a longer silence")
  void aLongerPauseMakesALongerSilence() {
    process.pod("p").reads(own("a"));
    republish(3, 300);
    pass(2_900);

    assertThat(process.news()).isEmpty();
    pass(600);
    assertThat(process.news()).hasSize(1);
  }

  @Test
  @DisplayName("what was given up and comes back before its end is renewed again")
  void renewsAgainWhatComesBack() {
    store.life(SessionLife.of(Duration.ofHours(2)));
    process.pod("p").reads(own("a"));
    republish(2, 60);
    while (process.news().isEmpty()) {
      pass(10);
    }
    int renewed = store.renewed().size();
    assertThat(process.pod("p").reads(own("a")).version("a")).isEqualTo("minted 1");
    pass(600);

    assertThat(store.renewed()).hasSizeGreaterThan(renewed);
    assertThat(process.pod("p").reads(own("a")).version("a")).isEqualTo("minted 1");
  }

  @Test
  @DisplayName("what was given up and comes back after its end is minted anew")
  void mintsAnewForWhatComesTooLate() {
    process.pod("p").reads(own("a"));
    republish(2, 60);
    pass(3_600);

    assertThat(process.pod("p").reads(own("a")).version("a")).isEqualTo("minted 2");
  }

  @Test
  @DisplayName("without rotation, leases are renewed however long nobody comes")
  void renewsWhatNeverComesBack() {
    process.pod("p").reads(own("a"));
    pass(36_000);

    assertThat(process.news()).isEmpty();
    assertThat(process.pod("p").reads(own("a")).version("a")).isEqualTo("minted 1");
  }

  @Test
  @DisplayName("after a restart a silence begins anew, and its length is known")
  void aSilenceBeginsAnewAfterARestart() {
    process.pod("p").reads(own("a"));
    republish(20, 60);
    process.kill();
    OneProcess next = starts();
    pass(890);
    assertThat(next.news()).isEmpty();
    pass(420);

    assertThat(next.news()).hasOnlyElementsOfType(MintNews.GivenUp.class).hasSize(1);
    assertThat(store.ended()).as("nothing is given back for its silence").isEmpty();
  }

  @Test
  @DisplayName("who takes over before a mount was answered hears that it was")
  void hearsThatAMountWasAnswered() {
    List<OneProcess> next = new ArrayList<>();
    store.reading(
        (references, deadline, arrived) -> {
          if (references.contains(own("b")) && next.isEmpty()) {
            next.add(replaces(process));
          }
          return minted(references);
        });
    process.pod("p").reads(own("a"), own("b"));
    process.kill();
    pass(7_200);

    assertThat(next.get(0).news()).isEmpty();
    assertThat(next.get(0).pod("p").reads(own("a")).version("a")).isEqualTo("minted 1");
  }

  @Test
  @DisplayName("what never got its files and does not come for them is not renewed")
  void doesNotRenewWhatNeverGotItsFiles() {
    store.reading(
        (references, deadline, arrived) -> {
          if (references.contains(own("b"))) {
            process.kill();
            throw new InterruptedException("killed");
          }
          return minted(references);
        });
    process.pod("p").reads(own("a"), own("b"));
    OneProcess next = starts();
    pass(7_200);

    assertThat(next.news()).hasOnlyElementsOfType(MintNews.GivenUp.class).hasSize(1);
    assertThat(ledger.records()).isEmpty();
  }

  @Test
  @DisplayName("where ends are told, silence means nothing for a pod that was seen")
  void silenceMeansNothingForAPodThatWasSeen() {
    process.reader().endsTold(true);
    process.pod("p").reads(own("a"));
    process.reader().podSeen("uid of p");
    republish(3, 60);
    pass(36_000);

    assertThat(process.news()).isEmpty();
    assertThat(process.pod("p").reads(own("a")).version("a")).isEqualTo("minted 1");
  }

  @Test
  @DisplayName("where ends are told, what nobody has seen for five minutes is given back")
  void givesBackAnOrphan() {
    process.reader().endsTold(true);
    process.pod("p").reads(own("a"));
    pass(299);
    assertThat(store.ended()).isEmpty();
    pass(11);

    assertThat(store.ended()).containsExactly("session 1");
    assertThat(process.news()).containsExactly(new MintNews.OrphanGivenBack(P, "scripted"));
    assertThat(ledger.records()).isEmpty();
  }

  @Test
  @DisplayName("the five minutes begin when ends are told, and with each call")
  void theFiveMinutesBegin() {
    process.pod("p").reads(own("a"));
    pass(3_600);
    process.reader().endsTold(true);
    pass(290);
    assertThat(process.pod("p").reads(own("a")).isAnswered()).isTrue();
    pass(290);
    assertThat(store.ended()).isEmpty();
    process.reader().endsTold(false);
    pass(36_000);

    assertThat(store.ended()).isEmpty();
  }

  @Test
  @DisplayName("an orphan of an earlier process is given back")
  void givesBackAnOrphanOfAnEarlierProcess() {
    process.pod("p").reads(own("a"));
    process.pod("q").reads(own("b"));
    process.kill();
    OneProcess next = new OneProcess(store, time, login, ledger);
    next.reader().endsTold(true);
    next.reader().podSeen("uid of q");
    next.reader().takeOver();
    pass(310);

    assertThat(store.ended()).containsExactly("session 1");
    assertThat(ledger.records()).containsOnlyKeys(mount("q"));
  }

  @Test
  @DisplayName("when ends are told at last, what was given up is renewed again")
  void renewsAgainWhenEndsAreTold() {
    process.pod("p").reads(own("a"));
    process.reader().podSeen("uid of p");
    republish(2, 60);
    while (process.news().isEmpty()) {
      pass(10);
    }
    process.reader().endsTold(true);
    pass(3_600);

    assertThat(process.pod("p").reads(own("a")).version("a")).isEqualTo("minted 1");
  }

  @Test
  @DisplayName("a refused renewal is told, and that a value ended with nobody coming for another")
  void tellsOfAValueThatEnds() {
    store.renewing(StoreScript.Renewing.all(Duration.ZERO));
    process.pod("p").reads(own("a"));
    pass(420);
    assertThat(process.news()).containsExactly(new MintNews.RenewalRefused(P, "scripted"));
    pass(170);
    assertThat(process.news()).hasSize(1);
    pass(20);

    assertThat(process.news())
        .containsExactly(
            new MintNews.RenewalRefused(P, "scripted"), new MintNews.Ended(P, "scripted"));
    assertThat(process.reader().mintCounts()).isEqualTo(new MintCounts(0, 0, 0, 1, 1, 1));
  }

  @Test
  @DisplayName("a renewal that keeps failing is told once until one succeeds")
  void tellsOfRenewalsThatFail() {
    MountFailure failure = MountFailure.of(Reason.STORE_UNAVAILABLE, "down", "wait");
    store.renewing(
        minted -> {
          throw failure;
        });
    process.pod("p").reads(own("a"));
    pass(405);
    assertThat(process.news()).isEmpty();
    pass(185);

    assertThat(process.news().get(0))
        .isInstanceOfSatisfying(
            MintNews.RenewalFails.class,
            news -> {
              assertThat(news.failure()).isSameAs(failure);
              assertThat(news.store()).isEqualTo("scripted");
              assertThat(news.left()).isBetween(Duration.ofSeconds(50), Duration.ofSeconds(110));
            });
    assertThat(process.news()).hasSize(1);
  }

  @Test
  @DisplayName("counts what becomes of values")
  void counts() {
    process.pod("p").reads(own("a"), own("b"));
    process.pod("q").reads(own("c"));
    assertThat(process.reader().mintCounts()).isEqualTo(new MintCounts(3, 0, 0, 0, 0, 0));
    pass(405);
    assertThat(process.reader().mintCounts()).isEqualTo(new MintCounts(3, 3, 0, 0, 0, 0));
    store.renewing(minted -> Renewal.of(SessionLife.of(Duration.ZERO)));
    pass(560);
    process.pod("p").reads(own("a"), own("b"));
    process.reader().podEnded("uid of q");

    assertThat(process.reader().mintCounts()).isEqualTo(new MintCounts(2, 3, 2, 0, 1, 0));
  }
}
