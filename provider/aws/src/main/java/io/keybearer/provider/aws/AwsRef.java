package io.keybearer.provider.aws;

import io.keybearer.provider.Scope;
import io.keybearer.provider.SecretRef;

/**
 * What is read of one of the services.
 *
 * @param extent one value, or all below a path
 * @param primary what the region is asked for
 * @param failover what the failover region is asked for
 * @param scope whom the value may serve
 */
record AwsRef(AwsService service, Extent extent, AwsName primary, AwsName failover, Scope scope)
    implements SecretRef {

  /** How much is read. */
  enum Extent {
    /** The value of that name. */
    ONE,
    /** The parameters directly below that path. */
    LEVEL,
    /** All parameters below that path. */
    TREE
  }

  /** A version's number or id is never given twice. */
  @Override
  public boolean immutable() {
    return extent == Extent.ONE && !primary.version().isEmpty();
  }

  /** Reading changes nothing, whoever may see the value. */
  @Override
  public boolean repeatable() {
    return true;
  }

  /** Whether the failover region can know what it is called there. */
  boolean isAskable(String failoverRegion) {
    return failover.arn().filter(arn -> !arn.region().equals(failoverRegion)).isEmpty();
  }
}
