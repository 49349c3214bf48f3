package io.keybearer.provider.mount;

import io.keybearer.provider.ByteAllowance;
import io.keybearer.provider.MountFailure;
import io.keybearer.provider.Reason;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Bounds the bytes of requests and values that unanswered mounts hold together. When the bound is
 * passed, the mount that holds most makes room: a big one can't push out many small ones.
 */
public final class InFlightBytes {

  private final long most;
  private final Set<Account> accounts = new HashSet<>();
  private long total;

  /** A bound of that many bytes. */
  public InFlightBytes(long most) {
    this.most = most;
  }

  /**
   * The account of a mount that begins.
   *
   * @param onMakeRoom told, on whatever thread passed the bound, that this mount has to end
   */
  public Account open(Runnable onMakeRoom) {
    Account account = new Account(onMakeRoom);
    synchronized (this) {
      accounts.add(account);
    }
    return account;
  }

  /** The bytes held now. */
  public synchronized long total() {
    return total;
  }

  /** What the caller of a mount is told that has to make room. */
  public MountFailure madeRoom() {
    return MountFailure.of(
        Reason.BUSY,
        "busy: the mounts of this node hold more than " + most + " bytes, this one the most",
        "kubelet tries again; split this SecretProviderClass, or raise --in-flight-bytes");
  }

  private void add(Account account, long bytes) {
    List<Account> evicted = new ArrayList<>();
    synchronized (this) {
      if (!accounts.contains(account)) {
        // It made room, or its mount has ended while a read still hung: nobody would give it back.
        return;
      }
      account.held += bytes;
      total += bytes;
      while (total > most) {
        Account largest =
            accounts.stream().max(Comparator.comparingLong(a -> a.held)).orElseThrow();
        largest.evicted = true;
        evicted.add(largest);
        remove(largest);
      }
    }
    evicted.forEach(largest -> largest.onMakeRoom.run());
  }

  private synchronized void remove(Account account) {
    if (accounts.remove(account)) {
      total -= account.held;
    }
  }

  private synchronized boolean isEvicted(Account account) {
    return account.evicted;
  }

  /** What one mount holds; closed when its answer has left. */
  public final class Account implements ByteAllowance, AutoCloseable {

    private final Runnable onMakeRoom;
    private long held;
    private boolean evicted;

    private Account(Runnable onMakeRoom) {
      this.onMakeRoom = onMakeRoom;
    }

    @Override
    public void add(long bytes) throws MountFailure {
      count(bytes);
      requireRoom();
    }

    /** Counts bytes of which the one who brings them can't be told. */
    public void count(long bytes) {
      InFlightBytes.this.add(this, bytes);
    }

    /**
     * Returns unless this mount has to make room for others.
     *
     * @throws MountFailure {@link Reason#BUSY}
     */
    public void requireRoom() throws MountFailure {
      if (isEvicted(this)) {
        throw madeRoom();
      }
    }

    @Override
    public void close() {
      remove(this);
    }
  }
}
