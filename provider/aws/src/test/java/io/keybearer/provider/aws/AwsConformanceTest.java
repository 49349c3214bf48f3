package io.keybearer.provider.aws;

import io.keybearer.provider.conformance.LoginConformance;
import io.keybearer.provider.conformance.PeerCase;
import org.junit.jupiter.api.Timeout;

/** The store behaves as those of every store do, where pods log in by their account's role. */
@Timeout(60)
class AwsConformanceTest implements LoginConformance {

  @Override
  public PeerCase newCase() {
    return new AwsCase();
  }
}
