package io.keybearer.provider.mount;

import io.keybearer.provider.Backend;
import io.keybearer.provider.Deadline;
import io.keybearer.provider.MountFailure;
import io.keybearer.provider.MountPlan;
import io.keybearer.provider.MountRequest;
import io.keybearer.provider.NodeFacts;
import io.keybearer.provider.Reason;
import io.keybearer.provider.Ticker;
import io.keybearer.provider.reader.ReadKey;
import io.keybearer.provider.reader.SecretReader;
import io.keybearer.provider.reader.TimedOutcome;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Takes a Mount through its three steps: plan, read, render. A mount whose plan fails is answered
 * at once; one that has a plan waits for its turn.
 */
public final class MountPipeline {

  private final SecretReader reader;
  private final MountQueue queue;
  private final long mostAnswerBytes;
  private final Ticker ticker;
  private final PlanMemory plans;
  private final RememberedClasses classes = new RememberedClasses();

  /** Planning is work without waiting: more at once than processors only fills memory. */
  private final Semaphore planning =
      new Semaphore(2 * Runtime.getRuntime().availableProcessors(), true);

  /**
   * A pipeline.
   *
   * @param node what plans may depend on
   * @param mostAnswerBytes the size of an answer that the driver still takes
   */
  public MountPipeline(
      NodeFacts node, SecretReader reader, MountQueue queue, long mostAnswerBytes, Ticker ticker) {
    this.plans = new PlanMemory(node, ticker);
    this.reader = reader;
    this.queue = queue;
    this.mostAnswerBytes = mostAnswerBytes;
    this.ticker = ticker;
  }

  /**
   * Answers a Mount if that needs neither parsing nor waiting: it was planned before and all its
   * values are in memory. Takes microseconds and never blocks.
   *
   * @param store the store of the socket that the call came in on
   * @return whether the caller has its answer
   */
  public boolean answerFromMemory(
      String store, MountRequest request, Deadline deadline, MountCaller caller) {
    MountRequest complete = classes.complete(request);
    Optional<MountPlan> plan = plans.recall(store, complete);
    if (plan.isEmpty()) {
      return false;
    }
    Optional<Map<ReadKey, TimedOutcome>> outcomes = reader.recall(plan.get());
    outcomes.ifPresent(
        known -> {
          MountInProgress mount = new MountInProgress(store, complete, deadline, ticker, caller);
          mount.finish(plan.get(), () -> known, mostAnswerBytes);
        });
    return outcomes.isPresent();
  }

  /**
   * Answers a Mount, exactly once, by the deadline: on this thread if it may run now, else on
   * another.
   *
   * @param backend the store of the socket that the call came in on
   * @throws InterruptedException if the process stops
   */
  public void mount(Backend backend, MountRequest request, Deadline deadline, MountCaller caller)
      throws InterruptedException {
    MountRequest complete = classes.complete(request);
    MountInProgress mount = new MountInProgress(backend.name(), complete, deadline, ticker, caller);
    MountPlan plan;
    try {
      plan = plan(backend, complete, deadline);
    } catch (MountFailure failure) {
      mount.fail(failure);
      return;
    }
    queue.enter(mount.turn(plan, reader, mostAnswerBytes));
  }

  private MountPlan plan(Backend backend, MountRequest request, Deadline deadline)
      throws MountFailure, InterruptedException {
    Optional<MountPlan> known = plans.recall(backend.name(), request);
    if (known.isPresent()) {
      return known.get();
    }
    if (!planning.tryAcquire(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS)) {
      throw MountFailure.of(
          Reason.BUSY,
          "busy: other requests of this node are still being parsed",
          "kubelet tries again; look for a very large SecretProviderClass");
    }
    try {
      return plans.plan(backend, request);
    } finally {
      planning.release();
    }
  }
}
