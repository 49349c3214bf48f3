package io.keybearer.provider.cluster;

import io.keybearer.provider.Deadline;
import io.keybearer.provider.MountFailure;
import io.keybearer.provider.Reason;
import java.util.Map;

/** Knows what is written on nodes. An answer may be a minute old. */
@FunctionalInterface
public interface Nodes {

  /**
   * The labels of a node; {@code topology.kubernetes.io/region} is one where a cloud has set it.
   *
   * @throws MountFailure {@link Reason#NOT_FOUND} if there is none of that name, {@link
   *     Reason#ACCESS_DENIED} if Keybearer may not look, {@link Reason#STORE_UNAVAILABLE} with its
   *     fault if nobody answered, {@link Reason#TIMED_OUT} at the deadline
   */
  Map<String, String> labels(String node, Deadline deadline)
      throws MountFailure, InterruptedException;
}
