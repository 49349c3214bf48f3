package io.keybearer.provider;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** What a {@link ScriptedBackend} does, one interface for each kind of call. */
public interface StoreScript {

  /** What a login does before it succeeds. */
  @FunctionalInterface
  interface Opening {

    /** Returns, waits or fails. */
    void of(Login login, Deadline deadline) throws MountFailure, InterruptedException;
  }

  /** What becomes of one request. */
  @FunctionalInterface
  interface Reading {

    /** Answers, waits or fails. */
    Map<SecretRef, ReadOutcome> of(
        Set<SecretRef> references, Deadline deadline, ByteAllowance arrived)
        throws MountFailure, InterruptedException;
  }

  /** What a request of a Mount plans. */
  @FunctionalInterface
  interface Planning {

    /** A plan, or a failure. */
    MountPlan of(MountRequest request, NodeFacts node) throws MountFailure;
  }

  /** What the store tells of a reference's scope. */
  @FunctionalInterface
  interface Proving {

    /** Answers, or refuses. */
    Scope of(SecretRef reference) throws MountFailure, InterruptedException;
  }

  /** What becomes of renewing a session, and the references of what was minted in it. */
  @FunctionalInterface
  interface Renewing {

    /** Answers, or fails. */
    Renewal renew(Set<SecretRef> minted) throws MountFailure;

    /** Renews the session and all that was minted in it for so long; zero refuses each. */
    static Renewing all(Duration life) {
      return minted -> renewal(minted, life);
    }

    /** Such a renewal. */
    static Renewal renewal(Set<SecretRef> minted, Duration life) {
      Map<SecretRef, Duration> values = new HashMap<>();
      minted.forEach(reference -> values.put(reference, life));
      return new Renewal(SessionLife.of(life), values);
    }
  }
}
