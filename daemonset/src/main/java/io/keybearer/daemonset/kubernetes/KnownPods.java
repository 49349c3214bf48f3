package io.keybearer.daemonset.kubernetes;

import io.keybearer.provider.MountFailure;
import io.keybearer.provider.Ticker;
import io.keybearer.provider.cluster.PodEnds;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The pods of this node by the objects that the driver writes for them, and what can be said of
 * their ends. An object that is out of sight is a hint, no more: a pod of a StatefulSet that moves
 * takes its object to another node's label, and a person may delete one. So each that a pod had is
 * looked for twice, and the pod has ended if none was there either time.
 *
 * <p>Whoever calls makes sure that it is the only one.
 */
final class KnownPods {

  /** Many pods end together when a node is drained; they are looked for together too. */
  private static final Duration FIRST_LOOK = Duration.ofSeconds(10);

  private static final Duration SECOND_LOOK = Duration.ofMinutes(2);

  /** After a pod was found alive though its object is out of sight. */
  private static final Duration LOOK_AGAIN = Duration.ofMinutes(10);

  private static final int LOOKS = 2;

  /** A node runs some hundred pods; whoever can make more objects than this gets them ignored. */
  private static final int MOST_PODS = 4096;

  /** Finds an object by name, whosever it is now and whatever its label. */
  @FunctionalInterface
  interface Finder {

    /** The object of that name; {@code podUid} is empty if it has no owner. */
    Optional<PodStatus> find(PodStatus.Key key) throws MountFailure, InterruptedException;
  }

  /** One pod: the objects it had, those in sight, and when to look for it. */
  private static final class Pod {
    private final Map<PodStatus.Key, PodStatus> had = new LinkedHashMap<>();
    private final Map<PodStatus.Key, PodStatus> inSight = new HashMap<>();
    private int looks;
    private long due;
  }

  private enum Look {
    ALIVE,
    GONE,
    UNDECIDED
  }

  private final Map<String, Pod> pods = new LinkedHashMap<>();
  private final Map<PodStatus.Key, String> podsByObject = new HashMap<>();
  private final PodEnds.Listener listener;
  private final Ticker ticker;

  KnownPods(PodEnds.Listener listener, Ticker ticker) {
    this.listener = listener;
    this.ticker = ticker;
  }

  /** An object is there, with this node's label. */
  void seen(PodStatus status) {
    String before = podsByObject.get(status.key());
    if (before != null && !before.equals(status.podUid())) {
      lost(before, status.key());
    }
    boolean isNew = !pods.containsKey(status.podUid());
    if (isNew && pods.size() >= MOST_PODS) {
      return;
    }
    Pod pod = pods.computeIfAbsent(status.podUid(), uid -> new Pod());
    pod.had.put(status.key(), status);
    pod.inSight.put(status.key(), status);
    pod.looks = 0;
    podsByObject.put(status.key(), status.podUid());
    if (isNew) {
      listener.podSeen(status.podUid());
    }
  }

  /** An object went out of sight: it was deleted, or has another label now. */
  void unseen(PodStatus.Key key) {
    String podUid = podsByObject.get(key);
    if (podUid != null) {
      lost(podUid, key);
    }
  }

  /** All objects with this node's label are these. */
  void seenAll(List<PodStatus> all) {
    Set<PodStatus.Key> there = all.stream().map(PodStatus::key).collect(Collectors.toSet());
    List.copyOf(podsByObject.keySet()).stream()
        .filter(key -> !there.contains(key))
        .forEach(this::unseen);
    all.forEach(this::seen);
  }

  private void lost(String podUid, PodStatus.Key key) {
    podsByObject.remove(key);
    Pod pod = pods.get(podUid);
    if (pod != null && pod.inSight.remove(key) != null && pod.inSight.isEmpty()) {
      pod.looks = 0;
      pod.due = ticker.nanos() + FIRST_LOOK.toNanos();
    }
  }

  /** The time until a pod has to be looked for, if one has. */
  Optional<Duration> untilNextLook() {
    long now = ticker.nanos();
    return pods.values().stream()
        .filter(pod -> pod.inSight.isEmpty())
        .map(pod -> pod.due - now)
        .min(Long::compare)
        .map(nanos -> Duration.ofNanos(Math.max(0, nanos)));
  }

  /**
   * Looks for the pods that are to be looked for.
   *
   * @throws MountFailure what {@code finder} throws; those not yet looked for stay due
   */
  void look(Finder finder) throws MountFailure, InterruptedException {
    for (String podUid : List.copyOf(pods.keySet())) {
      Pod pod = pods.get(podUid);
      if (pod != null && pod.inSight.isEmpty() && pod.due - ticker.nanos() <= 0) {
        conclude(podUid, pod, look(podUid, pod, finder));
      }
    }
  }

  private void conclude(String podUid, Pod pod, Look look) {
    switch (look) {
      case ALIVE -> {
        pod.looks = 0;
        pod.due = ticker.nanos() + LOOK_AGAIN.toNanos();
      }
      case UNDECIDED -> pods.remove(podUid);
      case GONE -> {
        pod.looks++;
        pod.due = ticker.nanos() + SECOND_LOOK.toNanos();
        if (pod.looks >= LOOKS) {
          pods.remove(podUid);
          listener.podEnded(podUid);
        }
      }
    }
  }

  /** Of all objects that a pod had, one that is still its own decides. */
  private static Look look(String podUid, Pod pod, Finder finder)
      throws MountFailure, InterruptedException {
    Look all = Look.GONE;
    for (PodStatus had : new ArrayList<>(pod.had.values())) {
      Look one = finder.find(had.key()).map(found -> look(podUid, had, found)).orElse(Look.GONE);
      if (one == Look.ALIVE) {
        return one;
      }
      all = one == Look.UNDECIDED ? one : all;
    }
    return all;
  }

  private static Look look(String podUid, PodStatus had, PodStatus found) {
    if (found.podUid().equals(podUid)) {
      return Look.ALIVE;
    }
    // Its own object is gone if another was made in its place. The very same object with another
    // owner says only that two pods had one object.
    return found.uid().equals(had.uid()) ? Look.UNDECIDED : Look.GONE;
  }
}
