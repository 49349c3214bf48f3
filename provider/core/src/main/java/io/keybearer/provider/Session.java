package io.keybearer.provider;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A login for one identity. Safe for many threads. */
public interface Session {

  /**
   * Reads in one request, sent once: the caller decides what is tried again.
   *
   * @param references of one {@link #batch}, and no more than that carries
   * @param deadline when the answer is of no use any more
   * @param arrived told of bytes as they arrive; it throws when nobody may hold more
   * @return one outcome for each reference; a session that the store no longer takes is a {@link
   *     Reason#LOGIN_FAILED}, what its policy forbids an {@link Reason#ACCESS_DENIED}
   * @throws MountFailure what holds for all of them alike, with its {@link Fault}
   * @throws InterruptedException if the last one who waited has left
   */
  Map<SecretRef, ReadOutcome> read(
      Set<SecretRef> references, Deadline deadline, ByteAllowance arrived)
      throws MountFailure, InterruptedException;

  /**
   * Which other references can travel with this one, as far as this session knows now. Asked before
   * each request, so it takes microseconds.
   */
  default Batch batch(SecretRef reference) {
    return Batch.alone();
  }

  /** How long it can be used, from the moment it was opened. */
  default SessionLife life() {
    return SessionLife.endless();
  }

  /**
   * Asks the store whether the values of a reference's subject are stored ones.
   *
   * @return {@link Scope#SHARED} or {@link Scope#MOUNT}
   * @throws MountFailure if the store does not tell this session
   * @throws InterruptedException if nobody waits any more
   */
  default Scope prove(SecretRef reference, Deadline deadline)
      throws MountFailure, InterruptedException {
    return Scope.MOUNT;
  }

  /**
   * Makes it, and what was minted in it, live longer.
   *
   * @param minted what was minted in it and is still needed: other values need not live longer.
   *     Told apart by {@link SecretRef#lastingName}: what another process had minted is no
   *     reference of the store's own type until its mount comes back
   * @throws MountFailure if the store fails
   * @throws InterruptedException if the process stops
   */
  default Renewal renew(Set<SecretRef> minted, Deadline deadline)
      throws MountFailure, InterruptedException {
    return Renewal.of(life().isEndless() ? life() : SessionLife.of(Duration.ZERO));
  }

  /**
   * What another process needs to go on with this session: {@link Backend#resume} takes it. It is
   * asked again after each value that was minted, and written down where only root and Keybearer
   * read.
   *
   * @return a token and the names of leases, in the store's own form; empty where nobody can go on
   */
  default Optional<SecretBytes> state() {
    return Optional.empty();
  }

  /**
   * Gives it back to the store, with all that was minted in it.
   *
   * @throws MountFailure if the store fails
   * @throws InterruptedException if the process stops
   */
  default void end(Deadline deadline) throws MountFailure, InterruptedException {}
}
