package io.keybearer.e2e.driver;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.Status;
import io.keybearer.proto.MountRequest;
import io.keybearer.proto.ObjectVersion;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.stream.Stream;

/**
 * The rotation of driver 1.5.6: every poll interval all volumes of the node, one after another,
 * without a deadline. A provider that hangs stops it for good.
 */
final class RotationReconciler implements Background {
  private static final Duration REQUEUE = Duration.ofSeconds(10);
  private static final String FAILED = "MountRotationFailed";

  private record Item(String namespace, String name, Instant due) {
    boolean isSameAs(SecretProviderClassPodStatus status) {
      return namespace.equals(status.namespace()) && name.equals(status.name());
    }
  }

  private record Work(SecretProviderClassPodStatus status, Pod pod, SecretProviderClass spc) {}

  private final Driver driver;
  private final BiFunction<String, String, Optional<Pod>> pods;
  private final List<Item> queue = new ArrayList<>();
  private Instant nextTick;

  /**
   * A reconciler whose first tick is one interval away.
   *
   * @param pods finds a pod by namespace and name
   */
  RotationReconciler(Driver driver, BiFunction<String, String, Optional<Pod>> pods) {
    this.driver = driver;
    this.pods = pods;
    this.nextTick =
        driver.settings.reconciles()
            ? driver.clock.instant().plus(driver.settings.rotation())
            : Instant.MAX;
  }

  @Override
  public Optional<Instant> nextDue() {
    return Stream.concat(queue.stream().map(Item::due), Stream.of(nextTick))
        .filter(instant -> instant.isBefore(Instant.MAX))
        .min(Instant::compareTo);
  }

  /** Does what is due by now, serially. */
  @Override
  public void runDue() {
    Instant now = driver.clock.instant();
    if (!nextTick.isAfter(now)) {
      nextTick = nextTick.plus(driver.settings.rotation());
      driver.cluster.podStatuses().stream()
          .filter(status -> status.nodeName().equals(driver.nodeName))
          .filter(status -> queue.stream().noneMatch(item -> isQueued(item, status, now)))
          .forEach(status -> queue.add(new Item(status.namespace(), status.name(), now)));
    }
    List<Item> due = queue.stream().filter(item -> !item.due().isAfter(now)).toList();
    queue.removeAll(due);
    for (Item item : due) {
      Optional<SecretProviderClassPodStatus> status =
          driver.cluster.podStatus(item.namespace(), item.name());
      if (status.isPresent() && !rotate(status.get())) {
        queue.add(new Item(item.namespace(), item.name(), now.plus(REQUEUE)));
      }
    }
  }

  private static boolean isQueued(Item item, SecretProviderClassPodStatus status, Instant now) {
    return item.isSameAs(status) && !item.due().isAfter(now);
  }

  /** Whether it went well. */
  private boolean rotate(SecretProviderClassPodStatus status) {
    String provider = "";
    try {
      Pod pod = pod(status);
      if (pod.phase() == Pod.Phase.SUCCEEDED || pod.phase() == Pod.Phase.DELETED) {
        driver.metrics.reconciled("", false);
        return true;
      }
      Work work = new Work(status, pod, providerClass(status));
      checkTarget(work);
      MountRequest request = request(work);
      provider = work.spc().provider();
      boolean changed = rotate(work, request);
      driver.metrics.reconciled(provider, changed);
      return true;
    } catch (ProviderFailure failure) {
      driver.metrics.reconcileFailed(provider, failure.errorType(), false);
      return false;
    }
  }

  private boolean rotate(Work work, MountRequest request) throws ProviderFailure {
    Map<String, String> versions = mount(work, request);
    boolean changed = isChanged(work.status().objects(), versions);
    if (changed) {
      SecretProviderClass spc = work.spc();
      event(
          work.pod(),
          "Normal",
          "MountRotationComplete",
          String.format(
              Locale.ROOT,
              "successfully rotated mounted contents for spc %s/%s",
              spc.namespace(),
              spc.name()));
      store(work, versions);
    }
    return changed;
  }

  private Pod pod(SecretProviderClassPodStatus status) throws ProviderFailure {
    return pods.apply(status.namespace(), status.podName())
        .orElseThrow(() -> failure("PodNotFound", "failed to get pod " + status.podName()));
  }

  private SecretProviderClass providerClass(SecretProviderClassPodStatus status)
      throws ProviderFailure {
    return driver
        .cluster
        .providerClass(status.namespace(), status.className())
        .orElseThrow(
            () ->
                failure(
                    "SecretProviderClassNotFound",
                    "failed to get secret provider class " + status.className()));
  }

  /**
   * Two volumes of one class share a status: it holds the path of the one, and the other is never
   * rotated.
   */
  private static void checkTarget(Work work) throws ProviderFailure {
    PodVolume volume =
        work.pod().volumes().stream()
            .filter(candidate -> candidate.volume.className().equals(work.spc().name()))
            .findFirst()
            .orElseThrow(() -> failure("PodVolumeNotFound", "could not find the pod's volume"));
    if (!volume.target.toString().equals(work.status().targetPath())) {
      throw failure("UnexpectedTargetPath", "the status names the path of another volume");
    }
  }

  private MountRequest request(Work work) throws ProviderFailure {
    PodIdentity pod = work.pod().identity();
    Map<String, String> attributes = new HashMap<>(work.spc().parameters());
    attributes.put(CsiKeys.POD_NAME, pod.name());
    attributes.put(CsiKeys.POD_NAMESPACE, pod.namespace());
    attributes.put(CsiKeys.POD_UID, pod.uid());
    attributes.put(CsiKeys.SERVICE_ACCOUNT, pod.serviceAccount());
    attributes.putAll(driver.tokens.attributes(pod));
    MountRequest.Builder request =
        ProviderCall.request(
            GoText.json(attributes),
            GoText.json(secrets(work)),
            Path.of(work.status().targetPath()));
    for (MountedObject object : work.status().objects()) {
      request.addCurrentObjectVersion(
          ObjectVersion.newBuilder().setId(object.id()).setVersion(object.version()));
    }
    return request.build();
  }

  private Map<String, String> secrets(Work work) throws ProviderFailure {
    String namespace = work.status().namespace();
    String name =
        work.pod().volumes().stream()
            .filter(volume -> volume.target.toString().equals(work.status().targetPath()))
            .map(volume -> volume.volume.nodePublishSecret())
            .findFirst()
            .orElse("");
    if (name.isEmpty()) {
      return Map.of();
    }
    Optional<Secret> found =
        driver
            .cluster
            .secret(namespace, name)
            .filter(secret -> secret.labels().entrySet().containsAll(Secret.USED.entrySet()));
    if (found.isEmpty()) {
      String text =
          String.format(
              Locale.ROOT,
              "failed to get node publish secret %s/%s, err: secrets %s not found",
              namespace,
              name,
              GoText.quote(namespace + "/" + name));
      event(work.pod(), "Warning", FAILED, text);
      throw failure("NodePublishSecretRefNotFound", text);
    }
    return found.get().data();
  }

  private Map<String, String> mount(Work work, MountRequest request) throws ProviderFailure {
    Channel channel;
    String provider = work.spc().provider();
    try {
      channel = driver.sockets.channel(provider);
    } catch (ProviderFailure lookup) {
      String text = "failed to lookup provider client: " + GoText.quote(provider);
      event(work.pod(), "Warning", FAILED, text);
      throw failure("FailedToLookupProviderGRPCClient", text);
    }
    try {
      return new ProviderCall(driver.writer(Path.of(request.getTargetPath())))
          .mount(channel, request, CallOptions.DEFAULT);
    } catch (ProviderFailure failure) {
      event(work.pod(), "Warning", FAILED, "provider mount err: " + failure.getMessage());
      throw failure;
    }
  }

  private static boolean isChanged(List<MountedObject> old, Map<String, String> versions) {
    Map<String, String> known = new HashMap<>();
    old.forEach(object -> known.put(object.id(), object.version().strip()));
    return known.size() != versions.size()
        || versions.entrySet().stream()
            .anyMatch(
                entry ->
                    !entry
                        .getValue()
                        .strip()
                        .equals(known.getOrDefault(entry.getKey().strip(), "\0")));
  }

  private void store(Work work, Map<String, String> versions) throws ProviderFailure {
    List<MountedObject> objects =
        versions.entrySet().stream()
            .map(entry -> new MountedObject(entry.getKey().strip(), entry.getValue().strip()))
            .sorted((left, right) -> GoText.byBytes().compare(left.id(), right.id()))
            .toList();
    try {
      driver.cluster.write(work.status().withObjects(objects));
    } catch (ClusterState.ApiFailure refused) {
      event(
          work.pod(),
          "Warning",
          FAILED,
          String.format(
              Locale.ROOT,
              "failed to update versions in spc pod status %s, err: timed out waiting for the condition",
              work.spc().name()));
      throw failure("FailedToRotate", "failed to update spc pod status");
    }
  }

  private void event(Pod pod, String type, String reason, String message) {
    driver.cluster.record(
        pod.identity().namespace(),
        pod.identity().name(),
        new PodEvent(driver.clock.instant(), type, reason, "csi-secrets-store-rotation", message));
  }

  private static ProviderFailure failure(String errorType, String message) {
    return new ProviderFailure(errorType, Status.Code.UNKNOWN, message);
  }
}
