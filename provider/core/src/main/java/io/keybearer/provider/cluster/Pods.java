package io.keybearer.provider.cluster;

import io.keybearer.provider.Deadline;
import io.keybearer.provider.MountFailure;
import io.keybearer.provider.PodIdentity;
import io.keybearer.provider.Reason;
import java.util.Map;

/** Knows what is written on pods. An answer may be a minute old. */
@FunctionalInterface
public interface Pods {

  /**
   * The labels of that very pod: another one of its name is not it.
   *
   * @throws MountFailure {@link Reason#NOT_FOUND} if it is gone, {@link Reason#ACCESS_DENIED} if
   *     Keybearer may not look, {@link Reason#STORE_UNAVAILABLE} with its fault if nobody answered,
   *     {@link Reason#TIMED_OUT} at the deadline
   */
  Map<String, String> labels(PodIdentity pod, Deadline deadline)
      throws MountFailure, InterruptedException;
}
