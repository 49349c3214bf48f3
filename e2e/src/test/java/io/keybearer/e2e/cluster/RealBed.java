package io.keybearer.e2e.cluster;

import io.keybearer.e2e.driver.DriverVersion;
import io.keybearer.e2e.driver.Node;
import io.keybearer.e2e.driver.TokenRequest;
import io.keybearer.provider.fake.PodTokens;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** The real driver and the real API server; that one serves all tests of a run, one by one. */
final class RealBed implements Bed {

  private static final Duration POLL = Duration.ofSeconds(2);

  private final RunningCluster cluster;
  private final DriverVersion version;

  private RealBed(RunningCluster cluster, DriverVersion version) {
    this.cluster = cluster;
    this.version = version;
  }

  static RealBed open(String number) {
    DriverVersion version =
        Arrays.stream(DriverVersion.values())
            .filter(known -> known.number().equals(number))
            .findFirst()
            .orElseThrow(() -> new IllegalArgumentException("no driver " + number + " is built"));
    return new RealBed(RunningCluster.get(), version);
  }

  @Override
  public PodTokens tokens() {
    return cluster.api().tokens();
  }

  @Override
  public Reviews reviews() {
    return new Reviews(
        cluster.api().address().toString(), cluster.api().authorityPem(), cluster.reviewer());
  }

  @Override
  public void serviceAccount(String namespace, String name, Map<String, String> annotations) {
    new RealCluster(cluster.api().admin(), NODE).serviceAccount(namespace, name, annotations);
  }

  @Override
  public Path kubeconfig() {
    return cluster.kubeconfig();
  }

  @Override
  public Node node(Path sockets, List<TokenRequest> tokens, Duration patience) {
    return RealNode.start(cluster.api(), version, sockets, POLL, tokens, patience);
  }

  @Override
  public void close() {
    // The cluster goes on for the next test.
  }
}
