package io.keybearer.daemonset.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keybearer.provider.MountFailure;
import io.keybearer.provider.Reason;
import io.keybearer.provider.TurnedTicker;
import io.keybearer.provider.cluster.PodEnds;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class KnownPodsTest {

  private static final PodStatus FIRST =
      new PodStatus("prod", "web-0-prod-db", "object-1", "pod-1");
  private static final PodStatus SECOND =
      new PodStatus("prod", "web-0-prod-tls", "object-2", "pod-1");

  private final TurnedTicker time = new TurnedTicker();
  private final List<String> told = new ArrayList<>();
  private final List<PodStatus.Key> lookedFor = new ArrayList<>();
  private final Map<PodStatus.Key, PodStatus> cluster = new HashMap<>();
  private final KnownPods pods = new KnownPods(new Told(), time);

  @Test
  void tellsAPodOnceHoweverManyVolumesItHas() {
    pods.seen(FIRST);
    pods.seen(SECOND);
    pods.seen(FIRST);

    assertThat(told).containsExactly("seen pod-1");
    assertThat(pods.untilNextLook()).isEmpty();
  }

  @Test
  void tellsAnEndAfterTwoLooksTwoMinutesApart() throws Exception {
    pods.seen(FIRST);
    pods.unseen(FIRST.key());
    assertThat(pods.untilNextLook()).contains(Duration.ofSeconds(10));
    look(Duration.ofSeconds(9));
    assertThat(lookedFor).isEmpty();

    look(Duration.ofSeconds(1));
    assertThat(pods.untilNextLook()).contains(Duration.ofMinutes(2));
    look(Duration.ofSeconds(119));
    assertThat(told).containsExactly("seen pod-1");

    look(Duration.ofSeconds(1));
    assertThat(told).containsExactly("seen pod-1", "ended pod-1");
    assertThat(lookedFor).containsExactly(FIRST.key(), FIRST.key());
    assertThat(pods.untilNextLook()).isEmpty();
  }

  @Test
  void tellsNoEndWhileAPodHasAnotherVolumeInSight() throws Exception {
    pods.seen(FIRST);
    pods.seen(SECOND);
    pods.unseen(FIRST.key());
    look(Duration.ofHours(1));

    assertThat(lookedFor).isEmpty();
    pods.unseen(SECOND.key());
    lookTwice();

    assertThat(told).containsExactly("seen pod-1", "ended pod-1");
    assertThat(lookedFor).containsExactly(FIRST.key(), SECOND.key(), FIRST.key(), SECOND.key());
  }

  @Test
  void tellsNoEndOfAPodWhoseObjectIsOnlyOutOfSight() throws Exception {
    cluster.put(FIRST.key(), FIRST);
    pods.seen(FIRST);
    pods.unseen(FIRST.key());
    lookTwice();

    assertThat(told).containsExactly("seen pod-1");
    assertThat(pods.untilNextLook()).contains(Duration.ofMinutes(8));
    cluster.clear();
    look(Duration.ofMinutes(8));
    look(Duration.ofMinutes(2));
    assertThat(told).containsExactly("seen pod-1", "ended pod-1");
  }

  @Test
  void tellsNoEndOfAPodWhoseObjectWasDeletedByHandAndWrittenAnew() throws Exception {
    pods.seen(FIRST);
    pods.unseen(FIRST.key());
    look(Duration.ofSeconds(10));
    cluster.put(FIRST.key(), new PodStatus("prod", "web-0-prod-db", "object-9", "pod-1"));
    look(Duration.ofMinutes(2));

    assertThat(told).containsExactly("seen pod-1");
  }

  @Test
  void forgetsLooksOfAPodThatComesIntoSightAgain() throws Exception {
    pods.seen(FIRST);
    pods.unseen(FIRST.key());
    look(Duration.ofSeconds(10));
    pods.seen(FIRST);
    assertThat(pods.untilNextLook()).isEmpty();

    pods.unseen(FIRST.key());
    look(Duration.ofSeconds(10));
    assertThat(told).containsExactly("seen pod-1");
  }

  @Test
  void doesNotDecideWhoseEndItIsWhenAnObjectGetsAnotherOwner() throws Exception {
    cluster.put(FIRST.key(), new PodStatus("prod", "web-0-prod-db", "object-1", "pod-2"));
    pods.seen(FIRST);
    pods.unseen(FIRST.key());
    lookTwice();

    assertThat(told).containsExactly("seen pod-1");
    assertThat(pods.untilNextLook()).isEmpty();
  }

  @Test
  void tellsTheEndOfAPodWhoseObjectIsGoneThoughAnotherHasItsName() throws Exception {
    cluster.put(FIRST.key(), new PodStatus("prod", "web-0-prod-db", "object-9", "pod-2"));
    pods.seen(FIRST);
    pods.unseen(FIRST.key());
    lookTwice();

    assertThat(told).containsExactly("seen pod-1", "ended pod-1");
  }

  @Test
  void doesNotTakeTheNextPodOfAStatefulSetForTheOneBefore() throws Exception {
    PodStatus next = new PodStatus("prod", "web-0-prod-db", "object-9", "pod-2");
    cluster.put(next.key(), next);
    pods.seen(FIRST);
    pods.seen(next);
    lookTwice();

    assertThat(told).containsExactly("seen pod-1", "seen pod-2", "ended pod-1");
    assertThat(pods.untilNextLook()).isEmpty();
  }

  @Test
  void noticesAtAListWhatWentMeanwhile() throws Exception {
    pods.seenAll(List.of(FIRST));
    pods.seenAll(List.of());
    lookTwice();

    assertThat(told).containsExactly("seen pod-1", "ended pod-1");
  }

  @Test
  void tellsNothingOfObjectsThatItNeverSaw() throws Exception {
    pods.unseen(FIRST.key());
    lookTwice();

    assertThat(told).isEmpty();
  }

  @Test
  void looksAgainWhereALookFailed() throws Exception {
    pods.seen(FIRST);
    pods.unseen(FIRST.key());
    time.turn(Duration.ofSeconds(10));

    assertThatThrownBy(
            () ->
                pods.look(
                    key -> {
                      throw MountFailure.of(Reason.STORE_UNAVAILABLE, "planted");
                    }))
        .hasMessage("planted");
    assertThat(pods.untilNextLook()).contains(Duration.ZERO);
    look(Duration.ZERO);
    look(Duration.ofMinutes(2));
    assertThat(told).containsExactly("seen pod-1", "ended pod-1");
  }

  @Test
  void boundsHowManyPodsItKnows() {
    for (int i = 0; i < 5_000; i++) {
      pods.seen(new PodStatus("prod", "object-" + i, "uid-" + i, "pod-" + i));
    }

    assertThat(told).hasSize(4_096);
  }

  private void lookTwice() throws Exception {
    look(Duration.ofSeconds(10));
    look(Duration.ofMinutes(2));
  }

  private void look(Duration after) throws Exception {
    time.turn(after);
    pods.look(
        key -> {
          lookedFor.add(key);
          return Optional.ofNullable(cluster.get(key));
        });
  }

  private final class Told implements PodEnds.Listener {

    @Override
    public void podSeen(String podUid) {
      told.add("seen " + podUid);
    }

    @Override
    public void podEnded(String podUid) {
      told.add("ended " + podUid);
    }

    @Override
    public void canTell() {
      told.add("can tell");
    }

    @Override
    public void cannotTell(MountFailure why) {
      told.add("cannot tell");
    }
  }
}
