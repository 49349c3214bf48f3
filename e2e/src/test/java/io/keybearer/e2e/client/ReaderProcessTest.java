package io.keybearer.e2e.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import io.keybearer.e2e.client.DoubleNode.Ended;
import io.keybearer.e2e.driver.Node;
import io.keybearer.e2e.driver.Pod;
import io.keybearer.e2e.driver.Volume;
import io.keybearer.e2e.store.StoreCall.Kind;
import io.keybearer.e2e.store.StoreFault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The shared reader of the running process, as a store sees it: freshness and sharing. */
class ReaderProcessTest {

  private static final String ONE = "- name: db/password";

  @TempDir Path folder;

  @Test
  void readsForAFirstMountWhateverWasReadBefore() {
    try (DoubleNode node = new DoubleNode(folder);
        Node driver = node.driver()) {
      node.store.secrets().put("db/user", "orders");
      node.store.secrets().put("db/password", "old");
      driver
          .cluster()
          .apply(node.spc("prod", "db", node.parameters("- name: db/user\n- name: db/password")));
      Pod first = driver.startPod("prod", "orders-0", "orders", Volume.of("v", "db"));
      long read = System.nanoTime();
      DoubleNode.await(() -> System.nanoTime() - read > Duration.ofMillis(2_100).toNanos());
      node.store.secrets().put("db/password", "new");

      Pod second = driver.startPod("prod", "orders-1", "orders", Volume.of("v", "db"));

      assertThat(first.container().read("v", "db/user")).isEqualTo("orders");
      assertThat(first.container().read("v", "db/password")).isEqualTo("old");
      assertThat(second.container().read("v", "db/password")).isEqualTo("new");
      assertThat(node.store.log().counts().logins()).isEqualTo(1);
      assertThat(node.store.log().counts().reads()).isEqualTo(4);
    }
  }

  @Test
  @DisplayName("rules 4, 5, 9: 100 republishes of 20 pods with 10 secrets are 10 reads, 1 login")
  void readsOnceForAllPodsOfAServiceAccountInsideOneInterval() {
    try (DoubleNode node = new DoubleNode(folder)) {
      List<PodMount> pods = pods(node, 20, "orders", 10);

      for (int i = 0; i <= 100; i++) {
        assertThat(node.mountAll(pods)).allMatch(Ended::isOk).allMatch(e -> e.files().size() == 10);
      }

      assertThat(node.store.log().counts().logins()).isEqualTo(1);
      assertThat(node.store.log().counts().reads()).isEqualTo(10);
      assertThat(node.store.log().counts().requests()).isEqualTo(11);
    }
  }

  private static List<PodMount> pods(DoubleNode node, int count, String account, int secrets) {
    String objects =
        IntStream.range(0, secrets)
            .peek(i -> node.store.secrets().put("s/" + i, "value-" + i))
            .mapToObj(i -> "- name: s/" + i)
            .collect(Collectors.joining("\n"));
    return IntStream.range(0, count)
        .mapToObj(
            i ->
                node.pod("prod", account + "-" + i, account, objects)
                    .with("refreshInterval", "10m"))
        .toList();
  }

  @Test
  @DisplayName("rule 11: a batch carries 20")
  void readsTwentyInOneRequestWhereTheStoreCan() {
    try (DoubleNode node = new DoubleNode(folder)) {
      PodMount pod = pods(node, 1, "orders", 45).get(0);

      assertThat(node.mountBatch(pod).files()).hasSize(45);

      assertThat(node.store.log().counts().batches()).isEqualTo(3);
      assertThat(node.store.log().counts().reads()).isZero();
    }
  }

  @Test
  void sharesNothingBetweenServiceAccounts() {
    try (DoubleNode node = new DoubleNode(folder)) {
      node.store.secrets().put("db/password", "value");
      node.store.secrets().deny("prod/sa-3/pod-3", "db/password");
      List<PodMount> pods =
          IntStream.range(0, 5)
              .mapToObj(i -> node.pod("prod", "pod-" + i, "sa-" + i, ONE))
              .toList();

      for (int round = 0; round < 3; round++) {
        List<Ended> ended = node.mountAll(pods);
        for (int i = 0; i < pods.size(); i++) {
          assertThat(ended.get(i).status().getCode())
              .isEqualTo(i == 3 ? Status.Code.PERMISSION_DENIED : Status.Code.OK);
        }
      }
      Ended sameNameElsewhere = node.mount(node.pod("test", "pod-0", "sa-0", ONE));

      assertThat(sameNameElsewhere.isOk()).isTrue();
      assertThat(node.store.log().counts().logins()).isEqualTo(6);
      for (int i = 0; i < 5; i++) {
        assertThat(node.store.log().countsOf("prod/sa-" + i + "/pod-" + i).reads())
            .as("sa-" + i)
            .isBetween(1L, i == 3 ? 3L : 1L);
      }
    }
  }

  @Test
  @DisplayName("rule 1: what is proven is shared, and what is not is read for each mount")
  void sharesWhatTheStoreHasProven() {
    try (DoubleNode node = new DoubleNode(folder)) {
      node.store.secrets().put("db/password", "value");
      node.store.secrets().proof("kv", true);
      for (String mount : List.of("kv", "other")) {
        node.store.log().clear();
        String objects = "- {name: p, path: db/password, unproven: " + mount + "}";
        List<PodMount> pods =
            IntStream.range(0, 5)
                .mapToObj(i -> node.pod("prod", mount + "-" + i, "orders", objects))
                .toList();

        node.mount(pods.get(0));
        for (int round = 0; round < 3; round++) {
          assertThat(node.mountAll(pods)).allMatch(Ended::isOk);
        }

        assertThat(node.store.log().counts().reads())
            .as(mount)
            .isEqualTo(mount.equals("kv") ? 1 : 5);
      }
    }
  }

  @Test
  @DisplayName("rule 1: who comes while a proof is asked for waits for it")
  void asksForOneProofAndReadsOnceForManyWhoComeTogether() {
    try (DoubleNode node = new DoubleNode(folder)) {
      node.store.secrets().put("db/password", "value");
      node.store.secrets().proof("kv", true);
      node.store.faults().baseLatency(Duration.ofMillis(200));
      List<PodMount> pods =
          IntStream.range(0, 8)
              .mapToObj(
                  i ->
                      node.pod(
                          "prod", "p-" + i, "sa", "- {name: p, path: db/password, unproven: kv}"))
              .toList();

      assertThat(node.mountAll(pods)).allMatch(Ended::isOk);

      assertThat(node.store.log().counts().proofs()).isEqualTo(1);
      assertThat(node.store.log().counts().logins()).isEqualTo(1);
      assertThat(node.store.log().counts().reads()).isEqualTo(1);
    }
  }

  @Test
  @DisplayName("rule 1: shareReads: \"false\"")
  void sharesNothingWhereTheClassSaysSo() {
    try (DoubleNode node = new DoubleNode(folder)) {
      List<PodMount> pods =
          pods(node, 4, "orders", 2).stream().map(pod -> pod.with("shareReads", "false")).toList();

      for (int i = 0; i < 3; i++) {
        assertThat(node.mountAll(pods)).allMatch(Ended::isOk);
      }

      assertThat(node.store.log().counts().logins()).isEqualTo(4);
      assertThat(node.store.log().counts().reads()).isEqualTo(8);
    }
  }

  @Test
  @DisplayName("rule 4: a mount that failed keeps what it had read")
  void keepsWhatAFailedMountHadRead() {
    try (DoubleNode node = new DoubleNode(folder)) {
      node.store.secrets().put("a", "1");
      PodMount pod = node.pod("prod", "p", "sa", "- name: a\n- name: b");
      assertThat(node.mount(pod).status().getCode()).isEqualTo(Status.Code.NOT_FOUND);
      node.store.secrets().put("b", "2");
      long failed = System.nanoTime();
      DoubleNode.await(() -> System.nanoTime() - failed > Duration.ofMillis(2_100).toNanos());

      assertThat(node.mount(pod).files()).isEqualTo(Map.of("a", "1", "b", "2"));

      assertThat(node.store.log().countsAt("a").reads()).isEqualTo(1);
      assertThat(node.store.log().countsAt("b").reads()).isEqualTo(2);
    }
  }

  @Test
  @DisplayName("rule 6: an immutable version")
  void readsANamedVersionForAFirstMountAlone() {
    try (DoubleNode node = new DoubleNode(folder)) {
      node.store.secrets().put("a", "1");
      node.store.secrets().put("a", "2");
      PodMount pod =
          node.pod("prod", "p", "sa", "- {name: a, version: 1}").with("refreshInterval", "0");

      for (int i = 0; i < 5; i++) {
        assertThat(node.mount(pod).files()).containsEntry("a", "1");
      }

      assertThat(node.store.log().counts().reads()).isEqualTo(1);
    }
  }

  @Test
  @DisplayName("rule 9: a read runs under the longest of its waiters' deadlines")
  void readsOnceThoughTheFirstWhoWaitsHasLessTime() {
    try (DoubleNode node = new DoubleNode(folder)) {
      node.store.secrets().put("a", "1");
      node.mount(node.pod("prod", "zero", "sa", "- {name: other, path: a, version: 1}"));
      node.store
          .faults()
          .plant(call -> call.kind() == Kind.READ, StoreFault.latency(Duration.ofSeconds(2)));
      node.store.log().clear();
      CompletableFuture<Ended> hasty =
          node.mountAside(node.pod("prod", "hasty", "sa", "- name: a"), Duration.ofSeconds(1));
      DoubleNode.await(() -> node.store.log().counts().reads() == 1);

      Ended patient = node.mount(node.pod("prod", "patient", "sa", "- name: a"));

      assertThat(hasty.join().isOk()).isFalse();
      assertThat(patient.files()).containsEntry("a", "1");
      assertThat(node.store.log().counts().reads()).isEqualTo(1);
    }
  }

  @Test
  @DisplayName("rule 10: a login runs as long as anybody waits for it")
  void logsInForThoseWhoHaveMoreTimeThanTheFirst() {
    try (DoubleNode node = new DoubleNode(folder)) {
      node.store.secrets().put("a", "1");
      node.store
          .faults()
          .plant(call -> call.kind() == Kind.LOGIN, StoreFault.latency(Duration.ofSeconds(2)));
      CompletableFuture<Ended> hasty =
          node.mountAside(node.pod("prod", "hasty", "sa", "- name: a"), Duration.ofSeconds(1));
      DoubleNode.await(() -> node.store.log().counts().logins() == 1);

      Ended patient = node.mount(node.pod("prod", "patient", "sa", "- name: a"));

      assertThat(hasty.join().isOk()).isFalse();
      assertThat(patient.text()).isEmpty();
      assertThat(patient.files()).containsEntry("a", "1");
    }
  }

  @Test
  @DisplayName("rule 10: a session whose uses are counted is not kept")
  void logsInForEachReadWhereSessionsAreNotReusable() {
    try (DoubleNode node = new DoubleNode(folder)) {
      node.store.secrets().put("a", "1");
      node.store.sessions().reusable(false);
      PodMount pod = node.pod("prod", "p", "sa", "- name: a").with("refreshInterval", "0");

      for (int i = 0; i < 3; i++) {
        assertThat(node.mount(pod).isOk()).isTrue();
      }

      assertThat(node.store.log().counts().logins()).isEqualTo(3);
      assertThat(node.store.log().counts().reads()).isEqualTo(3);
    }
  }

  @Test
  @DisplayName("rule 10: a session is left before the store ends it")
  void logsInAgainBeforeASessionEnds() {
    try (DoubleNode node = new DoubleNode(folder)) {
      node.store.secrets().put("a", "1");
      node.store.sessions().sessionTtl(Duration.ofSeconds(2));
      PodMount pod = node.pod("prod", "p", "sa", "- name: a").with("refreshInterval", "0");
      long began = System.nanoTime();

      while (System.nanoTime() - began < Duration.ofSeconds(5).toNanos()) {
        assertThat(node.mount(pod).isOk()).isTrue();
      }

      // A read that the store refused would have been sent twice.
      assertThat(node.store.log().counts().logins()).isBetween(3L, 4L);
    }
  }
}
