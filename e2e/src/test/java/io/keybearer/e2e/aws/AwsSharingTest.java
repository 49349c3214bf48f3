package io.keybearer.e2e.aws;

import static org.assertj.core.api.Assertions.assertThat;

import io.keybearer.e2e.process.KeybearerProcess;
import io.keybearer.proto.MountRequest;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a hundred pods of one service account cost AWS and the API server. */
class AwsSharingTest {

  private static final int PODS = 100;
  private static final int SECRETS = 10;
  private static final int REPUBLISHES = 100;
  private static final int CALLERS = 16;
  private static final Duration TOGETHER = Duration.ofSeconds(2);

  @TempDir Path folder;

  /** One interval lasts as long as it takes. */
  private static KeybearerProcess lasting(
      Path sockets, Map<String, String> environment, List<String> flags) {
    List<String> all = Stream.concat(flags.stream(), Stream.of("--refresh-interval=1h")).toList();
    return KeybearerProcess.serve(environment, sockets, all);
  }

  @Test
  void readsOnceForAHundredPodsAndTheirRepublishes() throws IOException {
    try (AwsNode node = AwsNode.start(folder, AwsSharingTest::lasting)) {
      node.serviceAccount("web");
      List<MountRequest> pods = pods(node);

      long windows = mountAll(node, pods, 1);
      int reads = node.aws().count("BatchGetSecretValue");
      mountAll(node, pods, REPUBLISHES);

      assertThat(reads).isBetween(1, (int) windows);
      assertThat(node.aws().count("AssumeRoleWithWebIdentity")).isEqualTo(1);
      assertThat(node.aws().calls()).hasSize(1 + reads);
      assertThat(node.aws().connections()).isLessThanOrEqualTo(2);
      assertThat(node.cluster().calls()).containsExactly("get serviceaccounts shop/web");
    }
  }

  @Test
  void readsEachSecretOnceWhereTheRoleMayNotBatch() throws IOException {
    try (AwsNode node = AwsNode.start(folder, AwsSharingTest::lasting)) {
      node.role("web").allows("secretsmanager:GetSecretValue", "*");
      List<MountRequest> pods = pods(node);

      long windows = mountAll(node, pods, 1);
      int reads = node.aws().count("GetSecretValue");
      mountAll(node, pods, 1);

      assertThat(reads).isBetween(SECRETS, (int) windows * SECRETS);
      assertThat(node.aws().count("AssumeRoleWithWebIdentity")).isEqualTo(1);
      assertThat(node.aws().count("BatchGetSecretValue")).isEqualTo(1);
      assertThat(node.aws().count("GetSecretValue")).isEqualTo(reads);
      assertThat(node.aws().connections()).isLessThanOrEqualTo(SECRETS + 2);
    }
  }

  @Test
  void looksAtTheNodeAndAtEachServiceAccountOnce() throws IOException {
    try (AwsNode node = AwsNode.withoutRegion(folder, AwsSharingTest::lasting)) {
      node.cluster().node(AwsNode.NODE, "topology.kubernetes.io/region", AwsNode.REGION);
      node.secrets("a", 1, "v");
      for (int i = 0; i < 40; i++) {
        String account = "sa-" + i % 2;
        node.serviceAccount(account);
        node.mount(node.request("p-" + i, account, AwsNode.objects("a", 1)));
      }

      assertThat(node.cluster().calls())
          .containsExactlyInAnyOrder(
              "get nodes /node-1",
              "get serviceaccounts shop/sa-0",
              "get serviceaccounts shop/sa-1");
      assertThat(node.aws().count("AssumeRoleWithWebIdentity")).isEqualTo(2);
    }
  }

  private static List<MountRequest> pods(AwsNode node) {
    node.secrets("a", SECRETS, "v");
    return IntStream.range(0, PODS)
        .mapToObj(i -> node.request("p-" + i, "web", AwsNode.objects("a", SECRETS)))
        .toList();
  }

  /**
   * Mounts each that many times.
   *
   * @return how many reads there may be of a value: a first mount takes what was read in the two
   *     seconds before it
   */
  private static long mountAll(AwsNode node, List<MountRequest> pods, int times) {
    ExecutorService callers = Executors.newFixedThreadPool(CALLERS);
    long begin = System.nanoTime();
    try {
      List<CompletableFuture<Integer>> calls =
          IntStream.range(0, pods.size() * times)
              .mapToObj(i -> pods.get(i % pods.size()))
              .map(
                  pod ->
                      CompletableFuture.supplyAsync(() -> node.mount(pod).getFilesCount(), callers))
              .toList();
      assertThat(calls).allSatisfy(call -> assertThat(call.join()).isEqualTo(SECRETS));
      return 1 + (System.nanoTime() - begin) / TOGETHER.toNanos();
    } finally {
      callers.shutdownNow();
    }
  }
}
