package io.keybearer.provider.cluster;

import io.keybearer.provider.Deadline;
import io.keybearer.provider.MountFailure;
import io.keybearer.provider.Reason;
import java.util.Map;

/** Knows what is written on service accounts. An answer may be a minute old. */
@FunctionalInterface
public interface ServiceAccounts {

  /**
   * The annotations of a service account.
   *
   * @throws MountFailure {@link Reason#NOT_FOUND} if there is none of that name, {@link
   *     Reason#ACCESS_DENIED} if Keybearer may not look, {@link Reason#STORE_UNAVAILABLE} with its
   *     fault if nobody answered, {@link Reason#TIMED_OUT} at the deadline
   */
  Map<String, String> annotations(String namespace, String name, Deadline deadline)
      throws MountFailure, InterruptedException;
}
