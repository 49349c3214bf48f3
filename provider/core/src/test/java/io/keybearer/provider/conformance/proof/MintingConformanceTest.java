package io.keybearer.provider.conformance.proof;

import io.keybearer.provider.Scope;
import io.keybearer.provider.conformance.LoginConformance;
import io.keybearer.provider.conformance.PeerCase;
import io.keybearer.provider.conformance.ReferenceTraits;
import org.junit.jupiter.api.Timeout;

/** So does a good one whose values may be made for the mount that asks. */
@Timeout(120)
class MintingConformanceTest implements LoginConformance {

  @Override
  public PeerCase newCase() {
    return new MemoryCase(Flaw.NONE, new ReferenceTraits(Scope.MOUNT, Scope.MOUNT, false, false));
  }
}
