package io.keybearer.provider.conformance;

import io.keybearer.provider.MountPlan;
import io.keybearer.provider.PlanWarning;
import java.util.List;
import java.util.Map;

/**
 * What can be compared of a plan.
 *
 * @param objects each with its name, login and reference
 * @param warnings in their order
 * @param reads the references of each login
 */
record PlanContent(List<List<Object>> objects, List<PlanWarning> warnings, Map<?, ?> reads) {

  static PlanContent of(MountPlan plan) {
    return new PlanContent(
        plan.objects().stream()
            .map(object -> List.<Object>of(object.name(), object.login(), object.reference()))
            .toList(),
        plan.warnings(),
        plan.reads());
  }
}
