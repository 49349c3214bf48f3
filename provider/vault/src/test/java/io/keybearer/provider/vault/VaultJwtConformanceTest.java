package io.keybearer.provider.vault;

import io.keybearer.provider.conformance.LoginConformance;
import io.keybearer.provider.conformance.PeerCase;
import org.junit.jupiter.api.Timeout;

/** The same where claims of the pod may decide, so that nothing is shared. */
@Timeout(60)
class VaultJwtConformanceTest implements LoginConformance {

  @Override
  public PeerCase newCase() {
    return new VaultCase(AuthMethod.JWT);
  }
}
