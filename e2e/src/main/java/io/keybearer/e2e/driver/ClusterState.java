package io.keybearer.e2e.driver;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;

/** The objects that the API server would hold. All methods are safe for concurrent use. */
public final class ClusterState implements Cluster {
  /** Told of what comes and goes, as who watches the API server is. */
  public interface Watcher {

    /** A pod is there. */
    default void podCreated(PodSpec pod, String uid) {}

    /** A status was stored. */
    default void written(SecretProviderClassPodStatus status) {}

    /** A status went with its pod. */
    default void collected(SecretProviderClassPodStatus status) {}

    /** A pod is gone. */
    default void podGone(PodIdentity pod) {}
  }

  private record Key(String namespace, String name) implements Comparable<Key> {
    @Override
    public int compareTo(Key other) {
      int byNamespace = namespace.compareTo(other.namespace);
      return byNamespace != 0 ? byNamespace : name.compareTo(other.name);
    }
  }

  private final Map<Key, SecretProviderClass> classes = new TreeMap<>();
  private final Map<Key, Secret> secrets = new TreeMap<>();
  private final Map<Key, SecretProviderClassPodStatus> statuses = new TreeMap<>();
  private final Map<Key, SyncedSecret> synced = new TreeMap<>();
  private final Map<Key, List<PodEvent>> events = new TreeMap<>();
  private final Random chance;
  private Watcher watcher = new Watcher() {};
  private boolean refusesStatusWrites;
  private int statusWrites;
  private int secretWrites;

  /**
   * A cluster with nothing in it.
   *
   * @param seed of the UIDs of its pods
   */
  ClusterState(long seed) {
    this.chance = new Random(seed);
  }

  @Override
  public synchronized void apply(SecretProviderClass providerClass) {
    classes.put(new Key(providerClass.namespace(), providerClass.name()), providerClass);
  }

  @Override
  public synchronized void apply(Secret secret) {
    secrets.put(new Key(secret.namespace(), secret.name()), secret);
  }

  @Override
  public synchronized void deleteClass(String namespace, String name) {
    classes.remove(new Key(namespace, name));
  }

  /** The class of that name in that namespace. */
  public synchronized Optional<SecretProviderClass> providerClass(String namespace, String name) {
    return Optional.ofNullable(classes.get(new Key(namespace, name)));
  }

  @Override
  public synchronized Optional<Secret> secret(String namespace, String name) {
    return Optional.ofNullable(secrets.get(new Key(namespace, name)));
  }

  @Override
  public synchronized Optional<SecretProviderClassPodStatus> podStatus(
      String namespace, String name) {
    return Optional.ofNullable(statuses.get(new Key(namespace, name)));
  }

  @Override
  public synchronized Collection<SecretProviderClassPodStatus> podStatuses() {
    return List.copyOf(statuses.values());
  }

  @Override
  public synchronized List<PodEvent> events(String namespace, String podName) {
    return List.copyOf(events.getOrDefault(new Key(namespace, podName), List.of()));
  }

  /** Somebody watches from now on. */
  public synchronized void watch(Watcher by) {
    watcher = by;
  }

  /** From now on (or no longer) the API server refuses to store a pod status. */
  public synchronized void refuseStatusWrites(boolean refuse) {
    refusesStatusWrites = refuse;
  }

  /** How many times a pod status was stored: the driver's load on the API server. */
  public synchronized int statusWrites() {
    return statusWrites;
  }

  @Override
  public synchronized Optional<SyncedSecret> syncedSecret(String namespace, String name) {
    return Optional.ofNullable(synced.get(new Key(namespace, name)));
  }

  /** How many times a Secret was stored, changed or not. */
  public synchronized int secretWrites() {
    return secretWrites;
  }

  synchronized void write(SyncedSecret secret) {
    secretWrites++;
    synced.put(new Key(secret.namespace(), secret.name()), secret);
  }

  synchronized void delete(SecretSync.SecretName secret) {
    synced.remove(new Key(secret.namespace(), secret.name()));
  }

  /** Stores the status; the text of an {@link ApiFailure} is what the driver tells. */
  synchronized void write(SecretProviderClassPodStatus status) throws ApiFailure {
    if (refusesStatusWrites) {
      throw new ApiFailure("etcdserver: request timed out");
    }
    statusWrites++;
    statuses.put(new Key(status.namespace(), status.name()), status);
    watcher.written(status);
  }

  @Override
  public synchronized String podCreated(PodSpec pod) {
    String uid = new UUID(chance.nextLong(), chance.nextLong()).toString();
    watcher.podCreated(pod, uid);
    return uid;
  }

  @Override
  public synchronized void podGone(PodIdentity pod) {
    List<SecretProviderClassPodStatus> owned =
        statuses.values().stream().filter(status -> status.podUid().equals(pod.uid())).toList();
    statuses.values().removeAll(owned);
    owned.forEach(watcher::collected);
    watcher.podGone(pod);
  }

  @Override
  public synchronized void record(String namespace, String podName, PodEvent event) {
    events.computeIfAbsent(new Key(namespace, podName), key -> new ArrayList<>()).add(event);
  }

  /** A call to the API server that failed; its message is the server's. */
  static final class ApiFailure extends Exception {
    private static final long serialVersionUID = 1L;

    ApiFailure(String message) {
      super(message);
    }
  }
}
