package io.keybearer.e2e.driver;

import io.grpc.Deadline;
import io.grpc.Status;
import io.keybearer.proto.MountRequest;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Random;

/**
 * The driver's node service: publish and unpublish, with the statuses and texts that the kubelet
 * gets.
 */
public final class Driver implements CsiDriver {
  final DriverSettings settings;
  final String nodeName;
  final ClusterState cluster;
  final VolumeMounts mounts;
  final VirtualClock clock;
  final ServiceAccountTokens tokens;
  final ProviderSockets sockets;
  final DriverMetrics metrics = new DriverMetrics();
  private volatile MountRequest lastMount = MountRequest.getDefaultInstance();
  private final Random seeds;

  /**
   * A driver that has called no provider yet.
   *
   * @param tokens the driver's own, which only 1.5.6 mints
   * @param seed of the order in which files are written
   */
  Driver(
      DriverSettings settings,
      String nodeName,
      ClusterState cluster,
      VolumeMounts mounts,
      VirtualClock clock,
      ServiceAccountTokens tokens,
      long seed) {
    this.settings = settings;
    this.nodeName = nodeName;
    this.cluster = cluster;
    this.mounts = mounts;
    this.clock = clock;
    this.tokens = tokens;
    this.sockets = new ProviderSockets(settings);
    this.seeds = new Random(seed);
  }

  @Override
  public Status publish(PublishRequest request, Deadline deadline) {
    return new Publication(this, request, deadline).run();
  }

  @Override
  public Status unpublish(String volumeId, String targetPath) {
    Status status = remove(volumeId, targetPath);
    if (status.isOk()) {
      metrics.unpublished();
    } else {
      metrics.unpublishFailed();
    }
    return status;
  }

  private Status remove(String volumeId, String targetPath) {
    if (volumeId.isEmpty()) {
      return Status.INVALID_ARGUMENT.withDescription("Volume ID missing in request");
    }
    if (targetPath.isEmpty()) {
      return Status.INVALID_ARGUMENT.withDescription("Target path missing in request");
    }
    Path target = Path.of(targetPath);
    try {
      for (Path child : FileTrees.children(target)) {
        FileTrees.delete(child);
      }
      if (mounts.isMounted(target)) {
        mounts.unmount(target);
      }
      Files.delete(target);
      return Status.OK;
    } catch (NoSuchFileException gone) {
      return Status.OK;
    } catch (FileSystemException failure) {
      return Status.INTERNAL.withDescription("remove " + target + ": " + GoText.reason(failure));
    } catch (IOException failure) {
      return Status.INTERNAL.withDescription(failure.getMessage());
    }
  }

  /** A writer for one volume; each has a random order of its own. */
  AtomicWriter writer(Path target) {
    synchronized (seeds) {
      return new AtomicWriter(target, new Random(seeds.nextLong()), clock);
    }
  }

  /** The Mount that was sent last, whatever became of it. */
  public MountRequest lastMount() {
    return lastMount;
  }

  @Override
  public Duration republishesAfter() {
    return settings.republishes() ? settings.rotation() : Duration.ZERO;
  }

  @Override
  public long metric(String name, Map<String, String> labels) {
    return metrics.total(name, labels);
  }

  void sends(MountRequest request) {
    lastMount = request;
  }

  @Override
  public void close() {
    sockets.close();
  }
}
