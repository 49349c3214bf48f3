package io.keybearer.e2e.client;

import io.keybearer.provider.conformance.LoginConformance;
import io.keybearer.provider.conformance.PeerCase;
import org.junit.jupiter.api.Timeout;

/** The store that is asked for one secret at a time behaves as those of every store do. */
@Timeout(60)
class DoubleConformanceTest implements LoginConformance {

  @Override
  public PeerCase newCase() {
    return new DoubleCase(DoubleBackend.single());
  }
}
