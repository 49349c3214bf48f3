package io.keybearer.e2e.bench;

import io.keybearer.e2e.process.KeybearerProcess;
import io.keybearer.e2e.process.ProviderClient;
import io.keybearer.e2e.process.SealedObjects;
import io.keybearer.e2e.process.Sealer;
import io.keybearer.e2e.process.TemporaryFolder;
import io.keybearer.proto.MountRequest;
import io.keybearer.proto.MountResponse;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Prints a table of what the process costs and writes it to a file. A shared machine is noisy: a
 * {@code Version} call of the same run, and a bare Go provider where one is given, are the measure;
 * the median of several rounds is told.
 *
 * <p>System properties: {@code keybearer.bench.out}, the file; {@code keybearer.bench.floor}, a
 * program that serves five files on the socket it is given, which is left out where it is not set.
 */
public final class Bench {

  private static final int ROUNDS = 5;
  private static final int STARTS = 7;
  private static final Duration DEADLINE = Duration.ofMinutes(2);

  private static final Logger GRPC = Logger.getLogger("io.grpc");

  private Bench() {}

  /** Runs everything. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    GRPC.setLevel(Level.SEVERE);
    try (TemporaryFolder folder = TemporaryFolder.of("bench")) {
      run(folder.path());
    }
  }

  private static void run(Path folder) throws IOException, InterruptedException {
    Sealer sealer = new Sealer();
    sealer.writeKey(folder.resolve("keys"));
    MountRequest request = request(sealer);
    Table table = new Table();

    starts(table, folder, request);
    steady(table, folder, request);
    new ReaderBench(table, folder).run();
    table.tell("bench.md");
  }

  private static void starts(Table table, Path folder, MountRequest request) {
    List<Double> first = new ArrayList<>();
    List<Double> mount = new ArrayList<>();
    List<Double> idle = new ArrayList<>();
    for (int i = 0; i < STARTS; i++) {
      Path sockets = sockets(folder, "start-" + i);
      long begin = System.nanoTime();
      try (KeybearerProcess process = KeybearerProcess.serve(sockets, folder.resolve("keys"));
          ProviderClient client = client(sockets)) {
        client.version();
        first.add(millis(System.nanoTime() - begin));
        idle.add(Memory.residentMebibytes(process.pid()));
        requireFive(client.mount(request, DEADLINE));
        mount.add(millis(System.nanoTime() - begin));
      }
    }
    table.row("start to first answer (Version)", Figures.median(first), "ms", "<= 700");
    table.row("start to first Mount of five sealed files", Figures.median(mount), "ms", "");
    table.row("resident memory, idle", Figures.median(idle), "MiB", "");
  }

  private static void steady(Table table, Path folder, MountRequest request)
      throws IOException, InterruptedException {
    Path sockets = sockets(folder, "steady");
    try (KeybearerProcess process =
            KeybearerProcess.serveAside(folder.resolve("log"), sockets, folder.resolve("keys"));
        ProviderClient client = client(sockets);
        Floor floor = Floor.start(folder)) {
      client.version();
      Load.calls(1_000, 4, () -> requireFive(client.mount(request, DEADLINE)));
      table.row(
          "resident memory after 1,000 mounts", Memory.residentMebibytes(process.pid()), "MiB", "");
      Load.calls(4_000, 16, client::version);
      Load.calls(4_000, 16, () -> requireFive(client.mount(request, DEADLINE)));
      Optional<ProviderClient> bare = floor.client();
      bare.ifPresent(
          other -> Load.calls(4_000, 16, () -> requireFive(other.mount(request, DEADLINE))));

      List<Load.Result> one = rounds(1_500, 1, () -> requireFive(client.mount(request, DEADLINE)));
      List<Load.Result> oneVersion = rounds(1_500, 1, client::version);
      latency(table, "Mount of five files from memory, one caller", one, "<= 0.3 quiet");
      latency(table, "Version, one caller", oneVersion, "");
      table.row(
          "Mount / Version at p50",
          Figures.median(p50(one)) / Figures.median(p50(oneVersion)),
          "x",
          "<= 1.5");

      List<Load.Result> many = new ArrayList<>();
      List<Load.Result> manyVersion = new ArrayList<>();
      List<Load.Result> manyFloor = new ArrayList<>();
      for (int i = 0; i < ROUNDS; i++) {
        many.add(Load.calls(8_000, 16, () -> requireFive(client.mount(request, DEADLINE))));
        manyVersion.add(Load.calls(8_000, 16, client::version));
        bare.ifPresent(
            other ->
                manyFloor.add(
                    Load.calls(8_000, 16, () -> requireFive(other.mount(request, DEADLINE)))));
      }
      table.row("Mounts a second, 16 callers", Figures.median(rates(many)), "/s", "");
      table.row("Versions a second, 16 callers", Figures.median(rates(manyVersion)), "/s", "");
      if (!manyFloor.isEmpty()) {
        table.row("bare Go provider, 16 callers", Figures.median(rates(manyFloor)), "/s", "");
        table.row(
            "Mounts / bare Go provider",
            Figures.median(rates(many)) / Figures.median(rates(manyFloor)),
            "x",
            ">= 0.8");
      }
      table.row(
          "resident memory after all of it", Memory.residentMebibytes(process.pid()), "MiB", "");
    }
  }

  private static List<Load.Result> rounds(int calls, int callers, Runnable call) {
    List<Load.Result> results = new ArrayList<>();
    for (int i = 0; i < ROUNDS; i++) {
      results.add(Load.calls(calls, callers, call));
    }
    return results;
  }

  private static void latency(Table table, String what, List<Load.Result> results, String goal) {
    table.row(what + ", p50", Figures.median(p50(results)), "ms", goal);
    table.row(
        what + ", p99",
        Figures.median(results.stream().map(result -> millis(result.p99Nanos())).toList()),
        "ms",
        "");
  }

  private static List<Double> p50(List<Load.Result> results) {
    return results.stream().map(result -> millis(result.p50Nanos())).toList();
  }

  private static List<Double> rates(List<Load.Result> results) {
    return results.stream().map(Load.Result::callsPerSecond).toList();
  }

  private static double millis(long nanos) {
    return nanos / 1e6;
  }

  private static Path sockets(Path folder, String name) {
    Path sockets = folder.resolve(name);
    if (!sockets.toFile().mkdirs()) {
      throw new IllegalStateException("could not make " + sockets);
    }
    return sockets;
  }

  private static ProviderClient client(Path sockets) {
    return new ProviderClient(sockets.resolve("sealed.sock"));
  }

  /** Five small files, as a driver asks for them. */
  private static MountRequest request(Sealer sealer) {
    SealedObjects objects = new SealedObjects(sealer, "bench", "five");
    for (int i = 0; i < 5; i++) {
      objects.file("file" + i, "value-" + i + "-".repeat(50));
    }
    String yaml = objects.yaml().replace("\n", "\\n");
    String attributes =
        "{\"csi.storage.k8s.io/ephemeral\":\"true\",\"csi.storage.k8s.io/pod.name\":\"web-0\","
            + "\"csi.storage.k8s.io/pod.namespace\":\"bench\","
            + "\"csi.storage.k8s.io/pod.uid\":\"1b7b0740-62d5-4776-a0df-90d060ef35ba\","
            + "\"csi.storage.k8s.io/serviceAccount.name\":\"web\",\"objects\":\""
            + yaml
            + "\",\"secretProviderClass\":\"five\"}";
    MountRequest request =
        MountRequest.newBuilder()
            .setAttributes(attributes)
            .setSecrets("null")
            .setTargetPath("/var/lib/kubelet/pods/1b7b0740/volumes/kubernetes.io~csi/v/mount")
            .setPermission("420")
            .build();
    return request;
  }

  /** What a call that gave too few files would hide. */
  static MountResponse requireFive(MountResponse response) {
    if (response.getFilesCount() != 5) {
      throw new IllegalStateException("an answer of " + response.getFilesCount() + " files");
    }
    return response;
  }
}
