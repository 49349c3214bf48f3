package io.keybearer.e2e.store;

import java.util.List;

/**
 * One request, as far as counts and faults ask about it.
 *
 * @param nanos when it had arrived, by {@link System#nanoTime}
 * @param kind what it asks for
 * @param identity who asks, also by a session that has ended; empty where nobody is known
 * @param credential the session that came with it, or a login's token; else empty
 * @param paths the secrets it names, the role of a login, the mount of a proof; else none
 */
public record StoreCall(
    long nanos, Kind kind, String identity, String credential, List<String> paths) {

  /** What a request asks for. */
  public enum Kind {
    /** A session for a token. */
    LOGIN,
    /** One secret. */
    READ,
    /** Several secrets. */
    BATCH,
    /** A new secret with a lease. */
    MINT,
    /** Whether what a mount holds may be shared. */
    PROOF,
    /** More time for a session. */
    RENEW,
    /** The end of a session. */
    REVOKE,
    /** Nothing that the protocol has. */
    UNKNOWN
  }

  /** A call with a list of its own. */
  public StoreCall {
    paths = List.copyOf(paths);
  }

  /** The one path, or all of them with commas between; empty for none. */
  public String path() {
    return String.join(",", paths);
  }
}
