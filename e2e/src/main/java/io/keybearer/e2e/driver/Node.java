package io.keybearer.e2e.driver;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A node of a cluster with nothing on it but a kubelet and the driver. Closing deletes its pods and
 * unmounts every volume.
 *
 * <p>Its methods are for one thread; calls to the provider run on many.
 */
public final class Node implements AutoCloseable {
  private final Path directory;
  private final ClusterState cluster = new ClusterState();
  private final VirtualClock clock = new VirtualClock();
  private final VolumeMounts mounts;
  private final Driver driver;
  private final Kubelet kubelet;
  private final RotationReconciler reconciler;
  private final SecretSync secretSync;

  private Node(NodeSettings settings, VolumeMounts mounts, Path directory) {
    this.directory = directory;
    this.mounts = mounts;
    KubeletSettings pods = settings.kubelet();
    this.driver =
        new Driver(
            settings.driver(),
            "node-1",
            cluster,
            mounts,
            clock,
            new ServiceAccountTokens(pods.tokenRequests(), pods.issuer(), clock),
            pods.seed());
    this.kubelet = new Kubelet(pods, directory.resolve("pods"), cluster, driver, clock);
    this.reconciler = new RotationReconciler(driver, kubelet::pod);
    this.secretSync = new SecretSync(driver, kubelet::pod);
  }

  /**
   * Starts an empty node in a temporary directory of its own.
   *
   * @throws IllegalStateException if the settings demand volumes that this process may not mount
   */
  public static Node start(NodeSettings settings) {
    VolumeMounts mounts = settings.volumes().get();
    try {
      return new Node(settings, mounts, Files.createTempDirectory("keybearer-node").toRealPath());
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** The cluster's objects. */
  public ClusterState cluster() {
    return cluster;
  }

  /** The driver, for a test that plays the kubelet itself. */
  public Driver driver() {
    return driver;
  }

  /** The node's time; {@link #advance} also does what becomes due. */
  public VirtualClock clock() {
    return clock;
  }

  /** The driver's counters. */
  public DriverMetrics metrics() {
    return driver.metrics();
  }

  /** The volumes, for a test that loses one. */
  public VolumeMounts mounts() {
    return mounts;
  }

  /** The directory that holds the pods' volumes, as {@code /var/lib/kubelet/pods}. */
  public Path podsDirectory() {
    return directory.resolve("pods");
  }

  /**
   * Starts a pod: one try for each volume. If one fails the pod is pending, and time brings the
   * next try.
   */
  public Pod startPod(String namespace, String name, String serviceAccount, Volume... volumes) {
    PodSpec spec = new PodSpec(namespace, name, serviceAccount, List.of(volumes));
    return startPods(List.of(spec)).get(0);
  }

  /** Starts pods at once: their calls reach the provider concurrently. */
  public List<Pod> startPods(List<PodSpec> specs) {
    List<Pod> started = kubelet.start(specs);
    secretSync.runDue();
    return started;
  }

  /** Syncs every running pod now, all volumes concurrently. */
  public void republish() {
    kubelet.sync(kubelet.pods());
    secretSync.runDue();
  }

  /** A pod's status or an annotation changed: the kubelet syncs it at once. */
  public void changePod(Pod pod) {
    kubelet.sync(List.of(pod));
    secretSync.runDue();
  }

  /** The pod's container crashed, and starts again. */
  public void restartContainer(Pod pod) {
    kubelet.restartContainer(pod);
  }

  /** The pod's work is done: it is synced no more. */
  public void finishPod(Pod pod) {
    kubelet.finish(pod);
  }

  /** Deletes the pod, its volumes and what it owned. */
  public void deletePod(Pod pod) {
    kubelet.delete(pod);
    secretSync.runDue();
  }

  /** Turns the clock, and does on the way what becomes due, each at its time. */
  public void advance(Duration duration) {
    Instant end = clock.instant().plus(duration);
    for (Optional<Instant> due = due(end); due.isPresent(); due = due(end)) {
      clock.advanceTo(due.get());
      kubelet.runDue();
      reconciler.runDue();
      secretSync.runDue();
    }
    clock.advanceTo(end);
  }

  private Optional<Instant> due(Instant end) {
    return Stream.of(kubelet.nextDue(), reconciler.nextDue(), secretSync.nextDue())
        .flatMap(Optional::stream)
        .filter(instant -> !instant.isAfter(end))
        .min(Instant::compareTo);
  }

  @Override
  public void close() {
    try {
      kubelet.pods().forEach(kubelet::delete);
    } finally {
      kubelet.close();
      driver.close();
      mounts.close();
    }
    try {
      FileTrees.delete(directory);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
