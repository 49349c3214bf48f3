package io.keybearer.provider;

import java.util.Map;
import java.util.Set;

/** A login for one identity. Safe for many threads. */
public interface Session {

  /**
   * Reads in one request.
   *
   * @param references at most {@link Backend#referencesPerRequest()}
   * @param deadline when the answer is of no use any more
   * @param arrived told of bytes as they arrive; it throws when this mount holds too many
   * @return one outcome for each reference
   * @throws MountFailure what holds for all of them alike
   * @throws InterruptedException if the last one who waited has left
   */
  Map<SecretRef, ReadOutcome> read(
      Set<SecretRef> references, Deadline deadline, ByteAllowance arrived)
      throws MountFailure, InterruptedException;
}
