package io.keybearer.provider;

/**
 * One thing to read from a store. Each store has its own record of it; equal references are read
 * once. A reference holds no secret, and its {@code toString} may be logged.
 */
public interface SecretRef {

  /** Whom the value may serve. */
  Scope scope();
}
