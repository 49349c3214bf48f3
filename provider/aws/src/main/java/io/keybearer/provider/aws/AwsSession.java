package io.keybearer.provider.aws;

import io.keybearer.provider.Batch;
import io.keybearer.provider.ByteAllowance;
import io.keybearer.provider.Deadline;
import io.keybearer.provider.Fault;
import io.keybearer.provider.MountFailure;
import io.keybearer.provider.ReadOutcome;
import io.keybearer.provider.Reason;
import io.keybearer.provider.SecretRef;
import io.keybearer.provider.Session;
import io.keybearer.provider.SessionLife;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A login that reads one of the services, in its region, and in the failover region what the first
 * one fails to give by its own fault.
 */
final class AwsSession implements Session {

  private final AwsIdentity identity;
  private final RegionPair regions;
  private final TakenCredentials credentials;
  private final RegionReads reads;
  private final RegionOutages outages;
  private final AwsLogins logins;
  private final SessionLife life;

  AwsSession(
      AwsIdentity identity,
      RegionPair regions,
      TakenCredentials credentials,
      RegionReads reads,
      RegionOutages outages,
      AwsLogins logins,
      InstantSource clock) {
    this.identity = identity;
    this.regions = regions;
    this.credentials = credentials;
    this.reads = reads;
    this.outages = outages;
    this.logins = logins;
    Duration left = Duration.between(clock.instant(), credentials.expires());
    this.life = SessionLife.of(left.isNegative() ? Duration.ZERO : left);
  }

  @Override
  public SessionLife life() {
    return life;
  }

  @Override
  public Batch batch(SecretRef reference) {
    AwsRef wanted = (AwsRef) reference;
    Batch batch = reads.batch(wanted, credentials.role(), regions.primary());
    // What only the first region can be asked for would keep others from the second one.
    return batch.most() == 1 || !regions.hasFailover() || wanted.isAskable(regions.failover())
        ? batch
        : new Batch(batch.kind() + " of " + regions.primary(), batch.most());
  }

  @Override
  public Map<SecretRef, ReadOutcome> read(
      Set<SecretRef> references, Deadline deadline, ByteAllowance arrived)
      throws MountFailure, InterruptedException {
    logins.requireRole(identity, credentials, deadline);
    Map<SecretRef, ReadOutcome> outcomes = new HashMap<>();
    List<AwsRef> askable = new ArrayList<>();
    for (SecretRef each : references) {
      AwsRef reference = (AwsRef) each;
      try {
        ObjectNames.requireRegion(reference.primary().name(), regions.primary());
        askable.add(reference);
      } catch (MountFailure failure) {
        outcomes.put(reference, new ReadOutcome.Failed(failure));
      }
    }
    if (!askable.isEmpty()) {
      try {
        outcomes.putAll(inRegions(askable, deadline, arrived));
      } catch (MountFailure failure) {
        logins.failed(identity, credentials, failure);
        throw failure;
      }
    }
    return outcomes;
  }

  /** An ARN of the one region means nothing in the other. */
  private Map<AwsRef, ReadOutcome> inRegions(
      List<AwsRef> references, Deadline deadline, ByteAllowance arrived)
      throws MountFailure, InterruptedException {
    boolean everywhere =
        references.stream().allMatch(reference -> reference.isAskable(regions.failover()));
    if (!regions.hasFailover() || !everywhere) {
      return inRegion(regions.primary(), references, deadline, arrived);
    }
    return outages.isOut(identity, regions.primary())
        ? inFailoverFirst(references, deadline, arrived)
        : inPrimaryFirst(references, deadline, arrived);
  }

  private Map<AwsRef, ReadOutcome> inPrimaryFirst(
      List<AwsRef> references, Deadline deadline, ByteAllowance arrived)
      throws MountFailure, InterruptedException {
    try {
      return inRegion(regions.primary(), references, deadline.beforeAnother(), arrived);
    } catch (MountFailure failure) {
      if (!AwsFailures.isOfRegion(failure) || deadline.hasPassed()) {
        throw failure;
      }
      return besides(failure, inFailover(references, deadline, arrived));
    }
  }

  /** Where the first region is known to fail, it is asked for what the other one does not have. */
  private Map<AwsRef, ReadOutcome> inFailoverFirst(
      List<AwsRef> references, Deadline deadline, ByteAllowance arrived)
      throws MountFailure, InterruptedException {
    Given given = inFailover(references, deadline.beforeAnother(), arrived);
    if (given.told().isEmpty()) {
      return given.outcomes();
    }
    Map<AwsRef, ReadOutcome> outcomes = new HashMap<>(given.outcomes());
    try {
      List<AwsRef> left = List.copyOf(given.told().keySet());
      outcomes.putAll(inRegion(regions.primary(), left, deadline, arrived));
      return outcomes;
    } catch (MountFailure failure) {
      if (!AwsFailures.isOfRegion(failure)) {
        throw failure;
      }
      return besides(failure, given);
    }
  }

  /**
   * What the failover region gave.
   *
   * @param told what it said of the others. That decides nothing: such a value may have been
   *     written to the first region alone
   */
  private record Given(Map<AwsRef, ReadOutcome> outcomes, Map<AwsRef, String> told) {}

  private Given inFailover(List<AwsRef> references, Deadline deadline, ByteAllowance arrived)
      throws MountFailure, InterruptedException {
    Map<AwsRef, ReadOutcome> outcomes = new HashMap<>();
    Map<AwsRef, String> told = new LinkedHashMap<>();
    try {
      inRegion(regions.failover(), references, deadline, arrived)
          .forEach(
              (reference, outcome) -> {
                if (outcome instanceof ReadOutcome.Failed failed) {
                  told.put(reference, failed.failure().getMessage());
                } else {
                  outcomes.put(reference, outcome);
                }
              });
    } catch (MountFailure failure) {
      // An account that has not enabled that region is told that its credentials are unknown.
      if (!AwsFailures.isOfRegion(failure) && failure.reason() != Reason.LOGIN_FAILED) {
        throw failure;
      }
      references.forEach(reference -> told.put(reference, failure.getMessage()));
    }
    return new Given(outcomes, told);
  }

  /** What the failover region gave. The rest is asked for again, until none of it is given. */
  private static Map<AwsRef, ReadOutcome> besides(MountFailure first, Given given)
      throws MountFailure {
    if (given.outcomes().isEmpty()) {
      throw first.and(given.told().values().stream().distinct().collect(Collectors.joining("; ")));
    }
    Map<AwsRef, ReadOutcome> outcomes = new HashMap<>(given.outcomes());
    given.told().keySet().forEach(left -> outcomes.put(left, new ReadOutcome.Apart()));
    return outcomes;
  }

  private Map<AwsRef, ReadOutcome> inRegion(
      String region, List<AwsRef> references, Deadline deadline, ByteAllowance arrived)
      throws MountFailure, InterruptedException {
    boolean primary = region.equals(regions.primary());
    RegionReads.Asked asked =
        new RegionReads.Asked(region, credentials, primary ? AwsRef::primary : AwsRef::failover);
    try {
      Map<AwsRef, ReadOutcome> outcomes = reads.read(asked, references, deadline, arrived);
      outages.answered(identity, region);
      return outcomes;
    } catch (MountFailure failure) {
      // An account that is throttled says nothing of the others'.
      if (AwsFailures.isOfRegion(failure) && failure.fault().kind() != Fault.Kind.THROTTLED) {
        outages.failed(identity, region);
      }
      // What a mount may not hold is no failure of AWS.
      throw failure.reason() == Reason.BUSY ? failure : failure.worded(reads.fromAllRegions());
    }
  }
}
