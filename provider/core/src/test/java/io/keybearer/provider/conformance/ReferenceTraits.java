package io.keybearer.provider.conformance;

import io.keybearer.provider.Scope;

/**
 * What all references of a case are.
 *
 * @param declared the scope that they declare
 * @param proven what the store proves of {@link Scope#UNPROVEN} ones, else the same as declared
 * @param repeatable whether reading them can be sent again though the store may have acted
 * @param immutable whether what was read once stays true
 */
public record ReferenceTraits(Scope declared, Scope proven, boolean repeatable, boolean immutable) {

  /** References to plain stored values, which may change. */
  public static ReferenceTraits stored() {
    return new ReferenceTraits(Scope.SHARED, Scope.SHARED, true, false);
  }

  /** References to values that never change. */
  public static ReferenceTraits pinned() {
    return new ReferenceTraits(Scope.SHARED, Scope.SHARED, true, true);
  }

  /** Whether mounts of one identity share values. */
  boolean isShared() {
    return proven == Scope.SHARED;
  }
}
