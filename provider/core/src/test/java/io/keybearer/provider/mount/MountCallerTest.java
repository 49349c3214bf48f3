package io.keybearer.provider.mount;

import static io.keybearer.provider.ScriptedBackend.answers;
import static io.keybearer.provider.ScriptedBackend.object;
import static org.assertj.core.api.Assertions.assertThat;

import io.keybearer.provider.Deadline;
import io.keybearer.provider.DirectThreads;
import io.keybearer.provider.Freshness;
import io.keybearer.provider.Login;
import io.keybearer.provider.MountFailure;
import io.keybearer.provider.MountPlan;
import io.keybearer.provider.NodeFacts;
import io.keybearer.provider.PlannedObject;
import io.keybearer.provider.PodCredentials;
import io.keybearer.provider.Reason;
import io.keybearer.provider.ScriptedBackend;
import io.keybearer.provider.ScriptedBackend.Reference;
import io.keybearer.provider.TurnedTicker;
import io.keybearer.provider.reader.SecretReader;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a {@link MountPipeline} asks of its caller, and when. */
@Timeout(60)
class MountCallerTest {

  private static final String LEFT =
      "scripted: the caller left, or this provider stops; kubelet tries again";

  private static final SecretReader.Bounds BOUNDS =
      new SecretReader.Bounds(100, 100, 1000, 100_000);

  private final TurnedTicker ticker = new TurnedTicker();
  private final ScriptedBackend store = new ScriptedBackend();
  private final Login login = store.login("web", "https://store");
  private final SecretReader.Time time = new SecretReader.Time(ticker, ticker, ticker);
  private final SecretReader reader =
      new SecretReader(name -> store, BOUNDS, time, new DirectThreads());
  private final Queue<Runnable> threads = new ArrayDeque<>();
  private final InFlightBytes inFlight = new InFlightBytes(100);
  private final List<MountAnswer> answers = new ArrayList<>();

  @AfterEach
  void closeReader() {
    reader.close();
  }

  @Test
  void itsCredentialsReachTheStore() throws InterruptedException {
    mount(queue(10), "shop", caller());

    assertThat(store.credentials()).containsExactly(PodCredentials.of("token"));
  }

  @Test
  void aDefectInAQueuedTurnReachesItsGuardAndFreesThePlace() throws InterruptedException {
    IllegalStateException planted = new IllegalStateException("planted");
    MountQueue queue = queue(10);
    RecordingCaller broken = caller();
    RecordingCaller next = caller();
    store.planning(
        (request, node) -> brokenIf(request.pod().namespace().equals("broken"), planted));
    whilePlaceIsTaken(
        queue,
        () -> {
          mount(queue, "broken", broken);
          mount(queue, "next", next);
        });

    threads.remove().run();

    assertThat(broken.defects()).containsExactly(planted);
    assertThat(answers).isEmpty();
    assertThat(queue.unanswered()).isEqualTo(1);

    threads.remove().run();

    assertThat(answers).hasSize(1).allMatch(MountAnswer.Files.class::isInstance);
    assertThat(next.answersUnderGuard()).isEqualTo(1);
    assertThat(next.defects()).isEmpty();
    assertThat(queue.unanswered()).isZero();
  }

  @Test
  void aDefectInATurnThatDidNotWaitReachesItsGuardAndFreesThePlace() throws InterruptedException {
    IllegalStateException planted = new IllegalStateException("planted");
    MountQueue queue = queue(0);
    RecordingCaller broken = caller();
    store.planning(
        (request, node) -> brokenIf(request.pod().namespace().equals("broken"), planted));

    mount(queue, "broken", broken);
    mount(queue, "next", caller());

    assertThat(broken.defects()).containsExactly(planted);
    assertThat(answers).hasSize(1).allMatch(MountAnswer.Files.class::isInstance);
  }

  @Test
  void aTurnThatIsRefusedAtOnceIsToldUnderItsGuard() throws InterruptedException {
    RecordingCaller refused = caller();

    mount(new MountQueue(new MountQueue.Bounds(0, 0, 0), threads::add), "shop", refused);

    assertThat(refused.answersUnderGuard()).isEqualTo(1);
    assertThat(answers).hasSize(1).allMatch(MountAnswer.Failed.class::isInstance);
  }

  @Test
  void aTurnThatComesTooLateIsToldUnderItsGuard() throws InterruptedException {
    MountQueue queue = queue(10);
    RecordingCaller late = caller();
    whilePlaceIsTaken(
        queue,
        () -> {
          mount(queue, "late", late);
          ticker.turn(Duration.ofSeconds(60));
        });

    threads.remove().run();

    assertThat(late.answersUnderGuard()).isEqualTo(1);
    assertThat(failure(0))
        .hasMessage(
            "scripted: busy: this mount waited its whole time for others to end; kubelet tries"
                + " again; look for a store that hangs");
    assertThat(answers.get(0).report().waited()).isEqualTo(Duration.ofSeconds(60));
  }

  @Test
  void aDefectInTellingOneThatItWaitedTooLongKeepsNoOtherFromBeingTold()
      throws InterruptedException {
    IllegalStateException planted = new IllegalStateException("planted");
    MountQueue queue = queue(10);
    RecordingCaller broken =
        new RecordingCaller(
            inFlight.open(() -> {}),
            answer -> {
              throw planted;
            });
    RecordingCaller other = caller();
    whilePlaceIsTaken(
        queue,
        () -> {
          mount(queue, "broken", broken);
          mount(queue, "other", other);
          ticker.turn(Duration.ofSeconds(60));
          queue.refuseExpired();
        });

    assertThat(broken.defects()).containsExactly(planted);
    assertThat(other.answersUnderGuard()).isEqualTo(1);
    assertThat(threads).isEmpty();
    assertThat(queue.unanswered()).isZero();
  }

  @Test
  void aCallerThatLeavesWhileTheStoreHangsFreesThePlace() throws InterruptedException {
    MountQueue queue = queue(0);
    RecordingCaller leaving = caller();
    CountDownLatch hanging = new CountDownLatch(1);
    CountDownLatch interrupted = new CountDownLatch(1);
    CountDownLatch never = new CountDownLatch(1);
    ScriptedBackend hung =
        new ScriptedBackend()
            .reading(
                (references, deadline, arrived) -> {
                  hanging.countDown();
                  try {
                    never.await();
                  } catch (InterruptedException e) {
                    interrupted.countDown();
                    throw e;
                  }
                  return answers(references);
                });
    try (SecretReader onThreads = new SecretReader(name -> hung, BOUNDS, time)) {
      mount(onThreads, queue, "shop", leaving);
      hanging.await();
      assertThat(answers).isEmpty();

      leaving.cancellation().cancel();

      assertThat(failure(0)).hasMessage(LEFT);
      assertThat(failure(0).reason()).isEqualTo(Reason.BUSY);
      assertThat(interrupted.await(30, TimeUnit.SECONDS)).isTrue();
    }
    assertThat(queue.unanswered()).isZero();

    mount(queue, "shop", caller());

    assertThat(answers.get(1)).isInstanceOf(MountAnswer.Files.class);
  }

  @Test
  void aCallerThatLeftBeforeItsTurnCostsTheStoreNothing() throws InterruptedException {
    RecordingCaller left = caller();
    left.cancellation().cancel();

    mount(queue(10), "shop", left);

    assertThat(failure(0)).hasMessage(LEFT);
    assertThat(failure(0).reason()).isEqualTo(Reason.BUSY);
    assertThat(store.opened()).isEmpty();
  }

  /** An answer that could not be sent kept its place for ever, and its volume's line. */
  @Test
  void aDefectInSendingFilesFreesThePlaceAndTheVolume() throws InterruptedException {
    IllegalStateException planted = new IllegalStateException("planted");
    MountQueue queue = queue(0);
    MountPipeline pipeline = pipeline(reader, queue);
    RecordingCaller broken =
        new RecordingCaller(
            inFlight.open(() -> {}),
            answer -> {
              throw planted;
            });

    mount(pipeline, "shop", broken);

    assertThat(broken.defects()).containsExactly(planted);
    assertThat(queue.unanswered()).isZero();
    mount(pipeline, "shop", caller());
    assertThat(answers).hasSize(1).allMatch(MountAnswer.Files.class::isInstance);
  }

  /** The driver calls again just because its first call was lost, so both happen together. */
  @Test
  void whoeverJoinsAMountThatItsCallerLeavesIsAnswered() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    ExecutorService stuck = Executors.newSingleThreadExecutor();
    ExecutorService two = Executors.newFixedThreadPool(2);
    List<MountAnswer> told = new CopyOnWriteArrayList<>();
    try (SecretReader hung = new SecretReader(name -> store, BOUNDS, time, stuck)) {
      stuck.execute(() -> await(never));
      for (int i = 0; i < 5_000; i++) {
        MountPipeline pipeline = pipeline(hung, queue(0));
        RecordingCaller leaving = new RecordingCaller(inFlight.open(() -> {}), told::add);
        RecordingCaller joining = new RecordingCaller(inFlight.open(() -> {}), told::add);
        mount(pipeline, "shop", leaving);
        int offset = i % 400 - 200;
        CyclicBarrier both = new CyclicBarrier(2);
        Future<?> leaves =
            two.submit(
                () -> {
                  both.await();
                  spin(offset);
                  leaving.cancellation().cancel();
                  return true;
                });
        both.await();
        spin(-offset);
        mount(pipeline, "shop", joining);
        leaves.get();
        ticker.turn(Duration.ofMinutes(1));
        assertThat(told).as("round %d", i).hasSize(2);
        told.clear();
      }
    } finally {
      two.shutdownNow();
    }
  }

  private static void spin(int times) {
    for (int i = 0; i < times; i++) {
      Thread.onSpinWait();
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** What happens while another mount runs. */
  private interface Meanwhile {

    /** Does it. */
    void run() throws InterruptedException;
  }

  /** Takes the only place of the queue, on this thread, for as long as that takes. */
  private void whilePlaceIsTaken(MountQueue queue, Meanwhile meanwhile) {
    Deadline deadline = Deadline.after(Duration.ofMinutes(1), ticker);
    queue.enter(
        new MountQueue.Turn() {
          @Override
          public String namespace() {
            return "first";
          }

          @Override
          public Set<String> addresses() {
            return Set.of();
          }

          @Override
          public Deadline deadline() {
            return deadline;
          }

          @Override
          public void run(Runnable ended) {
            try {
              meanwhile.run();
              ended.run();
            } catch (InterruptedException e) {
              throw new IllegalStateException(e);
            }
          }

          @Override
          public void refuse(MountFailure failure) {
            throw new IllegalStateException(failure);
          }
        });
  }

  private MountPlan brokenIf(boolean broken, RuntimeException defect) {
    PlannedObject planted =
        new PlannedObject(
            "broken",
            login,
            new Reference("broken"),
            value -> {
              throw defect;
            });
    return new MountPlan(List.of(broken ? planted : object("fine", login)), List.of());
  }

  private MountQueue queue(int waiting) {
    return new MountQueue(new MountQueue.Bounds(1, waiting, waiting), threads::add);
  }

  private void mount(MountQueue queue, String namespace, RecordingCaller caller)
      throws InterruptedException {
    mount(reader, queue, namespace, caller);
  }

  private void mount(SecretReader from, MountQueue queue, String namespace, RecordingCaller caller)
      throws InterruptedException {
    mount(pipeline(from, queue), namespace, caller);
  }

  private void mount(MountPipeline pipeline, String namespace, RecordingCaller caller)
      throws InterruptedException {
    pipeline.mount(
        store,
        ScriptedBackend.request(namespace),
        Deadline.after(Duration.ofMinutes(1), ticker),
        caller);
  }

  private MountPipeline pipeline(SecretReader from, MountQueue queue) {
    NodeFacts node = new NodeFacts("node-1", 1000, Freshness.Limits.usual());
    return new MountPipeline(node, from, queue, 1000, time);
  }

  private RecordingCaller caller() {
    return new RecordingCaller(inFlight.open(() -> {}), answers::add);
  }

  private MountFailure failure(int index) {
    assertThat(answers.get(index)).isInstanceOf(MountAnswer.Failed.class);
    return ((MountAnswer.Failed) answers.get(index)).failure();
  }
}
