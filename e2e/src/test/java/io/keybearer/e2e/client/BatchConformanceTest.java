package io.keybearer.e2e.client;

import io.keybearer.provider.conformance.LoginConformance;
import io.keybearer.provider.conformance.PeerCase;
import org.junit.jupiter.api.Timeout;

/** So does the one that is asked for several, whose answers deny each for itself. */
@Timeout(60)
class BatchConformanceTest implements LoginConformance {

  @Override
  public PeerCase newCase() {
    return new DoubleCase(DoubleBackend.batch());
  }
}
