package io.keybearer.provider.mount;

import io.keybearer.provider.Credentials;

/** Who asked for a Mount and gets its answer. */
public interface MountCaller {

  /** Takes the answer; called once, unless {@link #run} met a defect. */
  void answer(MountAnswer answer);

  /** Runs a part of the mount's work on this thread, and answers if it ends in a defect. */
  void run(Runnable work);

  /** Told by the caller's side that nobody waits any more. */
  Cancellation cancellation();

  /** What the pod proves itself with. */
  Credentials credentials();

  /** What this mount holds in memory until it is answered. */
  InFlightBytes.Account inFlight();
}
