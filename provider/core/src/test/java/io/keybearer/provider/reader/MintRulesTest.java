package io.keybearer.provider.reader;

import static org.assertj.core.api.Assertions.assertThat;

import io.keybearer.provider.MountFailure;
import io.keybearer.provider.ReadOutcome;
import io.keybearer.provider.Reason;
import io.keybearer.provider.Renewal;
import io.keybearer.provider.ScriptedBackend;
import io.keybearer.provider.ScriptedBackend.Reference;
import io.keybearer.provider.SecretBytes;
import io.keybearer.provider.SecretRef;
import io.keybearer.provider.SecretValue;
import io.keybearer.provider.SessionLife;
import io.keybearer.provider.StoreScript;
import io.keybearer.provider.reader.TimedOutcome.Source;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What stores make for one mount: what rules 2, 4, 5, 9 and 10 say of it. */
class MintRulesTest extends ReaderScene {

  private static final int POD = 256;
  private static final int NAMESPACE = 4_096;

  @BeforeEach
  void storeMints() {
    store.reading((references, deadline, arrived) -> minted(references));
    store.renewing(StoreScript.Renewing.all(Duration.ZERO));
  }

  private static Renewal fails(Set<SecretRef> minted) throws MountFailure {
    throw MountFailure.of(Reason.STORE_UNAVAILABLE, "failed");
  }

  private static Reference[] leases(int count) {
    return IntStream.range(0, count).mapToObj(i -> own("lease" + i)).toArray(Reference[]::new);
  }

  @Test
  @DisplayName("rule 5: what was minted stays for its mount, whatever its refresh interval")
  void staysForItsMount() {
    store.renewing(StoreScript.Renewing.all(MINTED_FOR));
    pod("p").every(0).reads(own("a"));
    for (int i = 0; i < 60; i++) {
      pass(60);
      assertThat(pod("p").every(0).reads(own("a")).version("a")).isEqualTo("minted 1");
    }

    assertThat(reads("a")).isEqualTo(1);
  }

  @Test
  @DisplayName("rule 3: a record is forgotten though its leases were seen to meanwhile")
  void isForgottenThoughItsLeasesWereSeenTo() {
    store.reading(
        (references, deadline, arrived) ->
            references.contains(own("a")) ? minted(references) : answers(references));
    pod("p").every(0).reads(own("a"), Reference.pinned("b"));
    pass(350);
    pod("q").reads(Reference.pinned("b"));
    pass(150);
    pass(200);
    pod("p").every(0).reads(own("a"), Reference.pinned("b"));

    assertThat(reads("b")).as("reads by two pods, one of them forgotten").isEqualTo(3);
  }

  @Test
  @DisplayName("rule 5: what was minted stays when the class is edited elsewhere")
  void staysWhenTheClassIsEdited() {
    pod("p").reads(own("a"));
    pass(30);

    assertThat(pod("p").under("edited").reads(own("a"), own("b")).version("a"))
        .isEqualTo("minted 1");
  }

  @Test
  @DisplayName("rule 5: another session key mints anew")
  void mintsAnewForAnotherSession() {
    pod("p").reads(own("a"));

    assertThat(pod("p").with(store.login("admin", ADDRESS)).reads(own("a")).version("a"))
        .isEqualTo("minted 2");
  }

  @ParameterizedTest
  @CsvSource({"539, 1", "540, 2"})
  @DisplayName("rule 5: it is replaced when a tenth of its life is left")
  void isReplacedBeforeItsEnd(int seconds, int version) {
    store.renewing(MintRulesTest::fails);
    pod("p").reads(own("a"));
    pass(seconds);

    assertThat(pod("p").reads(own("a")).version("a")).isEqualTo("minted " + version);
  }

  @Test
  @DisplayName("rule 5: it is replaced with its session")
  void isReplacedWithItsSession() {
    store.renewing(MintRulesTest::fails);
    store.life(SessionLife.of(Duration.ofSeconds(100)));
    pod("p").reads(own("a"));
    pass(89);
    assertThat(pod("p").reads(own("a")).version("a")).isEqualTo("minted 1");
    pass(1);

    assertThat(pod("p").reads(own("a")).version("a")).isEqualTo("minted 2");
    assertThat(store.readers()).containsExactly("session 1", "session 2");
  }

  @Test
  @DisplayName("rule 10: a session that holds leases is renewed at two thirds, again and again")
  void renewsWhatHoldsLeases() {
    store.life(SessionLife.of(Duration.ofMinutes(20)));
    store.renewing(
        minted ->
            new Renewal(
                SessionLife.of(Duration.ofMinutes(20)),
                StoreScript.Renewing.renewal(minted, MINTED_FOR).values()));
    pod("p").reads(own("a"));
    time.turn(Duration.ofSeconds(359));
    assertThat(store.renewed()).isEmpty();
    time.turn(Duration.ofSeconds(41));
    assertThat(store.renewed()).containsExactly("session 1");

    for (int i = 0; i < 60; i++) {
      pass(60);
      assertThat(pod("p").reads(own("a")).version("a")).isEqualTo("minted 1");
    }

    assertThat(store.renewed()).hasSizeBetween(9, 11).containsOnly("session 1");
  }

  @Test
  @DisplayName("rule 10: a session that holds no lease is not renewed")
  void renewsNothingElse() {
    store.life(SessionLife.of(Duration.ofMinutes(20)));
    store.reading((references, deadline, arrived) -> answers(references));
    pod("p").reads("a");
    pod("p").reads(own("b"));
    pass(3_000);

    assertThat(store.renewed()).isEmpty();
  }

  @Test
  @DisplayName("rule 10: what can't be renewed any more is replaced at the next republish")
  void replacesWhatCannotBeRenewed() {
    pod("p").reads(own("a"));
    pass(400);
    assertThat(store.renewed()).hasSize(1);

    assertThat(pod("p").reads(own("a")).version("a")).isEqualTo("minted 2");
  }

  @Test
  @DisplayName("rule 10: a renewal that fails is tried again while there is time")
  void triesARenewalAgain() {
    store.renewing(
        minted -> {
          if (store.renewed().size() < 3) {
            throw MountFailure.of(Reason.STORE_UNAVAILABLE, "failed");
          }
          return StoreScript.Renewing.renewal(minted, MINTED_FOR);
        });
    store.life(SessionLife.of(MINTED_FOR));
    pod("p").reads(own("a"));
    pass(595);

    assertThat(store.renewed()).hasSizeGreaterThanOrEqualTo(3);
    assertThat(pod("p").reads(own("a")).version("a")).isEqualTo("minted 1");
  }

  @Test
  @DisplayName("rule 4: a mount that failed keeps what was minted for its next try")
  void keepsWhatAFailedTryMinted() {
    fail("b", missing());
    store.reading(
        (references, deadline, arrived) ->
            references.contains(own("a")) ? minted(references) : answers(references));
    pod("p").reads(own("a"), new Reference("b"));
    repair("b");
    pass(149);

    Asked retry = pod("p").reads(own("a"), new Reference("b"));

    assertThat(retry.version("a")).isEqualTo("minted 1");
    assertThat(store.ended()).isEmpty();
  }

  @Test
  @DisplayName("rule 4: what was minted for a mount that is given up is given back")
  void givesBackWhatAGivenUpMountMinted() {
    fail("b", missing());
    store.reading(
        (references, deadline, arrived) ->
            references.contains(own("a")) ? minted(references) : answers(references));
    pod("p").reads(own("a"), new Reference("b"));
    pass(100);
    pod("p").reads(own("a"), new Reference("b"));
    pass(149);
    assertThat(store.ended()).isEmpty();
    pass(1);

    assertThat(store.ended()).containsExactly("session 1");
    assertThat(pod("p").reads(own("a")).version("a")).isEqualTo("minted 2");
  }

  @Test
  @DisplayName(
      "rule 5: what is replaced is given back once the pod has the new one, and not before")
  void givesBackWhatIsReplaced() {
    pod("p").reads(own("a"));
    pass(450);
    assertThat(pod("p").with(store.login("web", ADDRESS)).reads(own("a")).version("a"))
        .isEqualTo("minted 2");
    assertThat(store.ended()).isEmpty();

    reader.podEnded("uid of p");
    assertThat(store.ended()).containsExactly("session 2");
    pass(200);

    assertThat(store.ended()).containsExactly("session 2", "session 1");
  }

  @Test
  @DisplayName("rule 4: a running pod keeps what it uses, however often a republish fails")
  void aRunningPodKeepsWhatItUses() {
    pod("p").reads(own("a"));
    store.reading(
        (references, deadline, arrived) -> {
          throw missing();
        });
    pass(60);
    pod("p").under("edited").reads(own("a"), own("b"));
    pass(200);

    assertThat(store.ended()).isEmpty();
    assertThat(pod("p").reads(own("a")).version("a")).isEqualTo("minted 1");
  }

  @Test
  @DisplayName("rule 9: a mint whose caller has left is kept for the next try, then given back")
  void keepsAMintWhoseCallerHasLeft() {
    store.reading(
        (references, deadline, arrived) -> {
          // Longer than the mount waits, and less than a try may take.
          pass(20);
          return minted(references);
        });
    Asked late = pod("p").within(10).reads(own("a"));
    assertThat(late.failure("a").reason()).isEqualTo(Reason.TIMED_OUT);
    pass(100);

    assertThat(pod("p").reads(own("a")).version("a")).isEqualTo("minted 1");
    assertThat(reads("a")).isEqualTo(1);
  }

  @Test
  @DisplayName("rule 9: a mint that nobody comes back for is given back")
  void givesBackAMintThatNobodyComesBackFor() {
    store.reading(
        (references, deadline, arrived) -> {
          pass(20);
          return minted(references);
        });
    pod("p").within(10).reads(own("a"));
    assertThat(store.ended()).isEmpty();
    pass(150);

    assertThat(store.ended()).containsExactly("session 1");
  }

  @Test
  @DisplayName("a pod that has ended gives back what was minted for it")
  void givesBackWhatAPodHeld() {
    pod("p").reads(own("a"));
    pod("p").at("/other").reads(own("b"));
    pod("q").reads(own("c"));

    reader.podEnded("uid of p");

    assertThat(store.ended()).containsExactlyInAnyOrder("session 1", "session 2");
    assertThat(pod("q").reads(own("c")).source("c")).isEqualTo(Source.MEMORY);
  }

  @Test
  @DisplayName("what a class names no more is given back once the pod has the new files")
  void givesBackWhatIsNamedNoMore() {
    pod("p").reads(own("a"));
    pod("p").under("edited").reads("b");
    assertThat(store.ended()).isEmpty();
    pass(150);

    assertThat(store.ended()).containsExactly("session 1");
  }

  @Test
  @DisplayName("rule 3: a record that holds what was minted is not forgotten")
  void isNotForgotten() {
    store.life(SessionLife.of(Duration.ofHours(2)));
    store.renewing(StoreScript.Renewing.all(Duration.ofHours(2)));
    pod("p").reads(own("a"));
    pass(3_600);

    Asked late = pod("p").reads(own("a"));

    assertThat(late.isRepublish()).isTrue();
    assertThat(late.version("a")).isEqualTo("minted 1");
  }

  @Test
  @DisplayName("rule 2: a pod holds 256 of what stores made")
  void boundsWhatAPodHolds() {
    assertThat(pod("p").reads(leases(POD)).isAnswered()).isTrue();

    Asked more = pod("p").at("/other").reads(own("more"));

    assertThat(more.message("more"))
        .isEqualTo(
            "stores have made too many values for this pod, which may hold 256 of together 8388608"
                + " bytes; end pods that need none, or use stored values");
    assertThat(more.failure("more").reason()).isEqualTo(Reason.PRECONDITION);
    assertThat(reads("more")).isZero();
    assertThat(pod("p").reads(leases(POD)).isAnswered()).isTrue();
    assertThat(pod("q").reads(own("more")).isAnswered()).isTrue();
  }

  @Test
  @DisplayName("rule 2: a namespace holds half of what a node does")
  void boundsWhatANamespaceHolds() {
    for (int i = 0; i < NAMESPACE / POD; i++) {
      assertThat(pod("p" + i).reads(leases(POD)).isAnswered()).isTrue();
    }

    assertThat(pod("q").reads(own("more")).failure("more").reason()).isEqualTo(Reason.PRECONDITION);
    reader.podEnded("uid of p0");
    assertThat(pod("q").reads(own("more")).isAnswered()).isTrue();
  }

  @Test
  @DisplayName("rule 2: what there is no room for is given back, not lost")
  void givesBackWhatThereIsNoRoomFor() {
    store.reading(
        (references, deadline, arrived) -> {
          SecretBytes big = ScriptedBackend.bytes("x".repeat(1_000_000));
          return Map.of(
              own("a"), new ReadOutcome.Value(SecretValue.of("a", "1", big).mintedFor(MINTED_FOR)));
        });
    for (int i = 0; i < 4; i++) {
      assertThat(pod("p" + i).reads(own("a")).isAnswered()).isTrue();
    }

    assertThat(pod("q").reads(own("a")).failure("a").reason()).isEqualTo(Reason.PRECONDITION);
    pass(150);

    assertThat(store.ended()).containsExactly("session 5");
  }
}
