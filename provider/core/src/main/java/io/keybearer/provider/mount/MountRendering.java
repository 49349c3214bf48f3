package io.keybearer.provider.mount;

import io.keybearer.provider.MountFailure;
import io.keybearer.provider.MountFailures;
import io.keybearer.provider.MountPlan;
import io.keybearer.provider.PlannedObject;
import io.keybearer.provider.ReadOutcome;
import io.keybearer.provider.Reason;
import io.keybearer.provider.Rendering.Rendered;
import io.keybearer.provider.SecretFile;
import io.keybearer.provider.mount.MountReport.ObjectReport;
import io.keybearer.provider.reader.ReadKey;
import io.keybearer.provider.reader.TimedOutcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The third step of a Mount: files of what was read, and what became of each object. */
final class MountRendering {

  private final RenderedMemory memory;
  private final List<ObjectReport> objects = new ArrayList<>();

  MountRendering(RenderedMemory memory) {
    this.memory = memory;
  }

  /** What became of each object so far, in the order of the SecretProviderClass. */
  List<ObjectReport> objects() {
    return objects;
  }

  /**
   * The complete answer.
   *
   * @param mostAnswerBytes the size of one that the driver still takes
   * @throws MountFailure that tells of every object that has failed
   */
  MountResult render(MountPlan plan, Map<ReadKey, TimedOutcome> outcomes, long mostAnswerBytes)
      throws MountFailure {
    MountResult.Draft draft = new MountResult.Draft();
    MountFailures failures = new MountFailures();
    for (PlannedObject object : plan.objects()) {
      TimedOutcome outcome = outcomes.get(ReadKey.of(object));
      if (outcome == null) {
        throw new IllegalStateException("the reader left out " + object.reference());
      }
      try {
        Rendered rendered = render(object, outcome.outcome(), draft);
        objects.add(report(object, rendered.versions().get(0).version(), outcome, MountReport.OK));
      } catch (MountFailure failure) {
        if (!object.optional() || failure.reason() != Reason.NOT_FOUND) {
          failures.add(failure.on(object.name()));
        }
        objects.add(report(object, "", outcome, failure.reason().name()));
      }
    }
    failures.requireNone();
    return draft.result(mostAnswerBytes);
  }

  private Rendered render(PlannedObject object, ReadOutcome outcome, MountResult.Draft draft)
      throws MountFailure {
    if (outcome instanceof ReadOutcome.Value read) {
      Rendered rendered = memory.of(object.rendering(), read.value());
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
}
