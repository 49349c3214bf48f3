package io.keybearer.provider.mount;

import io.keybearer.provider.Backend;
import io.keybearer.provider.Deadline;
import io.keybearer.provider.MountFailure;
import io.keybearer.provider.MountId;
import io.keybearer.provider.MountRequest;
import io.keybearer.provider.Reason;
import io.keybearer.provider.SecretBytes;
import io.keybearer.provider.reader.PlannedMount;
import io.keybearer.provider.reader.ReadKey;
import io.keybearer.provider.reader.SecretReader;
import io.keybearer.provider.reader.TimedOutcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** One Mount on its way to its answer, for whoever waits for it. */
final class MountInProgress implements MountQueue.Turn {

  /**
   * What every mount works with.
   *
   * @param rendered what was made of values before
   * @param mostAnswerBytes the size of an answer that the driver still takes
   */
  record Tools(
      SecretReader reader, RenderedMemory rendered, long mostAnswerBytes, SecretReader.Time time) {}

  private final Tools tools;
  private final Backend backend;
  private final MountRequest request;
  private final Map<String, SecretBytes> secrets;
  private final MountCaller leader;
  private final Consumer<MountInProgress> whenOver;
  private final MountCallers callers = new MountCallers();
  private final MountRendering rendering;
  private final List<String> warnings = new ArrayList<>();
  private final AtomicBoolean over = new AtomicBoolean();
  private final long started;
  private volatile long queued;
  private volatile Duration waited = Duration.ZERO;
  private volatile Deadline deadline;
  private volatile boolean republish;
  private volatile Optional<PlannedMount> planned = Optional.empty();
  private volatile Optional<SecretReader.Reading> reading = Optional.empty();
  private volatile Runnable endTurn = () -> {};

  /**
   * A mount.
   *
   * @param leader who asked first
   * @param whenOver told once it is answered, or nobody waits for it
   */
  MountInProgress(
      Tools tools,
      Backend backend,
      MountRequest request,
      Deadline deadline,
      MountCaller leader,
      Consumer<MountInProgress> whenOver) {
    this.tools = tools;
    this.rendering = new MountRendering(tools.rendered());
    this.backend = backend;
    this.request = request;
    this.secrets = leader.credentials().nodePublishSecrets();
    this.deadline = deadline;
    this.leader = leader;
    this.whenOver = whenOver;
    this.started = tools.time().ticker().nanos();
    this.queued = started;
    callers.add(leader, deadline);
  }

  Backend backend() {
    return backend;
  }

  MountRequest request() {
    return request;
  }

  MountId volume() {
    return request.mount();
  }

  /** Whether it will have the answer that the other one wants, whatever tokens that came with. */
  boolean asksLike(MountInProgress other) {
    return !over.get()
        && backend == other.backend
        && request.equals(other.request)
        && secrets.equals(other.secrets);
  }

  /** Ends it when all who wait have left. To be called once it can be ended. */
  void watchCallers() {
    leader.cancellation().whenCancelled(() -> left(leader));
  }

  /** Waits for an earlier mount of its volume, but not beyond its own time. */
  void waitForAnother() {
    tools
        .time()
        .alarms()
        .in(
            deadline.remaining(),
            () -> {
              if (planned.isEmpty()) {
                refuse(
                    MountFailure.of(
                        Reason.BUSY,
                        "busy: another mount of this volume was not answered in time",
                        "kubelet tries again"));
              }
            });
  }

  /** Another caller that wants the same answer; whether there still is one to wait for. */
  boolean join(MountCaller caller, Deadline until) {
    if (!callers.add(caller, until)) {
      return false;
    }
    deadline = deadline.orLater(until);
    callers
        .deadlines()
        .forEach(each -> tools.time().alarms().in(each.remaining(), this::answerLate));
    caller.cancellation().whenCancelled(() -> left(caller));
    return true;
  }

  /** A caller whose own time has passed does not wait for the end of another's. */
  private void answerLate() {
    if (!deadline.hasPassed()) {
      for (MountCaller caller : callers.late()) {
        answer(
            caller,
            MountFailure.of(
                Reason.TIMED_OUT,
                "another call for this volume was still being answered",
                "kubelet tries again"));
      }
    }
  }

  private void left(MountCaller caller) {
    answer(
        caller,
        MountFailure.of(
            Reason.BUSY, "the caller left, or this provider stops", "kubelet tries again"));
  }

  /** Answers one of the callers; the work is over when that was the last. */
  private void answer(MountCaller caller, MountFailure failure) {
    if (callers.remove(caller)) {
      caller.run(() -> caller.answer(failed(failure)));
    }
    if (callers.endIfEmpty() && over.compareAndSet(false, true)) {
      end(false);
    }
  }

  /** Knows its plan and waits for its turn from now on. */
  void planned(PlannedMount mount) {
    planned = Optional.of(mount);
    queued = tools.time().ticker().nanos();
  }

  @Override
  public String namespace() {
    return request.pod().namespace();
  }

  @Override
  public Set<String> addresses() {
    return planned.map(mount -> mount.plan().addresses()).orElse(Set.of());
  }

  @Override
  public Deadline deadline() {
    return deadline;
  }

  @Override
  public void run(Runnable ended) {
    waited = Duration.ofNanos(tools.time().ticker().nanos() - queued);
    endTurn = ended;
    if (over.get()) {
      ended.run();
    } else {
      guarded(this::read);
    }
  }

  private void read() {
    PlannedMount mount = planned.orElseThrow();
    republish = tools.reader().isRepublish(mount);
    try {
      leader.inFlight().requireRoom();
      SecretReader.Reading begun =
          tools
              .reader()
              .read(
                  mount,
                  leader.credentials(),
                  new SecretReader.Call(started, this::deadline, callers),
                  this::finishGuarded);
      reading = Optional.of(begun);
      if (over.get()) {
        begun.leave();
      }
    } catch (MountFailure failure) {
      fail(failure);
    }
  }

  @Override
  public void refuse(MountFailure failure) {
    waited = Duration.ofNanos(tools.time().ticker().nanos() - queued);
    guarded(() -> fail(failure));
  }

  private void finishGuarded(Map<ReadKey, TimedOutcome> outcomes) {
    guarded(() -> finish(planned.orElseThrow(), outcomes));
  }

  /** All steps that are left, where nothing has to be waited for. */
  void finishFromMemory(PlannedMount mount, SecretReader.Recalled recalled) {
    planned = Optional.of(mount);
    republish = recalled.republish();
    finish(mount, recalled.outcomes());
  }

  /** The render step, and the answer. */
  private void finish(PlannedMount mount, Map<ReadKey, TimedOutcome> outcomes) {
    mount.plan().warnings().forEach(warning -> warnings.add(warning.text()));
    mount.freshness().warnings().forEach(warning -> warnings.add(warning.text()));
    try {
      leader.inFlight().requireRoom();
      succeed(mount, rendering.render(mount.plan(), outcomes, tools.mostAnswerBytes()));
    } catch (MountFailure failure) {
      fail(failure);
    }
  }

  /** A defect is told to whoever waits, and the place of this mount is free again. */
  private void guarded(Runnable work) {
    AtomicBoolean done = new AtomicBoolean();
    leader.run(
        () -> {
          work.run();
          done.set(true);
        });
    if (!done.get()) {
      callers.remove(leader);
      fail(MountFailure.of(Reason.DEFECT, "keybearer failed unexpectedly", "look at its log"));
    }
  }

  private void succeed(PlannedMount mount, MountResult result) {
    if (over.compareAndSet(false, true)) {
      warnings.addAll(result.warnings());
      MountReport report = report(MountReport.OK, "", result.files().size(), result.bytes());
      tools.reader().answered(mount);
      try {
        answerAll(new MountAnswer.Files(result, report));
      } finally {
        end(true);
      }
    }
  }

  /** Answers with a failure. */
  void fail(MountFailure failure) {
    if (over.compareAndSet(false, true)) {
      try {
        answerAll(failed(failure));
      } finally {
        end(false);
      }
    }
  }

  /** Each under its own guard: what goes wrong with one is nothing to the others. */
  private void answerAll(MountAnswer answer) {
    callers.end().forEach(each -> each.run(() -> each.answer(answer)));
  }

  private void end(boolean answered) {
    reading.ifPresent(SecretReader.Reading::leave);
    if (!answered) {
      planned.ifPresent(tools.reader()::failed);
    }
    endTurn.run();
    whenOver.accept(this);
  }

  private MountAnswer.Failed failed(MountFailure failure) {
    MountFailure told = failure.at(backend.name());
    return new MountAnswer.Failed(told, report(told.reason().name(), told.getMessage(), 0, 0));
  }

  private MountReport report(String outcome, String message, int files, long bytes) {
    return new MountReport(
        request.pod(),
        request.secretProviderClass(),
        backend.name(),
        republish,
        outcome,
        message,
        rendering.objects(),
        files,
        bytes,
        waited,
        Duration.ofNanos(tools.time().ticker().nanos() - started),
        warnings);
  }
}
