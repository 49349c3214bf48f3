package io.keybearer.provider.reader;

import io.keybearer.provider.Scope;
import io.keybearer.provider.SecretRef;

/**
 * Stands for the reference of a value that another process had minted, until its mount comes back.
 *
 * @param lastingName that of the reference
 */
record AdoptedReference(String lastingName) implements SecretRef {

  @Override
  public Scope scope() {
    return Scope.MOUNT;
  }

  /** Whether both name the same, be it that one of them only stands for it. */
  static boolean isSame(SecretRef one, SecretRef other) {
    return one.equals(other) || one.lastingName().equals(other.lastingName());
  }
}
