package io.keybearer.provider.cluster;

import io.keybearer.provider.Deadline;
import io.keybearer.provider.MountFailure;
import io.keybearer.provider.PodIdentity;
import io.keybearer.provider.Reason;
import io.keybearer.provider.token.ServiceAccountToken;

/**
 * Has tokens made that the driver does not bring. It takes the right to be any service account of
 * the cluster, so it is off unless the administrator turns it on.
 */
@FunctionalInterface
public interface TokenRequests {

  /**
   * A new token of the pod's service account, good for 15 minutes and for as long as the pod lives.
   *
   * @param audience whom it is for; empty for the API server's own audiences
   * @throws MountFailure {@link Reason#PRECONDITION} if it is off or the request names no pod,
   *     {@link Reason#NOT_FOUND} if the pod or its service account is gone, {@link
   *     Reason#ACCESS_DENIED} if Keybearer may not, {@link Reason#STORE_UNAVAILABLE} with its fault
   *     if nobody answered, {@link Reason#TIMED_OUT} at the deadline
   */
  ServiceAccountToken token(PodIdentity pod, String audience, Deadline deadline)
      throws MountFailure, InterruptedException;
}
