package io.keybearer.provider.reader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.FutureTask;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class RequestLaneTest {

  private final Queue<Runnable> threads = new ArrayDeque<>();
  private final List<String> ran = new ArrayList<>();

  @Test
  @DisplayName("rule 17: an address gets no more requests at once than its bound")
  void startsNoMoreAtOnceThanTheBound() {
    RequestLane lane = new RequestLane(threads::add, 2, () -> {});

    lane.run(() -> ran.add("a"));
    lane.run(() -> ran.add("b"));
    lane.run(() -> ran.add("c"));

    assertThat(threads).hasSize(2);
    assertThat(ran).isEmpty();
  }

  @Test
  void servesWhoCameFirst() {
    RequestLane lane = new RequestLane(threads::add, 1, () -> {});
    lane.run(() -> ran.add("a"));
    lane.run(() -> ran.add("b"));
    lane.run(() -> ran.add("c"));

    runAll();

    assertThat(ran).containsExactly("a", "b", "c");
    assertThat(lane.isIdle()).isTrue();
  }

  @Test
  void aRequestThatThrowsGivesItsPlaceToTheNext() {
    RequestLane lane = new RequestLane(threads::add, 1, () -> {});
    lane.run(
        () -> {
          throw new IllegalStateException("planted");
        });
    lane.run(() -> ran.add("next"));

    assertThatThrownBy(() -> threads.remove().run()).hasMessage("planted");
    runAll();

    assertThat(ran).containsExactly("next");
    assertThat(lane.isIdle()).isTrue();
  }

  @Test
  void isBusyWhileOneRuns() {
    RequestLane lane = new RequestLane(threads::add, 2, () -> {});
    assertThat(lane.isIdle()).isTrue();

    lane.run(() -> assertThat(lane.isIdle()).isFalse());
    assertThat(lane.isIdle()).isFalse();

    runAll();
    assertThat(lane.isIdle()).isTrue();
  }

  @Property
  void runsEachRequestOnceAndNeverTooManyAtOnce(
      @ForAll @IntRange(min = 1, max = 4) int most, @ForAll List<Boolean> arrivals) {
    Queue<Runnable> started = new ArrayDeque<>();
    List<Integer> done = new ArrayList<>();
    RequestLane lane = new RequestLane(started::add, most, () -> {});
    int sent = 0;
    for (boolean arrival : arrivals) {
      if (arrival) {
        int number = sent++;
        lane.run(() -> done.add(number));
      } else if (!started.isEmpty()) {
        started.remove().run();
      }
      assertThat(started).hasSize(Math.min(most, sent - done.size()));
    }

    while (!started.isEmpty()) {
      started.remove().run();
    }

    assertThat(done).hasSize(sent).doesNotHaveDuplicates();
    assertThat(lane.isIdle()).isTrue();
  }

  private void runAll() {
    while (!threads.isEmpty()) {
      threads.remove().run();
    }
  }

  @Test
  void tellsWhenItsLastRequestHasEnded() {
    List<Runnable> threads = new ArrayList<>();
    List<String> told = new ArrayList<>();
    RequestLane lane = new RequestLane(threads::add, 1, () -> told.add("idle"));
    lane.run(() -> {});
    lane.run(() -> {});

    threads.remove(0).run();
    assertThat(told).isEmpty();
    threads.remove(0).run();

    assertThat(told).containsExactly("idle");
    assertThat(lane.isIdle()).isTrue();
  }

  @Test
  void forgetsWhatWaitsAndWasCancelled() {
    List<Runnable> threads = new ArrayList<>();
    List<String> ran = new ArrayList<>();
    RequestLane lane = new RequestLane(threads::add, 1, () -> {});
    FutureTask<Boolean> cancelled = new FutureTask<>(() -> ran.add("cancelled"));
    lane.run(() -> ran.add("first"));
    lane.run(cancelled);
    lane.run(() -> ran.add("second"));

    cancelled.cancel(true);
    lane.forgetCancelled();
    threads.remove(0).run();
    threads.remove(0).run();

    assertThat(threads).isEmpty();
    assertThat(ran).containsExactly("first", "second");
  }
}
