package io.keybearer.provider;

/** Whom the value of a reference may serve. */
public enum Scope {
  /** Any mount with an equal session: a plain stored value, proven to be one. */
  SHARED,
  /** The one mount that read it: whatever is not proven to be a plain stored value. */
  MOUNT,
  /** One mount, until the store proves that the value is a stored one: {@link Session#prove}. */
  UNPROVEN
}
