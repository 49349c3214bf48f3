package io.keybearer.provider.aws;

import io.keybearer.provider.MountFailure;
import io.keybearer.provider.Place;
import io.keybearer.provider.PlainText;
import io.keybearer.provider.Reason;
import java.util.List;

/**
 * The regions of a SecretProviderClass.
 *
 * @param primary asked first
 * @param failover asked where the first one fails; empty for none
 */
record RegionPair(String primary, String failover) {

  /**
   * These regions.
   *
   * @throws MountFailure {@link Reason#INVALID_PARAMETERS} if both are one
   */
  static RegionPair of(String primary, String failover) throws MountFailure {
    if (primary.equals(failover)) {
      throw MountFailure.of(
              Reason.INVALID_PARAMETERS,
              PlainText.of(primary) + ": failover region cannot be the same as the primary region",
              "name another one, or leave failoverRegion out")
          .in(Place.of("failoverRegion"));
    }
    return new RegionPair(primary, failover);
  }

  boolean hasFailover() {
    return !failover.isEmpty();
  }

  /** Both, in their order. */
  List<String> inOrder() {
    return hasFailover() ? List.of(primary, failover) : List.of(primary);
  }
}
