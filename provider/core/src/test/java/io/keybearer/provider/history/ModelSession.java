package io.keybearer.provider.history;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A login at the model's store. */
final class ModelSession {

  private final int process;
  private final String identity;
  private final String opener;
  private final List<Lease> leases = new ArrayList<>();
  private final Duration life;
  private long expires;
  private boolean revoked;
  private Moment ended = Moment.NEVER;

  /**
   * A session.
   *
   * @param opener the volume whose token opened it
   */
  ModelSession(int process, String identity, String opener, Duration life, long expires) {
    this.life = life;
    this.process = process;
    this.identity = identity;
    this.opener = opener;
    this.expires = expires;
  }

  /** What its login said. */
  Duration life() {
    return life;
  }

  int process() {
    return process;
  }

  String identity() {
    return identity;
  }

  String opener() {
    return opener;
  }

  List<Lease> leases() {
    return leases;
  }

  long expires() {
    return expires;
  }

  void renew(long until) {
    expires = until;
  }

  void revoke() {
    revoked = true;
  }

  boolean isRevoked() {
    return revoked;
  }

  Moment ended() {
    return ended;
  }

  void end(Moment now) {
    if (ended.equals(Moment.NEVER)) {
      ended = now;
    }
  }

  boolean isTaken(long now) {
    return !revoked && ended.equals(Moment.NEVER) && expires > now;
  }
}
