package io.keybearer.provider.conformance.proof;

import io.keybearer.provider.conformance.LoginConformance;
import io.keybearer.provider.conformance.PeerCase;
import io.keybearer.provider.conformance.ReferenceTraits;
import org.junit.jupiter.api.Timeout;

/** A good store passes the whole suite. */
@Timeout(120)
class MemoryConformanceTest implements LoginConformance {

  @Override
  public PeerCase newCase() {
    return new MemoryCase(Flaw.NONE, ReferenceTraits.stored());
  }
}
