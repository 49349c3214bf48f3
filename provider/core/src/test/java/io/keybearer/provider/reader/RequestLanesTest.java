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

class RequestLanesTest {

  private final Queue<Runnable> threads = new ArrayDeque<>();
  private final List<String> ran = new ArrayList<>();

  @Test
  @DisplayName("rule 17: an address gets no more requests at once than its bound")
  void startsNoMoreAtOnceThanTheBound() {
    RequestLanes lanes = new RequestLanes(threads::add);

    lanes.run("here", 2, () -> ran.add("a"));
    lanes.run("here", 2, () -> ran.add("b"));
    lanes.run("here", 2, () -> ran.add("c"));

    assertThat(threads).hasSize(2);
    assertThat(ran).isEmpty();
  }

  @Test
  void servesWhoCameFirst() {
    RequestLanes lanes = new RequestLanes(threads::add);
    lanes.run("here", 1, () -> ran.add("a"));
    lanes.run("here", 1, () -> ran.add("b"));
    lanes.run("here", 1, () -> ran.add("c"));

    runAll();

    assertThat(ran).containsExactly("a", "b", "c");
    assertThat(lanes.addresses()).isZero();
  }

  @Test
  void aRequestThatThrowsGivesItsPlaceToTheNext() {
    RequestLanes lanes = new RequestLanes(threads::add);
    lanes.run(
        "here",
        1,
        () -> {
          throw new IllegalStateException("planted");
        });
    lanes.run("here", 1, () -> ran.add("next"));

    assertThatThrownBy(() -> threads.remove().run()).hasMessage("planted");
    runAll();

    assertThat(ran).containsExactly("next");
    assertThat(lanes.addresses()).isZero();
  }

  @Test
  void isBusyWhileOneRuns() {
    RequestLanes lanes = new RequestLanes(threads::add);
    assertThat(lanes.addresses()).isZero();

    lanes.run("here", 2, () -> assertThat(lanes.addresses()).isOne());
    assertThat(lanes.addresses()).isOne();

    runAll();
    assertThat(lanes.addresses()).isZero();
  }

  @Property
  void runsEachRequestOnceAndNeverTooManyAtOnce(
      @ForAll @IntRange(min = 1, max = 4) int most, @ForAll List<Boolean> arrivals) {
    Queue<Runnable> started = new ArrayDeque<>();
    List<Integer> done = new ArrayList<>();
    RequestLanes lanes = new RequestLanes(started::add);
    int sent = 0;
    for (boolean arrival : arrivals) {
      if (arrival) {
        int number = sent++;
        lanes.run("here", most, () -> done.add(number));
      } else if (!started.isEmpty()) {
        started.remove().run();
      }
      assertThat(started).hasSize(Math.min(most, sent - done.size()));
    }

    while (!started.isEmpty()) {
      started.remove().run();
    }

    assertThat(done).hasSize(sent).doesNotHaveDuplicates();
    assertThat(lanes.addresses()).isZero();
  }

  private void runAll() {
    while (!threads.isEmpty()) {
      threads.remove().run();
    }
  }

  @Test
  void oneAddressDoesNotWaitForAnother() {
    RequestLanes lanes = new RequestLanes(threads::add);
    lanes.run("here", 1, () -> ran.add("here"));
    lanes.run("here", 1, () -> ran.add("here too"));
    lanes.run("there", 1, () -> ran.add("there"));

    assertThat(threads).hasSize(2);
    assertThat(lanes.addresses()).isEqualTo(2);
    runAll();

    assertThat(ran).containsExactlyInAnyOrder("here", "here too", "there");
    assertThat(lanes.addresses()).isZero();
  }

  @Test
  void takesThreadsThatRunAtOnce() {
    RequestLanes lanes = new RequestLanes(Runnable::run);
    lanes.run("here", 1, () -> lanes.run("here", 1, () -> ran.add("inner")));

    assertThat(ran).containsExactly("inner");
    assertThat(lanes.addresses()).isZero();
  }

  @Test
  void forgetsWhatWaitsAndWasCancelled() {
    List<Runnable> threads = new ArrayList<>();
    List<String> ran = new ArrayList<>();
    RequestLanes lanes = new RequestLanes(threads::add);
    FutureTask<Boolean> cancelled = new FutureTask<>(() -> ran.add("cancelled"));
    lanes.run("here", 1, () -> ran.add("first"));
    lanes.run("here", 1, cancelled);
    lanes.run("here", 1, () -> ran.add("second"));

    cancelled.cancel(true);
    lanes.forgetCancelled("here");
    threads.remove(0).run();
    threads.remove(0).run();

    assertThat(threads).isEmpty();
    assertThat(ran).containsExactly("first", "second");
  }
}
