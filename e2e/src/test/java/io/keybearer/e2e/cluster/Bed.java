package io.keybearer.e2e.cluster;

import io.keybearer.e2e.driver.Node;
import io.keybearer.e2e.driver.TokenRequest;
import io.keybearer.provider.fake.PodTokens;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * What a scenario runs in: a cluster and a driver. They are doubles unless the system property
 * {@code keybearer.e2e.driver} names a version of the real driver; then the API server is real too.
 */
public interface Bed extends AutoCloseable {

  /** The node that the process under test runs on. */
  String NODE = "node-1";

  /**
   * Where a store that asks about tokens finds the API server.
   *
   * @param authorityPem who has signed its certificate; empty where it speaks plain HTTP
   * @param reviewer the token that it asks with
   */
  record Reviews(String address, String authorityPem, String reviewer) {}

  /** The one that this run is about; a cluster that is new to the test. */
  static Bed open(Path folder) {
    String driver = System.getProperty("keybearer.e2e.driver", "double");
    return driver.equals("double") ? new DoubleBed(folder) : RealBed.open(driver);
  }

  /** The keys of the cluster's issuer, which stores are to trust. */
  PodTokens tokens();

  /** Where a store asks whether a token is good. */
  Reviews reviews();

  /** A service account with these annotations. */
  void serviceAccount(String namespace, String name, Map<String, String> annotations);

  /** The kubeconfig of the process under test, which has the rights that the chart gives it. */
  Path kubeconfig();

  /**
   * Starts the node.
   *
   * @param sockets where the driver looks for providers
   * @param tokens of the CSIDriver object
   * @param patience how long the kubelet waits for a call, in real time
   */
  Node node(Path sockets, List<TokenRequest> tokens, Duration patience);

  @Override
  void close();
}
