package io.keybearer.provider.history;

import java.util.Optional;

/** What the store made. */
final class Lease {

  private final StoreRead read;
  private long expires;
  private Optional<String> owner;
  private long lastNeeded;
  private boolean excused;

  /**
   * A lease.
   *
   * @param owner the volume that it is known to be for
   */
  Lease(StoreRead read, long made, long expires, Optional<String> owner) {
    this.read = read;
    this.expires = expires;
    this.owner = owner;
    this.lastNeeded = made;
  }

  StoreRead read() {
    return read;
  }

  ModelSession session() {
    return read.session();
  }

  long expires() {
    return expires;
  }

  void renew(long until) {
    expires = until;
  }

  Optional<String> owner() {
    return owner;
  }

  void ownedBy(String volume) {
    owner = Optional.of(volume);
  }

  long lastNeeded() {
    return lastNeeded;
  }

  void neededAt(long now) {
    lastNeeded = now;
  }

  /** The store could not be reached when it was to be given back: it ends by itself. */
  void excuse() {
    excused = true;
  }

  boolean isExcused() {
    return excused;
  }

  @Override
  public String toString() {
    return "lease of " + owner + " by " + read + ", last needed at " + lastNeeded / 1_000_000;
  }
}
