package io.keybearer.e2e.client;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.keybearer.e2e.driver.Node;
import io.keybearer.e2e.driver.NodeDouble;
import io.keybearer.e2e.driver.NodeSettings;
import io.keybearer.e2e.driver.SecretProviderClass;
import io.keybearer.e2e.driver.TokenRequest;
import io.keybearer.e2e.driver.VolumesOfTests;
import io.keybearer.e2e.process.KeybearerProcess;
import io.keybearer.e2e.process.ProviderClient;
import io.keybearer.e2e.store.StoreServer;
import io.keybearer.e2e.store.StoreSettings;
import io.keybearer.proto.File;
import io.keybearer.proto.MountResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/** The real process with the stores {@code double} and {@code batch}, and a store for them. */
final class DoubleNode implements AutoCloseable {

  static final Duration POLL = Duration.ofMinutes(2);

  /** As long as kubelet waits. */
  static final Duration KUBELET = Duration.ofMinutes(2);

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /**
   * How a Mount ended.
   *
   * @param files the contents by path, none of a failure
   * @param status the failure, or OK
   */
  record Ended(Map<String, String> files, Status status, Duration took) {

    boolean isOk() {
      return status.isOk();
    }

    String text() {
      return Optional.ofNullable(status.getDescription()).orElse("");
    }
  }

  final StoreServer store = new StoreServer(StoreSettings.cleartext());
  final Path socketDir;
  final KeybearerProcess process;
  private final ProviderClient single;
  private final ProviderClient batch;
  private final ExecutorService callers =
      Executors.newCachedThreadPool(
          task -> {
            Thread thread = new Thread(task, "caller");
            thread.setDaemon(true);
            return thread;
          });

  DoubleNode(Path folder, String... flags) {
    socketDir = folder.resolve("sockets");
    socketDir.toFile().mkdirs();
    process = KeybearerProcess.serveWithDouble(socketDir, flags);
    single = new ProviderClient(socketDir.resolve("double.sock"));
    batch = new ProviderClient(socketDir.resolve("batch.sock"));
    warmUp();
  }

  /** Loads the classes that the first mount would wait for, at a store of its own. */
  private void warmUp() {
    try (StoreServer other = new StoreServer(StoreSettings.cleartext())) {
      other.secrets().put("warm", "up");
      PodMount pod = new PodMount("warm", "up", "sa", parameters(other, "- name: warm"));
      if (!mount(pod).isOk() || !mountBatch(pod).isOk()) {
        throw new IllegalStateException("the process mounts nothing:\n" + process.output());
      }
    }
  }

  /** A driver in front of the process, whose tokens the store takes. */
  Node driver() {
    return NodeDouble.start(
        NodeSettings.of(socketDir)
            .withRotation(POLL)
            .withTokens(TokenRequest.of(PodMount.AUDIENCE))
            .withVolumes(VolumesOfTests::open));
  }

  /** A SecretProviderClass of these objects. */
  SecretProviderClass spc(String namespace, String name, Map<String, String> parameters) {
    return new SecretProviderClass(namespace, name, DoubleBackend.SINGLE, parameters);
  }

  Map<String, String> parameters(String objects) {
    return parameters(store, objects);
  }

  static Map<String, String> parameters(StoreServer store, String objects) {
    return new TreeMap<>(
        Map.of(
            "address",
            store.address().toString(),
            "role",
            "app",
            "audience",
            PodMount.AUDIENCE,
            "objects",
            objects));
  }

  PodMount pod(String namespace, String name, String serviceAccount, String objects) {
    return new PodMount(namespace, name, serviceAccount, parameters(objects));
  }

  Ended mount(PodMount pod) {
    return mount(single, pod);
  }

  /** The same over a connection of its own, to whoever has the socket now. */
  Ended mountAnew(PodMount pod) {
    ProviderClient client = new ProviderClient(socketDir.resolve("double.sock"));
    try {
      return mount(client, pod);
    } finally {
      client.close();
    }
  }

  Ended mountBatch(PodMount pod) {
    return mount(batch, pod);
  }

  private static Ended mount(ProviderClient client, PodMount pod) {
    return mount(client, pod, KUBELET);
  }

  private static Ended mount(ProviderClient client, PodMount pod, Duration deadline) {
    long began = System.nanoTime();
    try {
      MountResponse response = client.mount(pod.request(), deadline);
      Map<String, String> files =
          response.getFilesList().stream()
              .collect(Collectors.toMap(File::getPath, file -> file.getContents().toStringUtf8()));
      return new Ended(files, Status.OK, Duration.ofNanos(System.nanoTime() - began));
    } catch (StatusRuntimeException e) {
      return new Ended(Map.of(), e.getStatus(), Duration.ofNanos(System.nanoTime() - began));
    }
  }

  CompletableFuture<Ended> mountAside(PodMount pod) {
    return CompletableFuture.supplyAsync(() -> mount(pod), callers);
  }

  /** A call that waits no longer than that. */
  CompletableFuture<Ended> mountAside(PodMount pod, Duration deadline) {
    return CompletableFuture.supplyAsync(() -> mount(single, pod, deadline), callers);
  }

  /** A call whose caller's connection is gone as soon as that holds. */
  CompletableFuture<Ended> mountAndLeave(PodMount pod, BooleanSupplier when) {
    ProviderClient client = new ProviderClient(socketDir.resolve("double.sock"));
    CompletableFuture<Ended> call =
        CompletableFuture.supplyAsync(() -> mount(client, pod, KUBELET), callers);
    await(when);
    client.close();
    return call;
  }

  /** Waits for what another thread or the process brings about. */
  static void await(BooleanSupplier condition) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - end > 0) {
        throw new AssertionError("what should have happened did not");
      }
      LockSupport.parkNanos(1_000_000);
    }
  }

  /** All at once. */
  List<Ended> mountAll(List<PodMount> pods) {
    List<CompletableFuture<Ended>> calls = pods.stream().map(this::mountAside).toList();
    return calls.stream().map(CompletableFuture::join).toList();
  }

  @Override
  public void close() {
    try {
      // What hangs ends, or the process would wait for it as long as it may.
      store.faults().clear();
      store.close();
      single.close();
      batch.close();
    } finally {
      callers.shutdownNow();
      process.close();
    }
  }
}
