package io.keybearer.e2e.bench;

import io.keybearer.e2e.process.KeybearerProcess;
import io.keybearer.e2e.process.TemporaryFolder;
import io.keybearer.e2e.vault.VaultNode;
import io.keybearer.proto.MountRequest;
import io.keybearer.provider.vault.fake.CallLog;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Prints a table of what Vault is asked for and how long its Mounts take. The fake Vault runs in
 * this JVM, so it shares the machine with the process. Properties are those of {@link Bench}.
 */
public final class VaultBench {

  private static final Duration LATENCY = Duration.ofMillis(20);
  private static final int[] OBJECTS = {1, 30, 100};
  private static final String[] GOALS = {"<= 46", "<= 50", "<= 62"};
  private static final int WARM = 40;
  private static final int ROUNDS = 21;
  private static final int PODS = 100;
  private static final int CALLERS = 16;
  private static final int CALLS = 8_000;
  private static final Logger GRPC = Logger.getLogger("io.grpc");

  private final Table table = new Table();
  private int number;

  private VaultBench() {}

  /** Runs everything. */
  public static void main(String[] arguments) throws IOException {
    GRPC.setLevel(Level.SEVERE);
    try (TemporaryFolder folder = TemporaryFolder.of("vault-bench")) {
      new VaultBench().run(folder.path());
    }
  }

  private void run(Path folder) throws IOException {
    try (VaultNode node = node(folder, "first")) {
      table.row("resident memory, idle", resident(node), "MiB", "");
      firstMounts(node);
      cycle(node);
      credentials(node);
      memory(node);
    }
    try (VaultNode node = node(folder, "rate");
        Floor floor = Floor.start(folder)) {
      fromMemory(node, floor);
    }
    table.write(Path.of(System.getProperty("keybearer.bench.out", "vault-bench.md")));
    new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8)
        .println(table.text());
  }

  private static VaultNode node(Path folder, String name) throws IOException {
    Path sockets = folder.resolve(name);
    return new VaultNode(
        sockets,
        in ->
            KeybearerProcess.serveAside(folder.resolve(name + ".log"), in, in.resolve("no-keys")));
  }

  private static double resident(VaultNode node) {
    node.client().version();
    return Memory.residentMebibytes(node.process().pid());
  }

  /** Of service accounts that nobody has seen, with a login; the mount of KV is known or not. */
  private void firstMounts(VaultNode node) {
    node.keyValues("known", OBJECTS[2], "v");
    node.vault().faults().latency(LATENCY);
    for (int i = 0; i < WARM; i++) {
      millis(node, "known", OBJECTS[2]);
    }
    for (int i = 0; i < OBJECTS.length; i++) {
      List<Double> took = new ArrayList<>();
      CallLog log = node.vault().log();
      long logins = log.logins();
      long reads = log.reads();
      for (int round = 0; round < ROUNDS; round++) {
        took.add(millis(node, "known", OBJECTS[i]));
      }
      require(log.logins() - logins == ROUNDS, "a login for each");
      require(log.reads() - reads == (long) ROUNDS * OBJECTS[i], "a read for each object");
      table.row("first mount, " + OBJECTS[i] + " objects", Figures.median(took), "ms", GOALS[i]);
    }
    List<Double> unproven = new ArrayList<>();
    for (int round = 0; round < ROUNDS; round++) {
      node.vault().faults().latency(Duration.ZERO);
      String mount = "new-" + round;
      node.keyValues(mount, OBJECTS[1], "v");
      node.vault().faults().latency(LATENCY);
      unproven.add(millis(node, mount, OBJECTS[1]));
    }
    table.row(
        "first mount, 30 objects, of a KV mount not seen before",
        Figures.median(unproven),
        "ms",
        GOALS[1]);
    node.vault().faults().latency(Duration.ZERO);
  }

  private double millis(VaultNode node, String mount, int objects) {
    String name = "n" + number++;
    MountRequest request = node.request(name, "sa-" + name, VaultNode.objects(mount, objects));
    long begin = System.nanoTime();
    int files = node.mount(request).getFilesCount();
    long took = System.nanoTime() - begin;
    require(files == objects, objects + " files");
    return took / 1e6;
  }

  private void cycle(VaultNode node) {
    node.keyValues("cycle", 10, "v");
    List<MountRequest> requests = new ArrayList<>();
    for (int i = 0; i < PODS; i++) {
      requests.add(node.request("cycle-" + i, "cycle", VaultNode.objects("cycle", 10)));
    }
    CallLog log = node.vault().log();
    long logins = log.logins();
    long reads = log.reads();
    AtomicInteger next = new AtomicInteger();
    Load.calls(
        PODS * 101,
        CALLERS,
        () ->
            require(
                node.mount(requests.get(next.getAndIncrement() % PODS)).getFilesCount() == 10,
                "ten files"));
    String what = "100 pods x 10 secrets and 100 republishes, one service account, ";
    table.count(what + "reads", log.reads() - reads, "10");
    table.count(what + "logins", log.logins() - logins, "1");
  }

  private void credentials(VaultNode node) {
    node.database("db", "1h", "24h");
    String objects =
        """
        - {objectName: user, secretPath: db/creds/app, secretKey: username}
        - {objectName: password, secretPath: db/creds/app, secretKey: password}
        """;
    List<MountRequest> requests = new ArrayList<>();
    for (int i = 0; i < PODS; i++) {
      requests.add(node.request("db-" + i, "db", objects));
    }
    AtomicInteger next = new AtomicInteger();
    Load.calls(
        PODS * 30,
        CALLERS,
        () ->
            require(
                node.mount(requests.get(next.getAndIncrement() % PODS)).getFilesCount() == 2,
                "two files"));
    table.count(
        "100 pods with a database credential over 30 cycles, credentials made",
        node.vault().log().count("GET", "/v1/db/creds/app"),
        "100");
  }

  private void memory(VaultNode node) {
    List<MountRequest> requests = new ArrayList<>();
    for (int i = 0; i < PODS; i++) {
      requests.add(node.request("m" + i, "sa-m" + i, VaultNode.objects("cycle", 5)));
    }
    AtomicInteger next = new AtomicInteger();
    Load.calls(1_000, CALLERS, () -> node.mount(requests.get(next.getAndIncrement() % PODS)));
    table.row("resident memory after all of it", resident(node), "MiB", "");
  }

  private void fromMemory(VaultNode node, Floor floor) {
    node.keyValues("rate", 5, "v".repeat(50));
    MountRequest request =
        node.request("rate", "rate", VaultNode.objects("rate", 5) + "# refreshed seldom");
    Runnable mount = () -> require(node.mount(request).getFilesCount() == 5, "five files");
    Load.calls(CALLS, CALLERS, mount);
    Load.calls(CALLS, CALLERS, node.client()::version);
    List<Double> rates = new ArrayList<>();
    List<Double> versions = new ArrayList<>();
    List<Double> floors = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      rates.add(Load.calls(CALLS, CALLERS, mount).callsPerSecond());
      versions.add(Load.calls(CALLS, CALLERS, node.client()::version).callsPerSecond());
      floor
          .client()
          .ifPresent(
              bare ->
                  floors.add(
                      Load.calls(CALLS, CALLERS, () -> bare.mount(request, VaultNode.KUBELET))
                          .callsPerSecond()));
    }
    String what = "Mounts a second from memory, 16 callers";
    table.row(what, Figures.median(rates), "/s", "official: 5");
    table.row(what + " / Version", Figures.median(rates) / Figures.median(versions), "x", "");
    if (!floors.isEmpty()) {
      double ratio = Figures.median(rates) / Figures.median(floors);
      table.row(what + " / bare Go provider", ratio, "x", ">= 0.8");
    }
  }

  private static void require(boolean holds, String what) {
    if (!holds) {
      throw new IllegalStateException("not " + what);
    }
  }
}
