package io.keybearer.provider.conformance.proof;

import io.keybearer.provider.Scope;
import io.keybearer.provider.SecretRef;
import io.keybearer.provider.conformance.ReferenceTraits;

/**
 * A secret in memory.
 *
 * @param identity what else makes it equal to another; mostly nothing
 */
record MemoryReference(String name, ReferenceTraits traits, Object identity) implements SecretRef {

  @Override
  public Scope scope() {
    return traits.declared();
  }

  @Override
  public boolean repeatable() {
    return traits.repeatable();
  }

  @Override
  public boolean immutable() {
    return traits.immutable();
  }
}
