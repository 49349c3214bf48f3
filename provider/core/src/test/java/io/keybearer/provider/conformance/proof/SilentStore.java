package io.keybearer.provider.conformance.proof;

import io.keybearer.provider.conformance.BackendCase;
import io.keybearer.provider.conformance.BackendConformance;
import io.keybearer.provider.conformance.ReferenceTraits;

/** Run by {@link PlantedFlawTest} alone: it leaves out most, and does not say so. */
class SilentStore implements BackendConformance {

  @Override
  public BackendCase newCase() {
    return new MemoryCase(Flaw.NONE, ReferenceTraits.stored());
  }
}
