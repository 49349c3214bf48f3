package io.keybearer.provider.conformance;

/**
 * A call that has arrived at a peer.
 *
 * @param kind what it is for
 * @param credential the token, signature or password that came with it
 */
public record PeerCall(Kind kind, String credential) {

  /** What a call is for. */
  public enum Kind {
    /** Opens a session. */
    LOGIN,
    /** Reads values. */
    READ,
    /** Anything else: asks what a reference is, renews, gives back. */
    OTHER
  }
}
