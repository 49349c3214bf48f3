package io.keybearer.e2e.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.keybearer.e2e.client.DoubleNode.Ended;
import io.keybearer.e2e.driver.Node;
import io.keybearer.e2e.driver.Pod;
import io.keybearer.e2e.driver.Volume;
import io.keybearer.e2e.store.StoreCall.Kind;
import io.keybearer.e2e.store.StoreFault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What stores make for single mounts, in the running process. */
class ReaderMintProcessTest {

  private static final String MINT = "- {name: m, mint: \"true\"}";

  @TempDir Path folder;

  @Test
  @DisplayName("rules 2, 5: what was minted stays until it has to be replaced")
  void mintsOnceForAllRepublishesAndForEachPodItsOwn() {
    try (DoubleNode node = new DoubleNode(folder)) {
      String objects = "- {name: m, path: db/creds, mint: \"true\"}";
      PodMount first = node.pod("prod", "first", "orders", objects).with("refreshInterval", "0");
      PodMount second = node.pod("prod", "second", "orders", objects);

      List<Ended> ended = IntStream.range(0, 20).mapToObj(i -> node.mount(first)).toList();
      Ended other = node.mount(second);

      assertThat(ended.stream().map(Ended::files).distinct()).hasSize(1);
      assertThat(other.files()).isNotEqualTo(ended.get(0).files());
      assertThat(node.store.log().counts().mints()).isEqualTo(2);
      assertThat(node.store.sessions().leases()).hasSize(2);
    }
  }

  @Test
  @DisplayName("rule 4: what a failed mount had minted is not minted again")
  void mintsOnceForAMountThatFailsHalfWayAndIsTriedAgain() {
    try (DoubleNode node = new DoubleNode(folder);
        Node driver = node.driver()) {
      driver
          .cluster()
          .apply(
              node.spc(
                  "prod",
                  "db",
                  node.parameters("- {name: m, mint: \"true\"}\n- name: db/password")));

      Pod pod = driver.startPod("prod", "orders-0", "orders", Volume.of("v", "db"));
      assertThat(pod.phase()).isEqualTo(Pod.Phase.PENDING);
      assertThat(pod.events().get(0).message())
          .contains("object \"db/password\": the store has no such secret or version");
      driver.advance(Duration.ofSeconds(10));
      assertThat(pod.phase()).isEqualTo(Pod.Phase.PENDING);
      node.store.secrets().put("db/password", "there");
      driver.advance(Duration.ofMinutes(2));

      assertThat(pod.container().read("v", "db/password")).isEqualTo("there");
      assertThat(pod.container().read("v", "m")).startsWith("m under l-1");
      assertThat(node.store.log().counts().mints()).isEqualTo(1);
      assertThat(node.store.log().counts().logins()).isLessThanOrEqualTo(2);
    }
  }

  @Test
  @DisplayName("rule 13: what may have been minted is not asked for again blindly")
  void tellsOfAMintThatTheStoreMayHaveMade() {
    try (DoubleNode node = new DoubleNode(folder)) {
      node.store.faults().plant(1, call -> call.kind() == Kind.MINT, StoreFault.resetInBody());

      Ended ended = node.mount(node.pod("prod", "p", "orders", "- {name: m, mint: \"true\"}"));

      assertThat(ended.text())
          .isEqualTo(
              "double: object \"m\": \""
                  + node.store.address()
                  + "\" ended the connection without an answer; see whether it runs and is"
                  + " reachable from this node; not tried again: the store may have acted on it"
                  + " already");
      assertThat(node.store.log().counts().mints()).isEqualTo(1);
    }
  }

  @Test
  @DisplayName("rule 9: the same Mount twice at once")
  void mintsOnceForAMountThatIsDeliveredTwice() {
    try (DoubleNode node = new DoubleNode(folder)) {
      node.store.faults().baseLatency(Duration.ofMillis(200));
      PodMount pod = node.pod("prod", "p", "orders", MINT);

      List<Ended> ended = node.mountAll(List.of(pod, pod, pod));

      assertThat(ended).allMatch(Ended::isOk);
      assertThat(ended.stream().map(Ended::files).distinct()).hasSize(1);
      assertThat(node.store.log().counts().mints()).isEqualTo(1);
    }
  }

  @Test
  @DisplayName("rule 9: a mint that nobody waits for any more")
  void keepsAMintWhoseCallerHasLeft() {
    try (DoubleNode node = new DoubleNode(folder)) {
      PodMount pod = node.pod("prod", "p", "orders", MINT);
      node.store
          .faults()
          .plant(1, call -> call.kind() == Kind.MINT, StoreFault.latency(Duration.ofMillis(1_500)));
      CompletableFuture<Ended> left = node.mountAndLeave(pod, () -> mints(node) == 1);
      assertThat(left.join().isOk()).isFalse();
      DoubleNode.await(() -> node.store.sessions().leases().size() == 1);
      DoubleNode.await(() -> node.store.log().underWay() == 0);

      Ended again = node.mount(pod);

      assertThat(again.files().get("m")).startsWith("m under l-1");
      assertThat(mints(node)).isEqualTo(1);
    }
  }

  @Test
  @DisplayName("rule 9: a mint that is still on its way when its mount is tried again")
  void joinsAMintThatIsOnItsWay() {
    try (DoubleNode node = new DoubleNode(folder)) {
      PodMount pod = node.pod("prod", "p", "orders", MINT);
      node.store
          .faults()
          .plant(1, call -> call.kind() == Kind.MINT, StoreFault.latency(Duration.ofMillis(1_500)));
      CompletableFuture<Ended> left = node.mountAndLeave(pod, () -> mints(node) == 1);
      assertThat(left.join().isOk()).isFalse();

      Ended again = node.mount(pod);

      assertThat(again.files().get("m")).startsWith("m under l-1");
      assertThat(mints(node)).isEqualTo(1);
    }
  }

  @Test
  @DisplayName("rule 10: sessions that hold leases are renewed at two thirds")
  void renewsWhatWasMinted() {
    try (DoubleNode node = new DoubleNode(folder)) {
      node.store.sessions().leaseTtl(Duration.ofSeconds(3));
      PodMount pod = node.pod("prod", "p", "orders", MINT);
      assertThat(node.mount(pod).isOk()).isTrue();

      DoubleNode.await(
          () -> {
            assertThat(node.store.sessions().leases()).hasSize(1);
            return node.store.log().counts().renewals() == 3;
          });

      assertThat(node.mount(pod).files().get("m")).startsWith("m under l-1");
      assertThat(mints(node)).isEqualTo(1);
    }
  }

  @Test
  @DisplayName("rule 5: what was minted is replaced before it ends")
  void replacesWhatCanNotBeRenewedBeforeItEnds() {
    try (DoubleNode node = new DoubleNode(folder)) {
      node.store.sessions().leaseTtl(Duration.ofSeconds(3));
      node.store.sessions().renewable(false);
      PodMount pod = node.pod("prod", "p", "orders", MINT);
      long began = System.nanoTime();

      while (System.nanoTime() - began < Duration.ofSeconds(6).toNanos()) {
        Ended ended = node.mount(pod);
        String lease = ended.files().getOrDefault("m", "").replaceAll("m under (l-\\d+):.*", "$1");
        assertThat(node.store.sessions().leases()).anyMatch(held -> held.id().equals(lease));
      }

      assertThat(mints(node)).isBetween(3L, 4L);
    }
  }

  @Test
  @DisplayName("rule 1: an answer that was made for the asker is not shared, whatever was proven")
  void givesOfEachReplicaItsOwn() {
    try (DoubleNode node = new DoubleNode(folder)) {
      List<PodMount> pods =
          IntStream.range(0, 6).mapToObj(i -> node.pod("prod", "p-" + i, "sa", MINT)).toList();

      List<Ended> ended = node.mountAll(pods);

      assertThat(ended.stream().map(Ended::files).distinct()).hasSize(6);
      assertThat(mints(node)).isEqualTo(6);
    }
  }

  private static long mints(DoubleNode node) {
    return node.store.log().counts().mints();
  }
}
