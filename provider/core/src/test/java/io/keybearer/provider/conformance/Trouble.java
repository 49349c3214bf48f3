package io.keybearer.provider.conformance;

/**
 * What calls can meet at a peer. Its answers should echo what they were asked with, value and
 * credential included: nothing of it may come out again.
 */
public enum Trouble {
  /** The call arrives and gets no answer. */
  HANGING,
  /** The call gets the first half of its answer. */
  STALLED,
  /** Nobody listens, for calls of any kind; connections that were kept are closed. */
  REFUSED,
  /** The connection is reset once the call has arrived. */
  BROKEN,
  /** A 5xx. */
  SERVER_ERROR,
  /** 429 with Retry-After, or the store's own word for it. */
  THROTTLED,
  /** A 401: what came with the call is not taken, or not any more. */
  UNAUTHENTICATED,
  /** A 403: the policy forbids it. */
  FORBIDDEN,
  /** A 404: there is no such secret, or not any more. */
  ABSENT
}
