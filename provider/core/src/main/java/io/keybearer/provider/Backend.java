package io.keybearer.provider;

import java.util.Map;
import java.util.Set;

/** One store: it understands its SecretProviderClass and opens sessions. Safe for many threads. */
public interface Backend {

  /** The store's name, which is also that of its socket. */
  String name();

  /**
   * The first step of a Mount: which identity, which references, how files are made of them. Pure:
   * no I/O, and a plan serves every equal request.
   *
   * @throws MountFailure mostly {@link Reason#INVALID_PARAMETERS}; {@link Reason#ACCESS_DENIED} for
   *     what the administrator's settings forbid
   */
  MountPlan plan(MountRequest request, NodeFacts node) throws MountFailure;

  /**
   * Logs in. The session is used by the callers of equal {@link SessionKey}s.
   *
   * @throws MountFailure if the store refuses or can't be reached by the deadline
   * @throws InterruptedException if the last one who waited has left
   */
  Session open(Login login, Credentials credentials, Deadline deadline)
      throws MountFailure, InterruptedException;

  /** How many references one request can carry. */
  int referencesPerRequest();

  /** How many requests one address should get at once. */
  int requestsAtOnce();

  /**
   * What the references alone prove, at once and without a login. A store whose values stand in the
   * SecretProviderClass itself answers from what it opened before; all others know nothing.
   */
  default Map<SecretRef, SecretValue> recall(Set<SecretRef> references) {
    return Map.of();
  }
}
