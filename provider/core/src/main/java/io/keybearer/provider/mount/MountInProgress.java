package io.keybearer.provider.mount;

import io.keybearer.provider.Deadline;
import io.keybearer.provider.MountFailure;
import io.keybearer.provider.MountPlan;
import io.keybearer.provider.MountRequest;
import io.keybearer.provider.PlannedObject;
import io.keybearer.provider.ReadOutcome;
import io.keybearer.provider.Reason;
import io.keybearer.provider.Rendering.Rendered;
import io.keybearer.provider.SecretFile;
import io.keybearer.provider.Ticker;
import io.keybearer.provider.mount.MountReport.ObjectReport;
import io.keybearer.provider.reader.ReadKey;
import io.keybearer.provider.reader.SecretReader;
import io.keybearer.provider.reader.TimedOutcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** One Mount on its way to its answer, with what its report needs. */
final class MountInProgress {

  private final String store;
  private final MountRequest request;
  private final Deadline deadline;
  private final Ticker ticker;
  private final MountCaller caller;
  private final long started;
  private final List<ObjectReport> objects = new ArrayList<>();
  private final List<String> warnings = new ArrayList<>();
  private Duration waited = Duration.ZERO;

  MountInProgress(
      String store, MountRequest request, Deadline deadline, Ticker ticker, MountCaller caller) {
    this.store = store;
    this.request = request;
    this.deadline = deadline;
    this.ticker = ticker;
    this.caller = caller;
    this.started = ticker.nanos();
  }

  /** The read and render steps, for the queue. */
  MountQueue.Turn turn(MountPlan plan, SecretReader reader, long mostAnswerBytes) {
    Set<String> addresses = plan.addresses();
    long queued = ticker.nanos();
    return new MountQueue.Turn() {
      @Override
      public String namespace() {
        return request.pod().namespace();
      }

      @Override
      public Set<String> addresses() {
        return addresses;
      }

      @Override
      public Deadline deadline() {
        return deadline;
      }

      @Override
      public void run() {
        waited = Duration.ofNanos(ticker.nanos() - queued);
        caller.run(
            () ->
                finish(
                    plan,
                    () -> reader.read(plan, caller.credentials(), deadline, caller.inFlight()),
                    mostAnswerBytes));
      }

      @Override
      public void refuse(MountFailure failure) {
        waited = Duration.ofNanos(ticker.nanos() - queued);
        caller.run(() -> fail(failure));
      }
    };
  }

  /** The outcomes of a plan's references. */
  interface Reads {

    /** Reads, or recalls. */
    Map<ReadKey, TimedOutcome> outcomes() throws InterruptedException;
  }

  /** The read and render steps, and the answer. */
  void finish(MountPlan plan, Reads reads, long mostAnswerBytes) {
    try {
      caller.inFlight().requireRoom();
      Map<ReadKey, TimedOutcome> outcomes = caller.cancellation().run(reads::outcomes);
      caller.inFlight().requireRoom();
      succeed(render(plan, outcomes, mostAnswerBytes));
    } catch (MountFailure failure) {
      fail(failure);
    } catch (InterruptedException e) {
      fail(interrupted());
    }
  }

  private MountFailure interrupted() {
    try {
      caller.inFlight().requireRoom();
    } catch (MountFailure madeRoom) {
      return madeRoom;
    }
    return MountFailure.of(
        Reason.BUSY, "the caller left, or this provider stops", "kubelet tries again");
  }

  private MountResult render(
      MountPlan plan, Map<ReadKey, TimedOutcome> outcomes, long mostAnswerBytes)
      throws MountFailure {
    warnings.addAll(plan.warnings());
    MountResult.Draft draft = new MountResult.Draft();
    List<MountFailure> failures = new ArrayList<>();
    for (PlannedObject object : plan.objects()) {
      TimedOutcome outcome = outcomes.get(ReadKey.of(object));
      if (outcome == null) {
        throw new IllegalStateException("the reader left out " + object.reference());
      }
      try {
        Rendered rendered = render(object, outcome.outcome(), draft);
        objects.add(report(object, rendered.versions().get(0).version(), outcome, MountReport.OK));
      } catch (MountFailure failure) {
        failures.add(failure.on(object.name()));
        objects.add(report(object, "", outcome, failure.reason().name()));
      }
    }
    if (!failures.isEmpty()) {
      throw MountFailure.all(failures);
    }
    return draft.result(mostAnswerBytes);
  }

  private static Rendered render(PlannedObject object, ReadOutcome outcome, MountResult.Draft draft)
      throws MountFailure {
    if (outcome instanceof ReadOutcome.Value read) {
      Rendered rendered = object.rendering().render(read.value());
      for (SecretFile file : rendered.files()) {
        draft.add(object.name(), file);
      }
      rendered.versions().forEach(draft::add);
      return rendered;
    }
    throw ((ReadOutcome.Failed) outcome).failure();
  }

  private static ObjectReport report(
      PlannedObject object, String version, TimedOutcome read, String outcome) {
    return new ObjectReport(object.name(), version, read.source().name(), outcome, read.took());
  }

  private void succeed(MountResult result) {
    warnings.addAll(result.warnings());
    MountReport report = report(MountReport.OK, "", result.files().size(), result.bytes());
    caller.answer(new MountAnswer.Files(result, report));
  }

  /** Answers with a failure. */
  void fail(MountFailure failure) {
    MountFailure told = failure.at(store);
    MountReport report = report(told.reason().name(), told.getMessage(), 0, 0);
    caller.answer(new MountAnswer.Failed(told, report));
  }

  private MountReport report(String outcome, String message, int files, long bytes) {
    return new MountReport(
        request.pod(),
        request.secretProviderClass(),
        store,
        outcome,
        message,
        objects,
        files,
        bytes,
        waited,
        Duration.ofNanos(ticker.nanos() - started),
        warnings);
  }
}
