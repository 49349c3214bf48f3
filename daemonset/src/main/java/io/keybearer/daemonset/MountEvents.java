package io.keybearer.daemonset;

import io.keybearer.provider.Quoted;
import io.keybearer.provider.Reason;
import io.keybearer.provider.cluster.PodEvents;
import io.keybearer.provider.cluster.PodEvents.Severity;
import io.keybearer.provider.mount.MountReport;
import io.keybearer.provider.mount.MountReport.ObjectReport;
import io.keybearer.provider.reader.TimedOutcome;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Tells pods, by Events, what a person should know and nobody else tells: kubelet has an Event of
 * its own for a first mount that fails, but the driver hides the failure of a republish, and nobody
 * knows of an older value but Keybearer. {@link LeaseEvents} tells of leases.
 */
final class MountEvents {

  /** A republish failed: the pod keeps the files that it has. */
  static final String ROTATION_FAILED = "SecretRotationFailed";

  /** A republish failed because the pod may not have it, or not any more. */
  static final String ACCESS_DENIED = "SecretAccessDenied";

  /** The pod got a value that is older than it should be. */
  static final String SERVED_STALE = "SecretServedStale";

  private static final int MOST_NAMES = 5;

  private static final Set<String> DENIALS =
      Set.of(Reason.ACCESS_DENIED.name(), Reason.LOGIN_FAILED.name());

  private final PodEvents events;

  MountEvents(PodEvents events) {
    this.events = events;
  }

  /** Tells what there is to tell of a Mount. Never waits. */
  void tell(MountReport report) {
    if (report.succeeded()) {
      tellStale(report);
    } else if (report.republish()) {
      String reason = DENIALS.contains(report.outcome()) ? ACCESS_DENIED : ROTATION_FAILED;
      tell(report, reason, "keeps its files: " + report.outcome() + ": " + report.message());
    }
  }

  private void tellStale(MountReport report) {
    List<String> stale =
        report.objects().stream()
            .filter(object -> object.source().equals(TimedOutcome.Source.STALE.name()))
            .map(ObjectReport::name)
            .toList();
    if (!stale.isEmpty()) {
      tell(
          report,
          SERVED_STALE,
          "was given older values, because the store fails and staleIfError allows it: "
              + named(stale));
    }
  }

  private static String named(List<String> objects) {
    String names =
        objects.stream().limit(MOST_NAMES).map(Quoted::of).collect(Collectors.joining(", "));
    int left = objects.size() - MOST_NAMES;
    return left > 0 ? names + " and " + left + " more" : names;
  }

  private void tell(MountReport report, String reason, String what) {
    String spc = report.secretProviderClass();
    String volume = "volume of " + (spc.isEmpty() ? "a SecretProviderClass" : Quoted.of(spc)) + " ";
    events.tell(report.pod(), Severity.WARNING, reason, volume + what);
  }
}
