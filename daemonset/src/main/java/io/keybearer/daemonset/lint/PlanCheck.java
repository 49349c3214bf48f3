package io.keybearer.daemonset.lint;

import io.keybearer.daemonset.manifest.Findings;
import io.keybearer.daemonset.manifest.ManifestParameter;
import io.keybearer.daemonset.manifest.Rule;
import io.keybearer.daemonset.manifest.SecretProviderClassManifest;
import io.keybearer.daemonset.manifest.Spot;
import io.keybearer.provider.Backend;
import io.keybearer.provider.Freshness;
import io.keybearer.provider.MountFailure;
import io.keybearer.provider.MountPlan;
import io.keybearer.provider.MountRequest;
import io.keybearer.provider.NodeFacts;
import io.keybearer.provider.Place;
import io.keybearer.provider.PlanWarning;
import io.keybearer.provider.PlannedFile;
import io.keybearer.provider.PlannedObject;
import io.keybearer.provider.PodIdentity;
import io.keybearer.provider.Quoted;
import io.keybearer.provider.Reason;
import io.keybearer.provider.mount.VolumeLayout;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The first step of a Mount, as it would be for a pod that mounts the class. */
final class PlanCheck {

  /** What the driver asks for. */
  private static final int DEFAULT_MODE = 0644;

  private static final int READ_BY_OTHERS = 0004;
  private static final int READ_BY_GROUP = 0040;
  private static final int PERMISSIONS = 0777;

  private final SecretProviderClassManifest one;
  private final Findings findings;

  PlanCheck(SecretProviderClassManifest one, Findings findings) {
    this.one = one;
    this.findings = findings;
  }

  /** Plans; the paths of the volume's files, if all of them are known before a read. */
  Optional<Set<String>> check(Backend store, NodeFacts node) {
    MountRequest request = request();
    try {
      tell(Rule.PLAN_WARNING, Freshness.of(request, node).warnings());
    } catch (MountFailure failure) {
      tell(Rule.PLAN_REFUSED, failure);
    }
    try {
      MountPlan plan = store.plan(request, node);
      tell(Rule.PLAN_WARNING, plan.warnings());
      checkFiles(plan);
      return paths(plan);
    } catch (MountFailure failure) {
      tell(Rule.PLAN_REFUSED, failure);
      return Optional.empty();
    }
  }

  /** A pod of the class's namespace; nothing of a plan may depend on more than that. */
  private MountRequest request() {
    String namespace = one.namespace().isEmpty() ? "default" : one.namespace();
    String name = one.name().isEmpty() ? "unnamed" : one.name();
    return new MountRequest(
        new PodIdentity(namespace, "lint", "lint", "default"),
        name,
        "lint",
        DEFAULT_MODE,
        one.parameters());
  }

  private void checkFiles(MountPlan plan) {
    try {
      tell(Rule.CHANGED_MODE, VolumeLayout.check(plan));
    } catch (MountFailure failure) {
      tell(Rule.VOLUME_FILE, failure);
    }
    for (PlannedObject object : plan.objects()) {
      object.files().forEach(file -> checkMode(file, object.place()));
    }
  }

  private void checkMode(PlannedFile file, Place place) {
    int mode = file.mode() & PERMISSIONS;
    if (mode != 0 && file.mode() > 0 && (mode & (READ_BY_OTHERS | READ_BY_GROUP)) == 0) {
      tell(
          Rule.ROOT_ONLY_MODE,
          place,
          "mode 0"
              + Integer.toOctalString(mode)
              + " of "
              + Quoted.of(file.path())
              + " lets only root read it, for the driver writes all files as root:root; use 0444,"
              + " or 0440 for a pod that runs with group 0");
    }
  }

  private static Optional<Set<String>> paths(MountPlan plan) {
    List<PlannedObject> objects = plan.objects();
    return objects.stream().anyMatch(object -> object.files().isEmpty())
        ? Optional.empty()
        : Optional.of(
            objects.stream()
                .flatMap(object -> object.files().stream())
                .map(PlannedFile::path)
                .collect(Collectors.toUnmodifiableSet()));
  }

  private void tell(Rule rule, List<PlanWarning> warnings) {
    warnings.forEach(warning -> tell(rule, warning.place(), warning.text()));
  }

  private void tell(Rule rule, MountFailure failure) {
    for (MountFailure part : failure.parts()) {
      String object = part.object().isEmpty() ? "" : "object " + Quoted.of(part.object()) + ": ";
      tell(
          part.reason() == Reason.ACCESS_DENIED ? Rule.NOT_ALLOWED : rule,
          part.place(),
          object + part.cause());
    }
  }

  /** Tells it where the file has it, and says where that is if the file does not show it. */
  private void tell(Rule rule, Place place, String text) {
    ManifestParameter parameter = one.located().get(place.parameter());
    Spot spot = parameter == null ? one.parametersSpot() : parameter.spot(place);
    String message = text;
    if (parameter == null && !place.parameter().isEmpty()) {
      message = Quoted.of(place.parameter()) + " is missing: " + text;
    } else if (parameter != null && !place.isWhole() && !parameter.isLiteral()) {
      message =
          text + " (line " + place.line() + ", column " + place.column() + " of the value here)";
    }
    findings.add(rule, spot, one.subject(), message);
  }
}
