package io.keybearer.provider.sealed;

import io.keybearer.provider.Scope;
import io.keybearer.provider.SecretRef;

/**
 * A sealed value and the label it has to open under.
 *
 * @param label the namespace and the name, as far as the scope binds them
 * @param ciphertext what was sealed
 */
record SealedRef(String label, Ciphertext ciphertext) implements SecretRef {

  /** Of the ciphertext alone, which is hardly ever sealed under two labels. */
  @Override
  public int hashCode() {
    return ciphertext.hashCode();
  }

  /** The label binds the identity: whoever has an equal reference may have the value. */
  @Override
  public Scope scope() {
    return Scope.SHARED;
  }

  @Override
  public int bytes() {
    return label.length() + ciphertext.bytes();
  }

  /** The ciphertext is the value: nothing but another ciphertext changes it. */
  @Override
  public boolean immutable() {
    return true;
  }
}
