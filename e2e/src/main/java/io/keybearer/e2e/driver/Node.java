package io.keybearer.e2e.driver;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A node of a cluster with nothing on it but a kubelet and a driver, be they doubles or real.
 * Closing deletes its pods and unmounts every volume.
 *
 * <p>Its methods are for one thread; calls to the provider run on many.
 */
public class Node implements AutoCloseable {

  /**
   * What a node is made of; it closes the driver and the mounts, and deletes the directory.
   *
   * @param directory of its own
   */
  public record Parts(
      Path directory, Cluster cluster, NodeClock clock, VolumeMounts mounts, CsiDriver driver) {}

  private final Parts parts;
  private final Kubelet kubelet;
  private final List<Background> background = new ArrayList<>();

  /** An empty node of these parts. */
  public Node(Parts parts, KubeletSettings settings) {
    this.parts = parts;
    this.kubelet =
        new Kubelet(
            settings,
            podsDirectory(),
            parts.cluster(),
            parts.driver(),
            parts.mounts(),
            parts.clock());
    background.add(kubelet);
  }

  /** Goes on by itself too, from now on. */
  final void add(Background more) {
    background.add(more);
  }

  /** What follows at once when volumes were published or taken away. */
  void settle() {}

  /** The cluster's objects. */
  public Cluster cluster() {
    return parts.cluster();
  }

  /** The driver, for a test that plays the kubelet itself. */
  public CsiDriver driver() {
    return parts.driver();
  }

  /** The volumes, for a test that loses one. */
  public VolumeMounts mounts() {
    return parts.mounts();
  }

  /** The sum of a counter of the driver over all series that carry these labels. */
  public long metric(String name, Map<String, String> labels) {
    return parts.driver().metric(name, labels);
  }

  /** The directory that holds the pods' volumes, as {@code /var/lib/kubelet/pods}. */
  public final Path podsDirectory() {
    return parts.directory().resolve("pods");
  }

  /** The pod of that name, if it is on this node. */
  final Optional<Pod> pod(String namespace, String name) {
    return kubelet.pod(namespace, name);
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
    settle();
    return started;
  }

  /** Syncs every running pod now, all volumes concurrently. */
  public void republish() {
    kubelet.sync(kubelet.pods());
    settle();
  }

  /** Passes the time in which the driver skips volumes, and syncs every running pod. */
  public void republishInTime() {
    advance(parts.driver().republishesAfter());
    republish();
  }

  /** A pod's status or an annotation changed: the kubelet syncs it at once. */
  public void changePod(Pod pod) {
    kubelet.sync(List.of(pod));
    settle();
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
    settle();
  }

  /** Lets time pass, and does on the way what becomes due, each at its time. */
  public void advance(Duration duration) {
    NodeClock clock = parts.clock();
    Instant end = clock.instant().plus(duration);
    for (Optional<Instant> due = due(end); due.isPresent(); due = due(end)) {
      clock.advanceTo(due.get());
      background.forEach(Background::runDue);
    }
    clock.advanceTo(end);
  }

  private Optional<Instant> due(Instant end) {
    return background.stream()
        .map(Background::nextDue)
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
      parts.driver().close();
      parts.mounts().close();
    }
    try {
      FileTrees.delete(parts.directory());
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
