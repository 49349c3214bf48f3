package io.keybearer.provider.reader;

import io.keybearer.provider.Deadline;
import io.keybearer.provider.MountFailure;
import io.keybearer.provider.MountId;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import javax.crypto.SecretKey;

/**
 * The records of what stores have made for mounts of this node, outside of this process: another
 * one goes on with them. Safe for many threads. What can't be read or written is as if it were not
 * there, because no mount fails for that.
 */
public interface MintLedger {

  /** A ledger that keeps nothing, for a node that has no place for it. */
  static MintLedger none() {
    return new NoLedger();
  }

  /** Whether it keeps anything; one that does not is asked for nothing but its key. */
  default boolean keeps() {
    return true;
  }

  /**
   * A random key for HMAC-SHA256 that all processes of the node share, for digests that mean the
   * same in each.
   */
  SecretKey key();

  /** Whose records there are. It looks at files: not for threads that may not wait. */
  Set<MountId> mounts();

  /**
   * What tells one state of a mount's record from another, in microseconds and without reading it;
   * empty where there is none.
   */
  String stamp(MountId mount);

  /** The record as it is now, if there is one; somebody else may be changing it. */
  Optional<KeptMount> read(MountId mount);

  /**
   * Waits until no other process holds the record. Threads of one process hold it together.
   *
   * @throws MountFailure {@link io.keybearer.provider.Reason#BUSY} if another process holds it
   *     until the deadline
   * @throws InterruptedException if nobody waits any more
   */
  Hold hold(MountId mount, Deadline deadline) throws MountFailure, InterruptedException;

  /** A record that no other process changes before this is closed. */
  interface Hold extends AutoCloseable {

    /** The record; an empty one if there is none. */
    KeptMount record();

    /**
     * Changes the record, and removes one that holds no session any more.
     *
     * @param change of the record as it is, made by one thread at a time
     * @return what it is then; its revision is larger than any before, also than those of a record
     *     of the same mount that was removed
     */
    KeptMount update(UnaryOperator<KeptMount> change);

    @Override
    void close();
  }
}
