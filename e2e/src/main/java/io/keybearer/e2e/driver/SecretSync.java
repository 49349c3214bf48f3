package io.keybearer.e2e.driver;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;

/**
 * Driver 1.6.0's controller that makes Kubernetes Secrets of mounted files: when a pod status
 * changes, and every five minutes. It writes each Secret every time, changed or not, as that driver
 * does.
 */
final class SecretSync implements Background {
  private static final Duration AGAIN = Duration.ofMinutes(5);
  private static final Duration FIRST_WAIT = Duration.ofMillis(5);
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(1000);

  /** What names a Secret in the cluster. */
  record SecretName(String namespace, String name) {}

  private record Plan(SecretProviderClassPodStatus seen, Instant due, Duration patience) {}

  private final Driver driver;
  private final BiFunction<String, String, Optional<Pod>> pods;
  private final Map<String, Plan> plans = new HashMap<>();
  private final Map<SecretName, Set<String>> owners = new HashMap<>();

  /**
   * A controller that has seen no status yet.
   *
   * @param pods finds a pod by namespace and name
   */
  SecretSync(Driver driver, BiFunction<String, String, Optional<Pod>> pods) {
    this.driver = driver;
    this.pods = pods;
  }

  @Override
  public Optional<Instant> nextDue() {
    return plans.values().stream()
        .map(Plan::due)
        .filter(due -> due.isBefore(Instant.MAX))
        .min(Comparator.naturalOrder());
  }

  /** Looks at each status of this node that changed or is due, one after another. */
  @Override
  public void runDue() {
    if (driver.settings.version() != DriverVersion.V1_6_0) {
      return;
    }
    List<SecretProviderClassPodStatus> statuses = new ArrayList<>(driver.cluster.podStatuses());
    statuses.removeIf(status -> !status.nodeName().equals(driver.nodeName));
    plans.values().removeIf(plan -> statuses.stream().noneMatch(plan.seen()::hasNameOf));
    removeOrphans();
    for (SecretProviderClassPodStatus status : statuses) {
      String key = keyOf(status);
      Plan plan = plans.getOrDefault(key, new Plan(status, Instant.MIN, FIRST_WAIT));
      if (!plan.seen().equals(status) || !plan.due().isAfter(driver.clock.instant())) {
        plans.put(key, next(status, plan));
      }
    }
  }

  /** A Secret vanishes with the last status that made it. */
  private void removeOrphans() {
    owners.forEach(
        (secret, statuses) -> {
          statuses.removeIf(name -> !plans.containsKey(secret.namespace() + "/" + name));
          if (statuses.isEmpty()) {
            driver.cluster.delete(secret);
          }
        });
    owners.values().removeIf(Set::isEmpty);
  }

  private Plan next(SecretProviderClassPodStatus status, Plan plan) {
    Instant now = driver.clock.instant();
    Optional<Pod> pod = pods.apply(status.namespace(), status.podName());
    boolean ended = pod.map(Pod::phase).filter(SecretSync::isOver).isPresent();
    Optional<SecretProviderClass> spc =
        driver.cluster.providerClass(status.namespace(), status.className());
    if (ended) {
      return new Plan(status, Instant.MAX, FIRST_WAIT);
    }
    if (pod.isEmpty() || spc.isEmpty()) {
      return new Plan(status, now.plusSeconds(5), FIRST_WAIT);
    }
    if (spc.get().secretObjects().isEmpty() || !isOfFirstVolume(status, pod.get(), spc.get())) {
      return new Plan(status, Instant.MAX, FIRST_WAIT);
    }
    boolean all = true;
    for (SecretObject object : spc.get().secretObjects()) {
      all &= sync(status, pod.get(), spc.get(), object);
    }
    if (all) {
      return new Plan(status, now.plus(AGAIN), FIRST_WAIT);
    }
    Duration doubled = plan.patience().multipliedBy(2);
    Duration patience = doubled.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : doubled;
    return new Plan(status, now.plus(plan.patience()), patience);
  }

  private static String keyOf(SecretProviderClassPodStatus status) {
    return status.namespace() + "/" + status.name();
  }

  private static boolean isOver(Pod.Phase phase) {
    return phase == Pod.Phase.SUCCEEDED || phase == Pod.Phase.DELETED;
  }

  private static boolean isOfFirstVolume(
      SecretProviderClassPodStatus status, Pod pod, SecretProviderClass spc) {
    return pod.volumes().stream()
        .filter(volume -> volume.volume.className().equals(spc.name()))
        .findFirst()
        .filter(volume -> volume.target.toString().equals(status.targetPath()))
        .isPresent();
  }

  /** Whether the Secret was written; a Secret that is not valid is not even told in an event. */
  private boolean sync(
      SecretProviderClassPodStatus status, Pod pod, SecretProviderClass spc, SecretObject object) {
    String name = object.secretName().strip();
    if (object.secretName().isEmpty() || object.type().isEmpty() || object.data().isEmpty()) {
      return false;
    }
    String type = object.type().isBlank() ? "Opaque" : object.type().strip();
    try {
      Map<String, String> labels = new HashMap<>(object.labels());
      labels.put("secrets-store.csi.k8s.io/managed", "true");
      Map<String, ByteString> data = data(object, type, Path.of(status.targetPath()));
      Set<String> owning =
          owners.computeIfAbsent(new SecretName(status.namespace(), name), key -> new HashSet<>());
      owning.add(status.name());
      driver.cluster.write(new SyncedSecret(status.namespace(), name, type, labels, data, owning));
      return true;
    } catch (SyncFailure failure) {
      driver.cluster.record(
          status.namespace(),
          pod.identity().name(),
          new PodEvent(
              driver.clock.instant(),
              "Warning",
              "FailedToCreateSecret",
              "csi-secrets-store-controller",
              String.format(
                  Locale.ROOT,
                  "failed to get data in spc %s/%s for secret %s, err: %s",
                  spc.namespace(),
                  spc.name(),
                  name,
                  failure.getMessage())));
      return false;
    }
  }

  private static Map<String, ByteString> data(SecretObject object, String type, Path target)
      throws SyncFailure {
    Map<String, ByteString> data = new HashMap<>();
    for (SecretObject.Item item : object.data()) {
      String file = item.objectName().strip();
      String key = item.key().strip();
      if (file.isEmpty()) {
        throw new SyncFailure("object name in secretObjects.data");
      }
      if (key.isEmpty()) {
        throw new SyncFailure("key in secretObjects.data is empty");
      }
      data.put(key, ByteString.copyFrom(content(target, file, key, type)));
    }
    return data;
  }

  private static byte[] content(Path target, String file, String key, String type)
      throws SyncFailure {
    try {
      Path path = Optional.ofNullable(FileTrees.visibleFiles(target).get(file)).orElse(Path.of(""));
      if (path.toString().isEmpty()) {
        throw new SyncFailure("file matching objectName " + file + " not found in the pod");
      }
      byte[] content = FileTrees.read(path);
      return type.equals("kubernetes.io/tls") ? tlsPart(content, key, path) : content;
    } catch (IOException failure) {
      throw new SyncFailure("failed to read file " + file + ", err: " + GoText.reason(failure));
    }
  }

  private static byte[] tlsPart(byte[] content, String key, Path path) throws SyncFailure {
    try {
      return TlsParts.part(content, key);
    } catch (SyncFailure failure) {
      throw new SyncFailure(
          "failed to get cert data from file " + path + ", err: " + failure.getMessage());
    }
  }
}
