package io.keybearer.provider.vault;

import io.keybearer.provider.conformance.LoginConformance;
import io.keybearer.provider.conformance.PeerCase;
import org.junit.jupiter.api.Timeout;

/** The store behaves as those of every store do, where pods share what their account may read. */
@Timeout(60)
class VaultConformanceTest implements LoginConformance {

  @Override
  public PeerCase newCase() {
    return new VaultCase(AuthMethod.KUBERNETES);
  }
}
