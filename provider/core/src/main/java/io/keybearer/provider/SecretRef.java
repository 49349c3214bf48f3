package io.keybearer.provider;

/**
 * One thing to read from a store. Each store has its own record of it; equal references are read
 * once. A reference holds no secret, and its {@code toString} may be logged.
 */
public interface SecretRef {

  /** Whom the value may serve. */
  Scope scope();

  /** Whether it names one version for ever: what was read once stays true. */
  default boolean immutable() {
    return false;
  }

  /**
   * Whether a request that may have reached the store can be sent again. Reading what the store may
   * make for the asker can't: it would be made twice.
   */
  default boolean repeatable() {
    return scope() == Scope.SHARED;
  }

  /** The bytes that it holds itself, where these are more than a name. */
  default int bytes() {
    return 0;
  }

  /** What a proof is about: one proves the scope of all references of an equal subject. */
  default Object subject() {
    return this;
  }

  /**
   * A text that names it in every version of Keybearer: what was minted is found by it after an
   * upgrade. Equal for equal references of a session, and for no others.
   */
  default String lastingName() {
    return toString();
  }
}
