package io.keybearer.provider;

/** Why a Mount failed. Each is final for kubelet: it cleans up and tries again later. */
public enum Reason {
  /** The SecretProviderClass, or the request itself, is wrong: syntax, value, path, mode, size. */
  INVALID_PARAMETERS,
  /** The object, or the version asked for, does not exist. */
  NOT_FOUND,
  /** The identity is known and may not: the store's policy, or the administrator's. */
  ACCESS_DENIED,
  /** The login was refused: no, expired or wrong token. */
  LOGIN_FAILED,
  /** Something outside the SecretProviderClass must change first. */
  PRECONDITION,
  /** The store can't be reached or failed by itself. */
  STORE_UNAVAILABLE,
  /** The time budget of this Mount is spent. */
  TIMED_OUT,
  /** This node's own bounds are reached. */
  BUSY,
  /** A defect of Keybearer. */
  DEFECT
}
