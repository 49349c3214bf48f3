package io.keybearer.provider.reader;

import io.keybearer.provider.PodIdentity;
import io.keybearer.provider.SecretValue;
import java.time.Duration;

/** One value that a store made for a mount. Under the lock. */
final class Mint {

  private final PodIdentity pod;
  private final SecretValue value;
  private final OpenSession session;
  private final String keptAs;
  private final LeasedTime time;
  private boolean refused;

  /**
   * A value.
   *
   * @param pod whose
   * @param session what it was made in
   * @param keptAs its id in the ledger, empty where it is in none
   */
  Mint(PodIdentity pod, SecretValue value, OpenSession session, LeasedTime time, String keptAs) {
    this.pod = pod;
    this.value = value;
    this.session = session;
    this.time = time;
    this.keptAs = keptAs;
  }

  PodIdentity pod() {
    return pod;
  }

  SecretValue value() {
    return value;
  }

  OpenSession session() {
    return session;
  }

  String keptAs() {
    return keptAs;
  }

  LeasedTime time() {
    return time;
  }

  boolean isRefused() {
    return refused;
  }

  /** It ends with its session if that is sooner. */
  long ends() {
    return endsWithSession() ? session.ends() : time.ends();
  }

  private boolean endsWithSession() {
    return session.ends() - time.ends() < 0;
  }

  /** It is replaced when a tenth of its life is left, and once it may not live longer. */
  boolean isFresh(long now) {
    long tenth = Math.min(time.longest(), session.time().longest()) / 10;
    return !refused && ends() - tenth - now > 0;
  }

  /** Whether a renewal of it would make it live longer. */
  boolean isRenewable() {
    return time.isRenewable() && (session.time().isRenewable() || !endsWithSession());
  }

  /** Told of a renewal that began at that moment; a time of zero refuses it. */
  void renewed(long from, Duration life) {
    refused |= life.isZero();
    time.renewed(from, life);
  }

  /** Told what another process knows of it. */
  void learn(LeasedTime other, boolean isRefused) {
    time.learn(other);
    refused |= isRefused;
  }
}
