package io.keybearer.provider;

import java.util.Optional;
import java.util.Set;

/** One store: it understands its SecretProviderClass and opens sessions. Safe for many threads. */
public interface Backend {

  /** The store's name, which is also that of its socket. */
  String name();

  /**
   * Every parameter that it understands, and every field inside one: {@code objects}, {@code
   * objects[].path}. {@code *} stands for any name. Those of {@link Freshness} are left out. Others
   * are ignored by a Mount, and told by lint.
   */
  Set<String> parameters();

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

  /**
   * Goes on with a session that another process has opened, without asking the store: a session
   * that has ended meanwhile fails when it is used. {@link Session#life} of it tells only whether
   * it is reusable; how long it lives is known to the caller.
   *
   * @param state what {@link Session#state} gave, perhaps of another version of Keybearer
   * @return nothing if this store, or this version of it, can't, or can't make sense of the state
   */
  default Optional<Session> resume(SessionKey key, SecretBytes state) {
    return Optional.empty();
  }

  /** How many requests one address should get at once. */
  int requestsAtOnce();

  /**
   * Another number once nothing that was read before may be used any more; asked with every mount,
   * so it takes microseconds.
   */
  default long generation() {
    return 0;
  }

  /** Whether a login that may have reached the store can be sent again: it leaves nothing there. */
  default boolean repeatsLogins() {
    return false;
  }

  /** Whether a store that asks to be left alone means all identities, not the one that asked. */
  default boolean throttlesAddresses() {
    return false;
  }
}
