package io.keybearer.provider.mount;

import static org.assertj.core.api.Assertions.assertThat;

import io.keybearer.provider.TurnedTicker;
import io.keybearer.provider.mount.MountQueueModel.Mount;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class MountQueueTest {

  private static final String FULL =
      "busy: too many mounts wait on this node already; kubelet tries again; look for a store that"
          + " hangs";
  private static final String EXPIRED =
      "busy: this mount waited its whole time for others to end; kubelet tries again; look for a"
          + " store that hangs";

  private final TurnedTicker ticker = new TurnedTicker();

  @Test
  void runsOnTheCallersThreadWhenThereIsRoom() {
    MountQueueModel model = new MountQueueModel(new MountQueue.Bounds(4, 10, 10), ticker);

    Mount mount = model.enter("a", "x");

    assertThat(mount.runs).isEqualTo(1);
    assertThat(model.threads).isEmpty();
    assertThat(model.queue.unanswered()).isZero();
  }

  @Test
  @DisplayName("rule 17: a namespace starts another mount only while it runs fewer than are free")
  void aNamespaceStartsAnotherOnlyWhileItRunsFewerThanAreFree() {
    MountQueueModel model = new MountQueueModel(new MountQueue.Bounds(8, 10, 10), ticker);

    // Runs 0 of 8 free, 1 of 7, 2 of 6, 3 of 5; and then 4 of 4.
    assertThat(model.holdingAll(5, "a", "x1", "x2", "x3", "x4", "x5")).isEqualTo(4);
    // Of the 4 free, another namespace takes two.
    assertThat(model.holdingAll(3, "b", "y1", "y2", "y3")).isEqualTo(2);
    // And a third one takes 1 of the last 2, and a fourth one the last.
    assertThat(model.holdingAll(2, "c", "z1", "z2")).isEqualTo(1);
    assertThat(model.holdingAll(1, "d", "w1")).isEqualTo(1);
    assertThat(model.running).hasSize(8);
  }

  @Test
  @DisplayName("rule 17: an address starts another mount only while it runs fewer than are free")
  void anAddressStartsAnotherOnlyWhileItRunsFewerThanAreFree() {
    MountQueueModel model = new MountQueueModel(new MountQueue.Bounds(8, 10, 10), ticker);

    int started = 0;
    for (int i = 0; i < 8; i++) {
      started += model.holdingAll(1, "namespace-" + i, "same");
    }

    assertThat(started).isEqualTo(4);
    assertThat(model.holdingAll(1, "other", "elsewhere")).isEqualTo(1);
  }

  @Test
  @DisplayName("rule 17: a mount of several addresses needs room at each")
  void aMountNeedsRoomAtEachOfItsAddresses() {
    MountQueueModel model = new MountQueueModel(new MountQueue.Bounds(2, 10, 10), ticker);
    model.holdingAll(1, "a", "x");

    assertThat(model.hold(model.mount("b", Set.of("y", "x")))).isFalse();
    assertThat(model.hold(model.mount("c", Set.of("y", "z")))).isTrue();
  }

  @Test
  void aNamespaceAndAnAddressOfOneNameAreTwoThings() {
    MountQueueModel model = new MountQueueModel(new MountQueue.Bounds(2, 10, 10), ticker);
    model.holdingAll(1, "same", "x");

    assertThat(model.holdingAll(1, "b", "same")).isEqualTo(1);
  }

  @Test
  void theOnlyPlaceIsForAnybody() {
    MountQueueModel model = new MountQueueModel(new MountQueue.Bounds(1, 10, 10), ticker);

    assertThat(model.holdingAll(1, "a", "x")).isEqualTo(1);
    assertThat(model.holdingAll(1, "b", "y")).isZero();
  }

  @Test
  @DisplayName("rule 17: the queue is served round-robin by namespace")
  void servesOneNamespaceAfterAnother() {
    MountQueueModel model = new MountQueueModel(new MountQueue.Bounds(1, 10, 10), ticker);
    model.holdingAll(1, "first", "x");
    model.holdingAll(3, "a", "a1", "a2", "a3");
    model.holdingAll(2, "b", "b1", "b2");
    model.holdingAll(1, "c", "c1");

    model.finishAll();

    assertThat(model.order).containsExactly("x", "a1", "b1", "c1", "a2", "b2", "a3");
  }

  @Test
  void whoWaitsForABoundOfHisOwnStopsNobodyElse() {
    MountQueueModel model = new MountQueueModel(new MountQueue.Bounds(4, 10, 10), ticker);
    model.holdingAll(3, "a", "x1", "x2", "x3");

    assertThat(model.running).hasSize(2);
    assertThat(model.holdingAll(1, "b", "y")).isEqualTo(1);
  }

  @Test
  void overtakesInsideANamespaceWhoWaitsForAnAddress() {
    MountQueueModel model = new MountQueueModel(new MountQueue.Bounds(2, 10, 10), ticker);
    model.holdingAll(1, "other", "slow");
    model.holdingAll(1, "another", "y");
    model.holdingAll(2, "a", "slow", "fast");

    model.finish("another");

    assertThat(model.order).containsExactly("slow", "y", "fast");
  }

  @Test
  void whoComesBehindHisOwnNamespaceWaitsItsTurn() {
    MountQueueModel model = new MountQueueModel(new MountQueue.Bounds(2, 10, 10), ticker);
    model.holdingAll(1, "other", "slow");
    model.holdingAll(1, "a", "slow");

    assertThat(model.holdingAll(1, "a", "fast")).isZero();
  }

  @Test
  @DisplayName("rule 17: beyond the bound of a namespace it is refused, and others wait")
  void refusesBeyondTheBoundOfANamespace() {
    MountQueueModel model = new MountQueueModel(new MountQueue.Bounds(1, 1024, 128), ticker);
    model.holdingAll(1, "first", "x");
    for (int i = 0; i < 128; i++) {
      model.holdingAll(1, "a", "a");
    }

    Mount refused = model.enter("a", "a");
    Mount other = model.enter("b", "b");

    refused.assertRefused(FULL);
    other.assertWaits();
    assertThat(model.queue.unanswered()).isEqualTo(1 + 128 + 1);
  }

  @Test
  @DisplayName("rule 17: beyond the bound of the queue everybody is refused")
  void refusesBeyondTheBoundOfTheQueue() {
    MountQueueModel model = new MountQueueModel(new MountQueue.Bounds(1, 1024, 128), ticker);
    model.holdingAll(1, "first", "x");
    List<Mount> waiting = new ArrayList<>();
    for (int i = 0; i < 1024; i++) {
      waiting.add(model.enter("namespace-" + i % 8, "a"));
    }

    Mount refused = model.enter("fresh", "b");

    waiting.forEach(Mount::assertWaits);
    refused.assertRefused(FULL);
  }

  @Test
  void refusesWhoseTimePassedWhileTheyWaited() {
    MountQueueModel model = new MountQueueModel(new MountQueue.Bounds(1, 10, 2), ticker);
    model.holdingAll(1, "first", "x");
    Mount early = model.enter("a", "a", 10);
    Mount late = model.enter("a", "a", 20);

    ticker.turn(Duration.ofSeconds(10).minusNanos(1));
    model.queue.refuseExpired();
    early.assertWaits();

    ticker.turn(Duration.ofNanos(1));
    model.queue.refuseExpired();
    early.assertRefused(EXPIRED);
    late.assertWaits();
    assertThat(model.queue.unanswered()).isEqualTo(2);
    model.enter("a", "a").assertWaits();

    model.finishAll();
    assertThat(early.runs).isZero();
    assertThat(late.runs).isEqualTo(1);
  }

  /** It would find the store silent for the 0 ms that are left, and blame the store. */
  @Test
  void refusesInsteadOfRunningWhoseTimePassedBeforeHisTurn() {
    MountQueueModel model = new MountQueueModel(new MountQueue.Bounds(1, 10, 10), ticker);
    model.holdingAll(1, "first", "x");
    Mount expired = model.enter("a", "a", 10);
    Mount next = model.enter("b", "b", 20);
    ticker.turn(Duration.ofSeconds(10));

    model.finishAll();

    expired.assertRefused(EXPIRED);
    assertThat(next.runs).isEqualTo(1);
    assertThat(model.queue.unanswered()).isZero();
  }

  @Test
  void countsWhoIsNotAnswered() {
    MountQueueModel model = new MountQueueModel(new MountQueue.Bounds(1, 10, 10), ticker);
    assertThat(model.queue.unanswered()).isZero();

    model.holdingAll(1, "first", "x");
    model.enter("a", "x");

    assertThat(model.queue.unanswered()).isEqualTo(2);
    model.finishAll();
    assertThat(model.queue.unanswered()).isZero();
  }
}
