package io.keybearer.e2e.bench;

import io.keybearer.e2e.process.KeybearerProcess;
import io.keybearer.e2e.process.TemporaryFolder;
import io.keybearer.e2e.vault.VaultNode;
import io.keybearer.proto.MountRequest;
import io.keybearer.provider.fake.CallLog;
import io.keybearer.provider.vault.fake.Call;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Prints a table of what Vault is asked for and how long its Mounts take. The fake Vault runs in
 * this JVM, so it shares the machine with the process. Properties are those of {@link Bench}.
 */
public final class VaultBench {

  private static final Duration LATENCY = Duration.ofMillis(20);
  private static final int OBJECTS = 100;
  private static final List<String> GOALS = List.of("<= 46", "<= 50", "<= 62");
  private static final int PODS = 100;
  private static final int CALLERS = 16;
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
    table.tell("vault-bench.md");
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
    node.keyValues("known", OBJECTS, "v");
    node.vault().faults().latency(LATENCY);
    FirstMounts first = new FirstMounts(table, node.client());
    first.measure(new Source(node, true, () -> "known"), "", GOALS);
    Source fresh = new Source(node, false, () -> unseen(node));
    first.measure(
        fresh, FirstMounts.OBJECTS.get(1), ", of a KV mount not seen before", GOALS.get(1));
    node.vault().faults().latency(Duration.ZERO);
  }

  private String unseen(VaultNode node) {
    node.vault().faults().latency(Duration.ZERO);
    String mount = "new-" + number++;
    node.keyValues(mount, FirstMounts.OBJECTS.get(1), "v");
    node.vault().faults().latency(LATENCY);
    return mount;
  }

  /** Secrets of a mount of KV. */
  private static final class Source implements FirstMounts.Source {
    private final VaultNode node;
    private final boolean known;
    private final Supplier<String> mount;
    private int number;
    private long logins;
    private long reads;

    Source(VaultNode node, boolean known, Supplier<String> mount) {
      this.node = node;
      this.known = known;
      this.mount = mount;
    }

    @Override
    public MountRequest unseen(int objects) {
      String of = mount.get();
      String name = of + "-" + number++;
      return node.request(name, "sa-" + name, VaultNode.objects(of, objects));
    }

    @Override
    public void count() {
      logins = node.vault().log().count(Call::isLogin);
      reads = node.vault().log().count(Call::isRead);
    }

    @Override
    public void requireFirst(int mounts, int objects) {
      require(node.vault().log().count(Call::isLogin) - logins == mounts, "a login for each");
      // What a new mount of KV is filled with counts too.
      require(
          !known || node.vault().log().count(Call::isRead) - reads == (long) mounts * objects,
          "a read for each object");
    }
  }

  private void cycle(VaultNode node) {
    node.keyValues("cycle", 10, "v");
    List<MountRequest> requests = new ArrayList<>();
    for (int i = 0; i < PODS; i++) {
      requests.add(node.request("cycle-" + i, "cycle", VaultNode.objects("cycle", 10)));
    }
    CallLog<Call> log = node.vault().log();
    long logins = log.count(Call::isLogin);
    long reads = log.count(Call::isRead);
    Load.around(
        requests,
        101,
        CALLERS,
        request -> require(node.mount(request).getFilesCount() == 10, "ten files"));
    String what = "100 pods x 10 secrets and 100 republishes, one service account, ";
    table.count(what + "reads", log.count(Call::isRead) - reads, "10");
    table.count(what + "logins", log.count(Call::isLogin) - logins, "1");
  }

  private void credentials(VaultNode node) {
    node.root().database("db", "1h", "24h");
    String objects =
        """
        - {objectName: user, secretPath: db/creds/app, secretKey: username}
        - {objectName: password, secretPath: db/creds/app, secretKey: password}
        """;
    List<MountRequest> requests = new ArrayList<>();
    for (int i = 0; i < PODS; i++) {
      requests.add(node.request("db-" + i, "db", objects));
    }
    Load.around(
        requests,
        30,
        CALLERS,
        request -> require(node.mount(request).getFilesCount() == 2, "two files"));
    table.count(
        "100 pods with a database credential over 30 cycles, credentials made",
        node.vault().log().count(Call.to("GET", "/v1/db/creds/app")),
        "100");
  }

  private void memory(VaultNode node) {
    List<MountRequest> requests = new ArrayList<>();
    for (int i = 0; i < PODS; i++) {
      requests.add(node.request("m" + i, "sa-m" + i, VaultNode.objects("cycle", 5)));
    }
    Load.around(requests, 10, CALLERS, node::mount);
    table.row("resident memory after all of it", resident(node), "MiB", "");
  }

  private void fromMemory(VaultNode node, Floor floor) {
    node.keyValues("rate", 5, "v".repeat(50));
    MountRequest request =
        node.request("rate", "rate", VaultNode.objects("rate", 5) + "# refreshed seldom");
    new FromMemory(table, node.client())
        .measure(request, floor, "Mount from memory", "official: 5");
  }

  private static void require(boolean holds, String what) {
    if (!holds) {
      throw new IllegalStateException("not " + what);
    }
  }
}
