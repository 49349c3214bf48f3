package io.keybearer.provider.conformance.proof;

import io.keybearer.provider.conformance.LoginConformance;
import io.keybearer.provider.conformance.PeerCase;
import io.keybearer.provider.conformance.ReferenceTraits;

/** Run by {@link PlantedFlawTest} alone, with the flaw that a system property names. */
class FlawedStore implements LoginConformance {

  /** The property. */
  static final String FLAW = "io.keybearer.provider.conformance.flaw";

  @Override
  public PeerCase newCase() {
    return new MemoryCase(
        Flaw.valueOf(System.getProperty(FLAW, Flaw.NONE.name())), ReferenceTraits.stored());
  }
}
