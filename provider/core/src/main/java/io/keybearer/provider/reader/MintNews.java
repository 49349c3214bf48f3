package io.keybearer.provider.reader;

import io.keybearer.provider.MountFailure;
import io.keybearer.provider.PodIdentity;
import java.time.Duration;

/** What happens to values that stores made for a mount and that its pod should hear of. */
public sealed interface MintNews {

  /** Whose values. */
  PodIdentity pod();

  /** Who wants to know. It is called by any thread, once at a time, and must not wait. */
  @FunctionalInterface
  interface Listener {

    /** Something has happened. */
    void tell(MintNews news);
  }

  /**
   * A store would not let something live longer, though it has time left: the next republish brings
   * new values, and where none comes they end.
   *
   * @param store the store's name
   */
  record RenewalRefused(PodIdentity pod, String store) implements MintNews {}

  /**
   * Renewing has failed twice in a row; it is tried again while there is time. It is told once
   * until a renewal succeeds.
   *
   * @param store the store's name
   * @param left how long the first of the values still lives
   */
  record RenewalFails(PodIdentity pod, String store, MountFailure failure, Duration left)
      implements MintNews {}

  /**
   * A value has ended, and nobody came for a new one. The pod's file holds what is not taken any
   * more.
   *
   * @param store the store's name
   */
  record Ended(PodIdentity pod, String store) implements MintNews {}

  /**
   * A mount used to come back and does not any more, where no ends of pods are told: what was made
   * for it is not renewed until it does.
   *
   * @param silence since when it was not seen
   */
  record GivenUp(PodIdentity pod, Duration silence) implements MintNews {}

  /**
   * What was made for a mount of which nothing is seen was given back.
   *
   * @param store the store's name
   */
  record OrphanGivenBack(PodIdentity pod, String store) implements MintNews {}
}
