package io.keybearer.e2e.driver;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;

/** A node whose driver and whose cluster are doubles, and whose time stands until it is turned. */
public final class NodeDouble extends Node {
  private final ClusterState cluster;
  private final VirtualClock clock;
  private final Driver driver;
  private final SecretSync secretSync;

  private NodeDouble(
      NodeSettings settings, Parts parts, ClusterState cluster, VirtualClock clock, Driver driver) {
    super(parts, settings.kubelet());
    this.cluster = cluster;
    this.clock = clock;
    this.driver = driver;
    this.secretSync = new SecretSync(driver, this::pod);
    add(new RotationReconciler(driver, this::pod));
    add(secretSync);
  }

  /**
   * Starts an empty node in a temporary directory of its own.
   *
   * @throws IllegalStateException if the settings demand volumes that this process may not mount
   */
  public static NodeDouble start(NodeSettings settings) {
    VolumeMounts mounts = settings.volumes().get();
    KubeletSettings pods = settings.kubelet();
    ClusterState cluster = new ClusterState(pods.seed());
    VirtualClock clock = new VirtualClock();
    Driver driver =
        new Driver(
            settings.driver(),
            "node-1",
            cluster,
            mounts,
            clock,
            new ServiceAccountTokens(pods.tokenRequests(), pods.issuer(), clock),
            pods.seed());
    try {
      Parts parts =
          new Parts(
              Files.createTempDirectory("keybearer-node").toRealPath(),
              cluster,
              clock,
              mounts,
              driver);
      return new NodeDouble(settings, parts, cluster, clock, driver);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  @Override
  public ClusterState cluster() {
    return cluster;
  }

  @Override
  public Driver driver() {
    return driver;
  }

  /** The node's time; {@link #advance} also does what becomes due. */
  public VirtualClock clock() {
    return clock;
  }

  @Override
  void settle() {
    secretSync.runDue();
  }
}
