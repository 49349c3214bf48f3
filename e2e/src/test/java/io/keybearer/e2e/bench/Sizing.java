package io.keybearer.e2e.bench;

import io.keybearer.e2e.aws.AwsNode;
import io.keybearer.e2e.driver.PodIdentity;
import io.keybearer.e2e.driver.PodRequest;
import io.keybearer.e2e.process.KeybearerProcess;
import io.keybearer.e2e.process.ProviderClient;
import io.keybearer.e2e.process.SealedObjects;
import io.keybearer.e2e.process.Sealer;
import io.keybearer.e2e.process.TemporaryFolder;
import io.keybearer.e2e.vault.VaultNode;
import io.keybearer.proto.MountRequest;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Prints a table of what a node pays for the process: how long it takes to answer, and what it
 * holds in memory, idle and after 1,000 mounts on one store. Properties are those of {@link Bench}
 * and of {@link KeybearerProcess}: the profile {@code sizing} gives the parts of an image.
 */
public final class Sizing {

  private static final int STARTS = 11;
  private static final int PODS = 100;
  private static final int SECRETS = 10;
  private static final int CALLERS = 16;
  private static final Duration DEADLINE = Duration.ofMinutes(2);
  private static final Duration SETTLED = Duration.ofSeconds(2);

  /** Those that waited for the store end by themselves. */
  private static final Duration THREADS_END = Duration.ofSeconds(10);

  private static final String GOAL = "<= 85";
  private static final Logger GRPC = Logger.getLogger("io.grpc");

  private final Table table = new Table();
  private final Path folder;

  private Sizing(Path folder) {
    this.folder = folder;
  }

  /** Runs everything. */
  public static void main(String[] arguments) throws IOException {
    GRPC.setLevel(Level.SEVERE);
    try (TemporaryFolder folder = TemporaryFolder.of("sizing")) {
      new Sizing(folder.path()).run();
    }
  }

  private void run() throws IOException {
    starts();
    sealed();
    vault();
    aws();
    table.tell("sizing.md");
  }

  /** The first start warms this JVM up, and is not counted. */
  private void starts() throws IOException {
    List<Double> answers = new ArrayList<>();
    List<Double> idle = new ArrayList<>();
    for (int i = 0; i <= STARTS; i++) {
      Path sockets = Files.createDirectories(folder.resolve("start-" + i));
      long begin = System.nanoTime();
      try (KeybearerProcess process = aside(sockets, "start")) {
        awaitListener(sockets.resolve("sealed.sock"));
        try (ProviderClient client = new ProviderClient(sockets.resolve("sealed.sock"))) {
          client.version();
          if (i > 0) {
            answers.add((System.nanoTime() - begin) / 1e6);
            pause(SETTLED);
            idle.add(Memory.residentMebibytes(process.pid()));
          }
        }
      }
    }
    table.row("start to first answer (Version)", Figures.median(answers), "ms", "<= 200");
    table.row("resident memory, idle", Figures.median(idle), "MiB", "<= 60");
  }

  /** gRPC would look for it again a second later. */
  private static void awaitListener(Path socket) {
    while (true) {
      try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
        channel.connect(UnixDomainSocketAddress.of(socket));
        return;
      } catch (IOException e) {
        pause(Duration.ofMillis(1));
      }
    }
  }

  private static void pause(Duration time) {
    LockSupport.parkNanos(time.toNanos());
  }

  /** With what the image has in its environment, and this. */
  private KeybearerProcess aside(
      Path sockets, String name, Map<String, String> more, List<String> flags) {
    Map<String, String> environment = new TreeMap<>(more);
    environment.put("MALLOC_ARENA_MAX", "1");
    return KeybearerProcess.serveAside(
        folder.resolve(name + ".log"), environment, DoubleProcess.jvmOptions(), sockets, flags);
  }

  private KeybearerProcess aside(Path sockets, String name) {
    return aside(sockets, name, Map.of(), List.of());
  }

  private void sealed() throws IOException {
    Path sockets = Files.createDirectories(folder.resolve("sealed"));
    Path keys = folder.resolve("keys");
    Sealer sealer = new Sealer();
    sealer.writeKey(keys);
    SealedObjects objects = new SealedObjects(sealer, "shop", "app");
    for (int i = 0; i < SECRETS; i++) {
      objects.file("file-" + i, "v".repeat(50));
    }
    try (KeybearerProcess process =
            aside(sockets, "sealed", Map.of(), List.of("--sealed-key-dir=" + keys));
        ProviderClient client = new ProviderClient(sockets.resolve("sealed.sock"))) {
      measure("sealed", process, client, i -> sealed(objects, "m" + i));
    }
  }

  private static MountRequest sealed(SealedObjects objects, String name) {
    PodIdentity pod = new PodIdentity("shop", name, "uid-of-" + name, name);
    return new PodRequest(pod, PodRequest.tokens("none", "none"), objects.parameters()).mount();
  }

  private void vault() throws IOException {
    try (VaultNode node = new VaultNode(folder.resolve("vault"), in -> aside(in, "vault"))) {
      node.keyValues("kv", PODS * SECRETS, "v".repeat(50));
      measure(
          "vault",
          node.process(),
          node.client(),
          i -> node.request("m" + i, "sa-m" + i, VaultNode.objects("kv", i * SECRETS, SECRETS)));
    }
  }

  private void aws() throws IOException {
    try (AwsNode node =
        AwsNode.overTls(
            folder.resolve("aws"),
            (sockets, environment, flags) -> aside(sockets, "aws", environment, flags))) {
      measure(
          "aws",
          node.process(),
          node.client(),
          i -> {
            String name = "m" + i;
            node.serviceAccount(name);
            node.secrets(name, SECRETS, "v".repeat(50));
            return node.request(name, name, AwsNode.objects(name, SECRETS));
          });
    }
  }

  /** Each pod has a service account of its own, and all values of remote stores differ. */
  private void measure(
      String store, KeybearerProcess process, ProviderClient client, IntFunction<MountRequest> of) {
    client.version();
    List<MountRequest> requests = new ArrayList<>();
    for (int i = 0; i < PODS; i++) {
      requests.add(of.apply(i));
    }
    long begin = System.nanoTime();
    mount(client, requests.get(0));
    table.row(store + ": first mount", (System.nanoTime() - begin) / 1e6, "ms", "");
    String resident = store + ": resident memory after ";
    table.row(resident + "it", Memory.residentMebibytes(process.pid()), "MiB", "");
    Load.around(requests, 10, CALLERS, request -> mount(client, request));
    String all = resident + "1,000 mounts of 100 pods";
    table.row(all, Memory.residentMebibytes(process.pid()), "MiB", GOAL);
    pause(THREADS_END);
    table.row(all + ", a while later", Memory.residentMebibytes(process.pid()), "MiB", GOAL);
  }

  private static void mount(ProviderClient client, MountRequest request) {
    if (client.mount(request, DEADLINE).getFilesCount() != SECRETS) {
      throw new IllegalStateException("not " + SECRETS + " files");
    }
  }
}
