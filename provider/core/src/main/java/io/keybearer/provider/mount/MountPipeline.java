package io.keybearer.provider.mount;

import io.keybearer.provider.Backend;
import io.keybearer.provider.Deadline;
import io.keybearer.provider.MountFailure;
import io.keybearer.provider.MountRequest;
import io.keybearer.provider.NodeFacts;
import io.keybearer.provider.Reason;
import io.keybearer.provider.reader.PlannedMount;
import io.keybearer.provider.reader.SecretReader;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Takes a Mount through its three steps: plan, read, render. A mount whose plan fails is answered
 * at once; one that has a plan waits for its turn.
 */
public final class MountPipeline {

  private final MountInProgress.Tools tools;
  private final MountQueue queue;
  private final PlanMemory plans;
  private final RememberedClasses classes = new RememberedClasses();
  private final MountsInFlight inFlight = new MountsInFlight();

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
      NodeFacts node,
      SecretReader reader,
      MountQueue queue,
      long mostAnswerBytes,
      SecretReader.Time time) {
    this.plans = new PlanMemory(node, time.ticker());
    this.tools = new MountInProgress.Tools(reader, new RenderedMemory(), mostAnswerBytes, time);
    this.queue = queue;
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
    Optional<PlanMemory.Planned> planned = plans.recall(store, complete);
    if (planned.isEmpty() || inFlight.has(complete.mount())) {
      return false;
    }
    PlannedMount mount = planned.get().mount();
    Optional<SecretReader.Recalled> recalled = recall(mount, caller);
    recalled.ifPresent(
        known ->
            new MountInProgress(
                    tools, planned.get().backend(), complete, deadline, caller, over -> {})
                .finishFromMemory(mount, known));
    return recalled.isPresent();
  }

  private Optional<SecretReader.Recalled> recall(PlannedMount planned, MountCaller caller) {
    try {
      return tools.reader().recall(planned, caller.credentials(), caller.inFlight());
    } catch (MountFailure failure) {
      // The way through the queue meets it again, and tells it.
      return Optional.empty();
    }
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
    MountInProgress mount =
        new MountInProgress(
            tools, backend, classes.complete(request), deadline, caller, this::startNext);
    Optional<MountInProgress> first = inFlight.enter(mount);
    while (first.isPresent() && first.get() != mount && !first.get().join(caller, deadline)) {
      first = inFlight.enter(mount);
    }
    if (first.isEmpty()) {
      mount.watchCallers();
      mount.waitForAnother();
    } else if (first.get() == mount) {
      mount.watchCallers();
      start(mount);
    }
  }

  private void start(MountInProgress mount) throws InterruptedException {
    try {
      mount.planned(plan(mount.backend(), mount.request(), mount.deadline()));
    } catch (MountFailure failure) {
      mount.fail(failure);
      return;
    }
    queue.enter(mount);
  }

  private void startNext(MountInProgress ended) {
    inFlight.ended(ended).ifPresent(this::startAfterAnother);
  }

  private void startAfterAnother(MountInProgress mount) {
    try {
      start(mount);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      mount.refuse(
          MountFailure.of(Reason.BUSY, "this provider is stopping", "kubelet tries again"));
    }
  }

  private PlannedMount plan(Backend backend, MountRequest request, Deadline deadline)
      throws MountFailure, InterruptedException {
    Optional<PlanMemory.Planned> known = plans.recall(backend.name(), request);
    if (known.isPresent()) {
      return known.get().mount();
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
