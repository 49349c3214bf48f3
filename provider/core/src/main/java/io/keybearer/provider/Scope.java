package io.keybearer.provider;

/** Whom the value of a reference may serve. */
public enum Scope {
  /** Any mount with an equal session key. */
  SHARED,
  /** The one mount that read it: whatever is not proven to be a plain stored value. */
  MOUNT
}
