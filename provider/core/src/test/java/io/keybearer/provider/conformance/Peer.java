package io.keybearer.provider.conformance;

/** The far side of a store: a fake server, or the real one behind a proxy. */
public interface Peer {

  /** The calls that have arrived. */
  PeerLog log();

  /** Calls of that kind meet this trouble from now on, whatever they met before. */
  void meet(PeerCall.Kind kind, Trouble trouble);

  /**
   * Lets pods of this namespace and service account log in from now on, and denies them all else.
   */
  void forbid(Pod pod);

  /** All is well from now on. Calls that hang are broken off. */
  void repair();
}
