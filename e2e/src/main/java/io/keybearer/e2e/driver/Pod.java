package io.keybearer.e2e.driver;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** A pod on the node, as far as its volumes are concerned. */
public final class Pod {
  /** Where a pod is in its life. */
  public enum Phase {
    /** A volume is not up yet. */
    PENDING,
    /** Its container has started. */
    RUNNING,
    /** Its container has ended; the kubelet syncs it no more. */
    SUCCEEDED,
    /** It is gone. */
    DELETED
  }

  private final PodIdentity identity;
  private final List<PodVolume> volumes;
  private final Cluster cluster;
  private final List<Container> containers = new ArrayList<>();
  private Phase phase = Phase.PENDING;
  private Instant nextSync = Instant.MAX;

  Pod(PodSpec spec, String uid, Path podsDirectory, Cluster cluster) {
    this.identity = new PodIdentity(spec.namespace(), spec.name(), uid, spec.serviceAccount());
    this.volumes =
        spec.volumes().stream()
            .map(volume -> new PodVolume(volume, uid, podsDirectory.resolve(uid)))
            .toList();
    this.cluster = cluster;
  }

  /** Namespace, name, UID and service account. */
  public PodIdentity identity() {
    return identity;
  }

  /** Where it is in its life. */
  public synchronized Phase phase() {
    return phase;
  }

  /**
   * The container that runs, or ran last.
   *
   * @throws IllegalStateException if none has started; the text tells the pod's last event
   */
  public synchronized Container container() {
    if (containers.isEmpty()) {
      List<PodEvent> events = events();
      throw new IllegalStateException(
          "no container of pod "
              + identity.name()
              + " has started: "
              + (events.isEmpty() ? "no event" : events.get(events.size() - 1).message()));
    }
    return containers.get(containers.size() - 1);
  }

  /** Its events, oldest first. */
  public List<PodEvent> events() {
    return cluster.events(identity.namespace(), identity.name());
  }

  /** The host's directory of a volume: the driver's target path. */
  public Path target(String volume) {
    return volume(volume).target;
  }

  PodVolume volume(String name) {
    return volumes.stream()
        .filter(candidate -> candidate.volume.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no volume " + name));
  }

  List<PodVolume> volumes() {
    return volumes;
  }

  synchronized void started(Container container) {
    containers.add(container);
    phase = Phase.RUNNING;
  }

  synchronized void ended(Phase how) {
    phase = how;
  }

  synchronized void closeContainers() {
    containers.forEach(Container::close);
  }

  synchronized Instant nextSync() {
    return nextSync;
  }

  synchronized void syncAt(Instant instant) {
    nextSync = instant;
  }
}
