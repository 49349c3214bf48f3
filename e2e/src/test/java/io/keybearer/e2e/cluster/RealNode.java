package io.keybearer.e2e.cluster;

import io.keybearer.e2e.driver.DriverVersion;
import io.keybearer.e2e.driver.KubeletSettings;
import io.keybearer.e2e.driver.Node;
import io.keybearer.e2e.driver.TokenRequest;
import io.keybearer.e2e.driver.VolumeMounts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** A node with the real driver on it, whose volumes are real and whose time is the machine's. */
final class RealNode extends Node {

  private final RealCluster cluster;
  private final RealDriver driver;

  private RealNode(Parts parts, KubeletSettings settings, RealCluster cluster, RealDriver driver) {
    super(parts, settings);
    this.cluster = cluster;
    this.driver = driver;
  }

  /**
   * Starts the driver, with nothing on its node.
   *
   * @throws IllegalStateException if this process may not mount, or a program is not there
   */
  static RealNode start(
      ApiServer api,
      DriverVersion version,
      Path providers,
      Duration rotation,
      List<TokenRequest> tokens,
      Duration patience) {
    try {
      VolumeMounts mounts = VolumeMounts.tmpfs();
      Path folder = Files.createTempDirectory("keybearer-node").toRealPath();
      RealCluster cluster = new RealCluster(api.admin(), Bed.NODE);
      cluster.driver(tokens);
      RealDriver driver =
          RealDriver.start(api, version, providers, rotation, folder.resolve("driver"));
      KubeletSettings settings =
          new KubeletSettings(patience, tokens, false, cluster.issuer(), System.nanoTime());
      Parts parts = new Parts(folder, cluster, new SystemClock(), mounts, driver);
      return new RealNode(parts, settings, cluster, driver);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public RealCluster cluster() {
    return cluster;
  }

  @Override
  public RealDriver driver() {
    return driver;
  }
}
