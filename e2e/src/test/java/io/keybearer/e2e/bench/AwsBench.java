package io.keybearer.e2e.bench;

import io.keybearer.e2e.aws.AwsNode;
import io.keybearer.e2e.process.KeybearerProcess;
import io.keybearer.e2e.process.TemporaryFolder;
import io.keybearer.proto.MountRequest;
import io.keybearer.provider.aws.fake.FakeAws;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Prints a table of what AWS is asked for over TLS, how long Mounts from it take, and what they
 * leave in memory. The fake AWS runs in this JVM, so it shares the machine with the process.
 * Properties are those of {@link Bench}, and {@code keybearer.bench.jvm}, options for the JVM that
 * is measured.
 */
public final class AwsBench {

  private static final Duration LATENCY = Duration.ofMillis(20);
  private static final List<String> GOALS = List.of("<= 48", "<= 52", "<= 65");
  private static final int MOST = 100;
  private static final int PODS = 100;
  private static final int SECRETS = 10;
  private static final int CALLERS = 16;
  private static final Logger GRPC = Logger.getLogger("io.grpc");

  private final Table table = new Table();
  private final Path folder;

  private AwsBench(Path folder) {
    this.folder = folder;
  }

  /** Runs everything. */
  public static void main(String[] arguments) throws IOException {
    GRPC.setLevel(Level.SEVERE);
    try (TemporaryFolder folder = TemporaryFolder.of("aws-bench")) {
      new AwsBench(folder.path()).run();
    }
  }

  private void run() throws IOException {
    try (AwsNode node = node("first")) {
      firstMounts(node);
    }
    try (AwsNode node = node("cycle")) {
      cycle(node);
    }
    try (AwsNode node = node("memory")) {
      memory(node);
    }
    try (AwsNode node = node("rate");
        Floor floor = Floor.start(folder)) {
      node.serviceAccount("rate");
      node.secrets("rate", 5, "v".repeat(50));
      MountRequest request = node.request("rate", "rate", AwsNode.objects("rate", 5));
      new FromMemory(table, node.client())
          .measure(request, floor, "Mount from memory", "official: 1.7");
    }
    table.tell("aws-bench.md");
  }

  private AwsNode node(String name) throws IOException {
    return AwsNode.overTls(
        folder.resolve(name),
        (sockets, environment, flags) ->
            KeybearerProcess.serveAside(
                folder.resolve(name + ".log"),
                environment,
                DoubleProcess.jvmOptions(),
                sockets,
                flags));
  }

  private static double resident(AwsNode node) {
    node.client().version();
    return Memory.residentMebibytes(node.process().pid());
  }

  /** Each with a login and a look-up of its service account. */
  private void firstMounts(AwsNode node) {
    node.secrets("known", MOST, "v".repeat(50));
    node.aws().faults().latency(LATENCY);
    FirstMounts first = new FirstMounts(table, node.client());
    first.measure(new Source(node, "batched-", true, node::serviceAccount), ", in batches", GOALS);
    first.measure(
        new Source(node, "denied-", false, account -> mayNotBatch(node, account, "official")),
        ", batches denied",
        GOALS);
    first.measure(
        new Source(node, "first-", false, account -> mayNotBatch(node, account, account)),
        FirstMounts.OBJECTS.get(1),
        ", batches denied for the first time",
        "");
  }

  /** What the policies of the official provider allow. */
  private static void mayNotBatch(AwsNode node, String account, String role) {
    node.role(account, role).allows("secretsmanager:GetSecretValue", "*");
  }

  /** Secrets of Secrets Manager, and a service account made for each. */
  private static final class Source implements FirstMounts.Source {
    private final AwsNode node;
    private final String kind;
    private final boolean batches;
    private final Consumer<String> make;
    private int number;
    private int logins;
    private int gets;
    private int batched;

    Source(AwsNode node, String kind, boolean batches, Consumer<String> make) {
      this.node = node;
      this.kind = kind;
      this.batches = batches;
      this.make = make;
    }

    @Override
    public MountRequest unseen(int objects) {
      String name = kind + number++;
      make.accept(name);
      return node.request(name, name, AwsNode.objects("known", objects));
    }

    @Override
    public void count() {
      logins = node.aws().count("AssumeRoleWithWebIdentity");
      gets = node.aws().count("GetSecretValue");
      batched = node.aws().count("BatchGetSecretValue");
    }

    @Override
    public void requireFirst(int mounts, int objects) {
      int got = node.aws().count("GetSecretValue") - gets;
      int together = node.aws().count("BatchGetSecretValue") - batched;
      boolean inBatches = batches && objects > 1;
      require(node.aws().count("AssumeRoleWithWebIdentity") - logins == mounts, "a login for each");
      require(got == (inBatches ? 0 : mounts * objects), "a read for each object that is alone");
      require(!inBatches || together > 0, "a batch");
    }
  }

  private void cycle(AwsNode node) {
    node.serviceAccount("cycle");
    node.secrets("cycle", SECRETS, "v");
    List<MountRequest> requests = new ArrayList<>();
    for (int i = 0; i < PODS; i++) {
      requests.add(node.request("cycle-" + i, "cycle", AwsNode.objects("cycle", SECRETS)));
    }
    Load.around(requests, 101, CALLERS, request -> mount(node, request));
    FakeAws aws = node.aws();
    String what = "100 pods x 10 secrets and 100 republishes, one service account, ";
    table.count(
        what + "reads", aws.count("GetSecretValue") + aws.count("BatchGetSecretValue"), "<= 10");
    table.count(what + "logins", aws.count("AssumeRoleWithWebIdentity"), "1");
    table.count(what + "calls of the API server", node.cluster().calls().size(), "1 a minute");
    table.count(what + "connections to AWS", aws.connections(), "");
  }

  private static void mount(AwsNode node, MountRequest request) {
    require(node.mount(request).getFilesCount() == SECRETS, "ten files");
  }

  /** Each pod has a service account, and all values differ. */
  private void memory(AwsNode node) {
    table.row("resident memory, idle", resident(node), "MiB", "");
    List<MountRequest> requests = new ArrayList<>();
    for (int i = 0; i < PODS; i++) {
      String name = "m" + i;
      node.serviceAccount(name);
      node.secrets(name, SECRETS, "v".repeat(50));
      requests.add(node.request(name, name, AwsNode.objects(name, SECRETS)));
    }
    mount(node, requests.get(0));
    table.row("resident memory after the first mount", resident(node), "MiB", "");
    Load.around(requests, 10, CALLERS, request -> mount(node, request));
    table.row(
        "resident memory after 1,000 mounts of 100 pods",
        resident(node),
        "MiB",
        "<= 85, official: 158-179");
    table.count("the same, connections to AWS", node.aws().connections(), "");
  }

  private static void require(boolean holds, String what) {
    if (!holds) {
      throw new IllegalStateException("not " + what);
    }
  }
}
