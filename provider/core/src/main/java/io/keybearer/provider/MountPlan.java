package io.keybearer.provider;

import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** What the first step found. Immutable: one plan serves every equal request. */
public final class MountPlan {

  private final List<PlannedObject> objects;
  private final List<PlanWarning> warnings;
  private final Map<Login, Set<SecretRef>> reads;

  /**
   * A plan.
   *
   * @param objects at least one, in the order of the SecretProviderClass
   * @param warnings what still mounts but should be changed; for the log and for lint
   */
  public MountPlan(List<PlannedObject> objects, List<PlanWarning> warnings) {
    if (objects.isEmpty()) {
      throw new IllegalArgumentException("a plan without objects");
    }
    this.objects = List.copyOf(objects);
    this.warnings = List.copyOf(warnings);
    this.reads = reads(objects);
  }

  private static Map<Login, Set<SecretRef>> reads(List<PlannedObject> objects) {
    Map<SessionKey, Login> logins = new HashMap<>();
    Map<Login, Set<SecretRef>> reads = new LinkedHashMap<>();
    for (PlannedObject object : objects) {
      Login login = logins.computeIfAbsent(object.login().key(), key -> object.login());
      reads.computeIfAbsent(login, l -> new LinkedHashSet<>()).add(object.reference());
    }
    reads.replaceAll((login, references) -> Collections.unmodifiableSet(references));
    return Collections.unmodifiableMap(reads);
  }

  /** The objects, in the order of the SecretProviderClass. */
  public List<PlannedObject> objects() {
    return objects;
  }

  /** What still mounts but should be changed. */
  public List<PlanWarning> warnings() {
    return warnings;
  }

  /** The distinct references, by the session that reads them. */
  public Map<Login, Set<SecretRef>> reads() {
    return reads;
  }

  /** Whether it reads that reference in that session. */
  public boolean names(SessionKey session, SecretRef reference) {
    return reads.entrySet().stream()
        .anyMatch(
            read -> read.getKey().key().equals(session) && read.getValue().contains(reference));
  }

  /** The addresses that this plan reads from; none for a store inside this process. */
  public Set<String> addresses() {
    return reads.keySet().stream()
        .map(login -> login.key().endpoint().address())
        .filter(address -> !address.isEmpty())
        .collect(Collectors.toUnmodifiableSet());
  }
}
