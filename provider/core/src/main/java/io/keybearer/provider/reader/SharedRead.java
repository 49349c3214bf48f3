package io.keybearer.provider.reader;

import io.keybearer.provider.Deadline;
import io.keybearer.provider.SecretRef;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/** One reference that is being read, or will be, for all the mounts that wait for it. */
final class SharedRead {

  private final SecretRef reference;
  private final Set<MountReading> waiters = new LinkedHashSet<>();
  private SessionReads home;
  private MountReading owner;
  private Optional<ReadSet> request = Optional.empty();

  SharedRead(SecretRef reference, SessionReads home, MountReading first) {
    this.reference = reference;
    this.home = home;
    this.owner = first;
  }

  SecretRef reference() {
    return reference;
  }

  Set<MountReading> waiters() {
    return waiters;
  }

  /** The mount on whose account it is read: one of those who wait, or the last who did. */
  MountReading owner() {
    if (!waiters.isEmpty() && !waiters.contains(owner)) {
      owner = waiters.iterator().next();
    }
    return owner;
  }

  /** Finds an owner that may have another request out; whether there is one. */
  boolean findOwnerWithRoom() {
    if (!owner().hasRoomForRequest()) {
      waiters.stream()
          .filter(MountReading::hasRoomForRequest)
          .findFirst()
          .ifPresent(waiter -> owner = waiter);
    }
    return owner.hasRoomForRequest();
  }

  /** The latest deadline of those who wait, at least that one. */
  Deadline latest(Deadline least) {
    Deadline latest = least;
    for (MountReading waiter : waiters) {
      latest = latest.orLater(waiter.deadline());
    }
    return latest;
  }

  SessionReads home() {
    return home;
  }

  void moveTo(SessionReads newHome) {
    home = newHome;
  }

  /**
   * Whether it can be sent again though the store may have acted on it: what a session shares was
   * proven to be stored, if its reference did not say so.
   */
  boolean isRepeatable() {
    return reference.repeatable() || home.id().isShared();
  }

  /** The request that carries it, once there is one. */
  Optional<ReadSet> request() {
    return request;
  }

  void carriedBy(ReadSet set) {
    request = Optional.of(set);
  }

  /** It will be read again, in another session. */
  void putBack() {
    request = Optional.empty();
  }

  /** A mount waits no longer. */
  void leave(MountReading mount) {
    if (waiters.remove(mount) && waiters.isEmpty()) {
      home.left(this);
    }
  }
}
