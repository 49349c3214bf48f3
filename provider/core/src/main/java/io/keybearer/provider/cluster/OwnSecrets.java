package io.keybearer.provider.cluster;

import io.keybearer.provider.Deadline;
import io.keybearer.provider.MountFailure;
import io.keybearer.provider.Reason;
import io.keybearer.provider.SecretBytes;
import java.util.Map;

/** Reads the Secrets that an administrator has made for Keybearer, in its own namespace alone. */
@FunctionalInterface
public interface OwnSecrets {

  /**
   * What a Secret holds, by key, as it is now.
   *
   * @throws MountFailure {@link Reason#NOT_FOUND} if there is none of that name, {@link
   *     Reason#ACCESS_DENIED} if Keybearer may not look, {@link Reason#STORE_UNAVAILABLE} with its
   *     fault if nobody answered, {@link Reason#TIMED_OUT} at the deadline
   */
  Map<String, SecretBytes> data(String name, Deadline deadline)
      throws MountFailure, InterruptedException;
}
