package io.keybearer.provider.conformance.proof;

import io.keybearer.provider.Scope;
import io.keybearer.provider.conformance.LoginConformance;
import io.keybearer.provider.conformance.PeerCase;
import io.keybearer.provider.conformance.ReferenceTraits;
import org.junit.jupiter.api.Timeout;

/** So does a good one that proves the scope of its values when it is asked. */
@Timeout(120)
class ProvingConformanceTest implements LoginConformance {

  @Override
  public PeerCase newCase() {
    return new MemoryCase(
        Flaw.NONE, new ReferenceTraits(Scope.UNPROVEN, Scope.SHARED, false, false));
  }
}
