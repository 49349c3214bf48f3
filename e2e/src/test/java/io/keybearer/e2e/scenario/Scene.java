package io.keybearer.e2e.scenario;

import io.keybearer.e2e.cluster.Bed;
import io.keybearer.e2e.driver.Node;
import io.keybearer.e2e.driver.Pod;
import io.keybearer.e2e.driver.PodEvent;
import io.keybearer.e2e.driver.SecretObject;
import io.keybearer.e2e.driver.SecretProviderClass;
import io.keybearer.e2e.driver.TokenRequest;
import io.keybearer.e2e.driver.Volume;
import io.keybearer.e2e.process.KeybearerProcess;
import io.keybearer.provider.aws.fake.FakeAws;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** A node with the process on it, one store, and a namespace that no other test has used. */
final class Scene implements AutoCloseable {

  static final String ACCOUNT = "web";

  private static final Duration KUBELET = Duration.ofMinutes(2);

  /** The driver has one list for all providers: each finds its own tokens among them. */
  private static final List<TokenRequest> AUDIENCES =
      Stream.of("vault", "openbao", FakeAws.STS, FakeAws.POD_IDENTITY)
          .map(TokenRequest::of)
          .toList();

  private static final AtomicInteger NAMESPACES = new AtomicInteger();

  final Bed bed;
  final Store store;
  final Node node;
  final String namespace = "shop-" + NAMESPACES.incrementAndGet();
  private final StoreKind kind;
  private final Path sockets;
  private final Optional<Wire> wire;
  private final List<String> flags;
  private KeybearerProcess process;

  private Scene(StoreKind kind, Path folder, Duration patience, boolean isWired, List<String> more)
      throws IOException {
    this.kind = kind;
    this.bed = Bed.open(folder);
    this.store = kind.open(bed, folder);
    this.sockets = Files.createDirectories(folder.resolve("sockets"));
    this.wire =
        isWired
            ? Optional.of(
                Wire.to(sockets.resolve(kind.provider() + ".sock"), folder.resolve("wire")))
            : Optional.empty();
    this.flags = new ArrayList<>(store.flags());
    flags.add("--kubeconfig=" + bed.kubeconfig());
    flags.add("--node-name=" + Bed.NODE);
    flags.addAll(more);
    this.process = startProcess();
    try {
      Path seenByDriver = wire.map(Wire::seenByDriver).orElse(sockets);
      this.node = bed.node(seenByDriver, AUDIENCES, patience);
    } catch (RuntimeException e) {
      process.close();
      throw e;
    }
    store.allow(namespace, ACCOUNT);
  }

  /** One whose process has these flags more, and whose kubelet is as patient as the real one. */
  static Scene of(StoreKind kind, Path folder, String... flags) {
    return of(kind, folder, KUBELET, flags);
  }

  /** The same with a kubelet that waits for so long. */
  static Scene of(StoreKind kind, Path folder, Duration patience, String... flags) {
    return of(kind, folder, patience, false, flags);
  }

  /** The same with a connection between driver and process that can be cut. */
  static Scene wired(StoreKind kind, Path folder, String... flags) {
    return of(kind, folder, KUBELET, true, flags);
  }

  private static Scene of(
      StoreKind kind, Path folder, Duration patience, boolean isWired, String... flags) {
    try {
      return new Scene(kind, folder, patience, isWired, List.of(flags));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Another process in the same place, which takes the sockets. */
  KeybearerProcess startProcess() {
    return KeybearerProcess.serve(store.environment(), sockets, flags);
  }

  /** The connection between driver and process, of a scene that is wired. */
  Wire wire() {
    return wire.orElseThrow();
  }

  KeybearerProcess process() {
    return process;
  }

  /** That one serves from now on, and ends with the scene. */
  void process(KeybearerProcess other) {
    process = other;
  }

  /** A class of this namespace that reads these, and the Secrets that the driver makes of them. */
  void apply(String name, Map<String, String> files, SecretObject... objects) {
    apply(namespace, name, store.parameters(namespace, name, files), objects);
  }

  /** A class with these parameters. */
  void apply(String where, String name, Map<String, String> parameters, SecretObject... objects) {
    node.cluster()
        .apply(new SecretProviderClass(where, name, kind.provider(), parameters, List.of(objects)));
  }

  /** A pod with one volume {@code v}. */
  Pod startPod(String name, String className) {
    return node.startPod(namespace, name, ACCOUNT, Volume.of("v", className));
  }

  /** The message of the pod's last event. */
  static String lastEvent(Pod pod) {
    List<PodEvent> events = pod.events();
    return events.isEmpty() ? "" : events.get(events.size() - 1).message();
  }

  @Override
  public void close() {
    try {
      node.close();
    } finally {
      process.close();
      wire.ifPresent(Wire::close);
      store.close();
      bed.close();
    }
  }
}
