package io.keybearer.e2e.driver;

import io.grpc.Deadline;
import io.grpc.Status;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The part of a kubelet that a volume meets: set-up with its retries, republish at each pod sync,
 * tear-down. Calls for different volumes run concurrently, and each method returns when its calls
 * have.
 */
final class Kubelet implements Background, AutoCloseable {
  /** After these the kubelet does not know whether the mount went on, and keeps the directory. */
  private static final Set<Status.Code> NOT_FINAL =
      EnumSet.of(
          Status.Code.CANCELLED,
          Status.Code.DEADLINE_EXCEEDED,
          Status.Code.UNAVAILABLE,
          Status.Code.RESOURCE_EXHAUSTED,
          Status.Code.ABORTED);

  private static final Duration CALL_TIMEOUT = Duration.ofMinutes(2);

  private final KubeletSettings settings;
  private final Path podsDirectory;
  private final Cluster cluster;
  private final CsiDriver driver;
  private final VolumeMounts mounts;
  private final NodeClock clock;
  private final ServiceAccountTokens tokens;
  private final Random chance;
  private final List<Pod> pods = new CopyOnWriteArrayList<>();
  private final ExecutorService calls =
      Executors.newCachedThreadPool(
          task -> {
            Thread thread = new Thread(task, "kubelet-double");
            thread.setDaemon(true);
            return thread;
          });

  Kubelet(
      KubeletSettings settings,
      Path podsDirectory,
      Cluster cluster,
      CsiDriver driver,
      VolumeMounts mounts,
      NodeClock clock) {
    this.settings = settings;
    this.podsDirectory = podsDirectory;
    this.cluster = cluster;
    this.driver = driver;
    this.mounts = mounts;
    this.clock = clock;
    this.tokens = new ServiceAccountTokens(settings.tokenRequests(), settings.issuer(), clock);
    this.chance = new Random(settings.seed());
  }

  /** Tries each volume of each pod once, and starts the containers of pods whose volumes are up. */
  List<Pod> start(List<PodSpec> specs) {
    List<Pod> started =
        specs.stream()
            .map(spec -> new Pod(spec, cluster.podCreated(spec), podsDirectory, cluster))
            .toList();
    pods.addAll(started);
    publish(started.stream().flatMap(this::allVolumes).toList());
    return started;
  }

  /**
   * Publishes the volumes of running pods again, as a pod sync does where the driver requires
   * republish.
   */
  void sync(Collection<Pod> chosen) {
    publish(
        chosen.stream()
            .filter(pod -> pod.phase() == Pod.Phase.RUNNING)
            .flatMap(this::allVolumes)
            .toList());
    chosen.forEach(this::planSync);
  }

  List<Pod> pods() {
    return List.copyOf(pods);
  }

  Optional<Pod> pod(String namespace, String name) {
    return pods.stream()
        .filter(pod -> pod.identity().namespace().equals(namespace))
        .filter(pod -> pod.identity().name().equals(name))
        .findFirst();
  }

  /** The next retry or sync, if any is planned. */
  @Override
  public Optional<Instant> nextDue() {
    return Stream.concat(
            pods.stream()
                .filter(pod -> pod.phase() == Pod.Phase.PENDING)
                .flatMap(pod -> pod.volumes().stream())
                .filter(volume -> !volume.isUp())
                .map(PodVolume::retry),
            pods.stream().filter(pod -> pod.phase() == Pod.Phase.RUNNING).map(Pod::nextSync))
        .filter(instant -> instant.isBefore(Instant.MAX))
        .min(Instant::compareTo);
  }

  @Override
  public void runDue() {
    Instant now = clock.instant();
    publish(
        pods.stream()
            .filter(pod -> pod.phase() == Pod.Phase.PENDING)
            .flatMap(this::allVolumes)
            .filter(call -> !call.volume().isUp() && !call.volume().retry().isAfter(now))
            .toList());
    sync(pods.stream().filter(pod -> !pod.nextSync().isAfter(now)).toList());
  }

  /** Starts the container of a running pod anew: it sees what is mounted now. */
  void restartContainer(Pod pod) {
    pod.started(container(pod));
  }

  /** Ends a pod whose work is done: no sync, its volumes stay. */
  void finish(Pod pod) {
    pod.ended(Pod.Phase.SUCCEEDED);
    pod.syncAt(Instant.MAX);
  }

  /** Tears the pod's volumes down, then lets the garbage collector take what it owned. */
  void delete(Pod pod) {
    pod.ended(Pod.Phase.DELETED);
    pod.closeContainers();
    for (PodVolume volume : pod.volumes()) {
      volume.inFlight.lock();
      try {
        Status status = driver.unpublish(volume.id, volume.target.toString());
        if (!status.isOk()) {
          throw new IllegalStateException("unpublish of " + volume.target + ": " + status);
        }
      } finally {
        volume.inFlight.unlock();
      }
    }
    try {
      FileTrees.delete(podsDirectory.resolve(pod.identity().uid()));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    pods.remove(pod);
    tokens.forget(pod.identity().uid());
    cluster.podGone(pod.identity());
  }

  private record Call(Pod pod, PodVolume volume) {}

  private Stream<Call> allVolumes(Pod pod) {
    return pod.volumes().stream().map(volume -> new Call(pod, volume));
  }

  private void publish(List<Call> wanted) {
    List<Callable<Boolean>> tasks = new ArrayList<>();
    wanted.forEach(call -> tasks.add(() -> publish(call)));
    try {
      for (Future<Boolean> future : calls.invokeAll(tasks)) {
        future.get();
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted during a publish", interrupted);
    } catch (ExecutionException failure) {
      throw new IllegalStateException("the double itself failed", failure.getCause());
    }
    wanted.stream().map(Call::pod).distinct().forEach(this::startIfReady);
  }

  /** Whether a call was made: there is only one in flight for each volume. */
  private boolean publish(Call call) throws IOException {
    PodVolume volume = call.volume();
    if (!volume.inFlight.tryLock()) {
      return false;
    }
    try {
      Optional<Map<String, String>> secrets = secrets(call);
      if (secrets.isEmpty()) {
        return false;
      }
      Deadline deadline = Deadline.after(settings.callDeadline().toNanos(), TimeUnit.NANOSECONDS);
      Status status = driver.publish(request(call, secrets.get()), deadline);
      if (status.isOk()) {
        volume.cameUp();
      } else if (deadline.isExpired()) {
        // Its own context ended: whatever the driver would have told is not heard.
        fail(call, Status.DEADLINE_EXCEEDED.withDescription("context deadline exceeded"));
        volume.failed(clock.instant().plus(CALL_TIMEOUT));
      } else {
        fail(call, status);
        volume.failed(clock.instant());
      }
      return true;
    } finally {
      volume.inFlight.unlock();
    }
  }

  private void fail(Call call, Status status) throws IOException {
    PodVolume volume = call.volume();
    boolean isFinal = !NOT_FINAL.contains(status.getCode());
    if (!volume.isUp() && isFinal && !mounts.isMounted(volume.target)) {
      removeDirectory(volume.target);
    }
    String text = Optional.ofNullable(status.getDescription()).orElse("");
    event(call, GoText.error(status.getCode(), text));
  }

  private static void removeDirectory(Path target) throws IOException {
    try {
      Files.deleteIfExists(target);
    } catch (DirectoryNotEmptyException kept) {
      // The kubelet removes no files: it logs, and the directory stays.
    }
  }

  private void event(Call call, String text) {
    PodIdentity pod = call.pod().identity();
    String message =
        String.format(
            Locale.ROOT,
            "MountVolume.SetUp failed for volume %s : %s",
            GoText.quote(call.volume().volume.name()),
            text);
    cluster.record(
        pod.namespace(),
        pod.name(),
        new PodEvent(clock.instant(), "Warning", "FailedMount", "kubelet", message));
  }

  private PublishRequest request(Call call, Map<String, String> secrets) {
    PodIdentity pod = call.pod().identity();
    Volume volume = call.volume().volume;
    Map<String, String> context = new HashMap<>(volume.attributes());
    context.put(CsiKeys.POD_NAME, pod.name());
    context.put(CsiKeys.POD_NAMESPACE, pod.namespace());
    context.put(CsiKeys.POD_UID, pod.uid());
    context.put(CsiKeys.SERVICE_ACCOUNT, pod.serviceAccount());
    context.put(CsiKeys.EPHEMERAL, "true");
    Map<String, String> allSecrets = new HashMap<>(secrets);
    (settings.tokensInSecrets() ? allSecrets : context).putAll(tokens.attributes(pod));
    return new PublishRequest(
        call.volume().id,
        call.volume().target.toString(),
        context,
        allSecrets,
        volume.readOnly(),
        true);
  }

  /**
   * The referred Secret's data, read anew at each call; nothing, and an event, if there is no such
   * Secret.
   */
  private Optional<Map<String, String>> secrets(Call call) {
    String name = call.volume().volume.nodePublishSecret();
    if (name.isEmpty()) {
      return Optional.of(Map.of());
    }
    String namespace = call.pod().identity().namespace();
    Optional<Map<String, String>> data = cluster.secret(namespace, name).map(Secret::data);
    if (data.isEmpty()) {
      event(
          call,
          String.format(
              Locale.ROOT,
              "fetching NodePublishSecretRef %s/%s failed: kubernetes.io/csi: failed to find the secret"
                  + " %s in the namespace %s with error: secrets %s not found",
              namespace,
              name,
              name,
              namespace,
              GoText.quote(name)));
      call.volume().failed(clock.instant());
    }
    return data;
  }

  private void startIfReady(Pod pod) {
    if (pod.phase() == Pod.Phase.PENDING && pod.volumes().stream().allMatch(PodVolume::isUp)) {
      pod.started(container(pod));
      planSync(pod);
    }
  }

  private Container container(Pod pod) {
    Map<String, VolumeView> views = new HashMap<>();
    for (PodVolume volume : pod.volumes()) {
      try {
        views.put(volume.volume.name(), mounts.view(volume.target));
      } catch (IOException failure) {
        throw new UncheckedIOException(failure);
      }
    }
    return new Container(views);
  }

  /** A minute and up to half of one more: pods of a node are spread. */
  private void planSync(Pod pod) {
    if (!driver.republishesAfter().isZero() && pod.phase() == Pod.Phase.RUNNING) {
      pod.syncAt(clock.instant().plusMillis(60_000L + chance.nextInt(30_000)));
    }
  }

  @Override
  public void close() {
    calls.shutdownNow();
  }
}
