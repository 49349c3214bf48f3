package io.keybearer.e2e.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import io.keybearer.e2e.client.DoubleNode.Ended;
import io.keybearer.e2e.store.StoreCall;
import io.keybearer.e2e.store.StoreCall.Kind;
import io.keybearer.e2e.store.StoreFault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The shared reader of the running process while its store refuses, throttles or fails. */
class ReaderRefusalProcessTest {

  private static final String ONE = "- name: db/password";

  @TempDir Path folder;

  @Test
  @DisplayName("rule 13: 429 with Retry-After may use the budget")
  void leavesAStoreAloneAsLongAsItWants() {
    try (DoubleNode node = new DoubleNode(folder)) {
      node.store.secrets().put("db/password", "value");
      node.store
          .faults()
          .plant(
              1,
              call -> call.kind() == Kind.READ,
              StoreFault.status(429, Map.of("Retry-After", "2"), "{}"));

      Ended first = node.mount(node.pod("prod", "first", "orders", ONE));

      List<Long> reads =
          node.store.log().calls().stream()
              .filter(call -> call.kind() == Kind.READ)
              .map(StoreCall::nanos)
              .toList();
      assertThat(first.files()).containsEntry("db/password", "value");
      assertThat(reads).hasSize(2);
      assertThat(Duration.ofNanos(reads.get(1) - reads.get(0)))
          .isBetween(Duration.ofMillis(1_990), Duration.ofSeconds(5));
    }
  }

  @Test
  @DisplayName("rule 15: Retry-After holds for the whole session and for no other")
  void keepsWhoWasThrottledFromAskingAnythingElse() {
    try (DoubleNode node = new DoubleNode(folder)) {
      node.store.secrets().put("a", "1");
      node.store.secrets().put("b", "2");
      node.mount(node.pod("prod", "zero", "orders", "- name: b"));
      StoreFault busy = StoreFault.status(429, Map.of("Retry-After", "3"), "{}");
      node.store.faults().plant(1, call -> call.path().equals("a"), busy);
      CompletableFuture<Ended> throttled =
          node.mountAside(node.pod("prod", "one", "orders", "- name: a"));
      DoubleNode.await(() -> node.store.log().countsAt("a").reads() == 1);

      Ended other = node.mount(node.pod("prod", "two", "billing", "- name: a"));
      Ended same =
          node.mount(node.pod("prod", "three", "orders", "- {name: c, path: b, version: 1}"));

      assertThat(other.took()).isLessThan(Duration.ofMillis(1_500));
      assertThat(same.isOk()).isTrue();
      assertThat(same.took()).isGreaterThan(Duration.ofSeconds(1));
      assertThat(throttled.join().isOk()).isTrue();
    }
  }

  @Test
  @DisplayName("rule 10: a session that the store ended")
  void logsInAgainWhereASessionWasRevoked() {
    try (DoubleNode node = new DoubleNode(folder)) {
      node.store.secrets().put("db/password", "value");
      PodMount pod = node.pod("prod", "first", "orders", ONE).with("refreshInterval", "0");
      assertThat(node.mount(pod).isOk()).isTrue();
      node.store.sessions().revokeAll();

      assertThat(node.mount(pod).files()).containsEntry("db/password", "value");

      assertThat(node.store.log().counts().logins()).isEqualTo(2);
      assertThat(node.store.log().counts().reads()).isEqualTo(3);
    }
  }

  @Test
  @DisplayName("rule 10: a dead pod's token fails nobody else")
  void failsNoSiblingOfAPodWhoseTokenIsRefused() {
    try (DoubleNode node = new DoubleNode(folder)) {
      node.store.secrets().put("db/password", "value");
      node.store.sessions().refuse("app", "prod/orders/dead");
      node.store.faults().baseLatency(Duration.ofMillis(300));
      CompletableFuture<Ended> dead = node.mountAside(node.pod("prod", "dead", "orders", ONE));
      DoubleNode.await(() -> node.store.log().counts().logins() == 1);

      List<Ended> others =
          node.mountAll(
              IntStream.range(0, 5)
                  .mapToObj(i -> node.pod("prod", "p-" + i, "orders", ONE))
                  .toList());

      assertThat(dead.join().status().getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
      assertThat(others).allMatch(Ended::isOk);
      assertThat(node.store.log().counts().logins()).isEqualTo(2);
      assertThat(node.store.log().counts().reads()).isEqualTo(1);
    }
  }

  @Test
  @DisplayName("rule 14: a pod that is refused does not hammer the store")
  void remembersRefusals() {
    try (DoubleNode node = new DoubleNode(folder)) {
      node.store.secrets().put("db/password", "value");
      node.store.secrets().deny("prod/orders/p", "db/password");
      node.store.sessions().refuse("app", "prod/billing/q");
      long began = System.nanoTime();

      while (System.nanoTime() - began < Duration.ofMillis(2_500).toNanos()) {
        assertThat(node.mount(node.pod("prod", "p", "orders", ONE)).status().getCode())
            .isEqualTo(Status.Code.PERMISSION_DENIED);
        assertThat(node.mount(node.pod("prod", "q", "billing", ONE)).status().getCode())
            .isEqualTo(Status.Code.UNAUTHENTICATED);
      }

      assertThat(node.store.log().counts().reads()).isBetween(1L, 2L);
      assertThat(node.store.log().countsOf("prod/billing/q").logins()).isBetween(1L, 2L);
    }
  }

  @Test
  @DisplayName("rule 13: 5xx, resets and broken answers are tried three times")
  void triesAgainWhatAStoreFailedToAnswer() {
    try (DoubleNode node = new DoubleNode(folder)) {
      node.store.secrets().put("db/password", "value");
      int number = 0;
      for (StoreFault fault :
          List.of(
              StoreFault.status(500, Map.of(), "{}"),
              StoreFault.reset(),
              StoreFault.truncated(),
              StoreFault.junk())) {
        PodMount pod = node.pod("prod", "p", "sa-" + number++, ONE);
        node.store.log().clear();
        node.store.faults().plant(2, call -> call.kind() == Kind.READ, fault);
        assertThat(node.mount(pod).files()).containsEntry("db/password", "value");
        assertThat(node.store.log().counts().reads()).isEqualTo(3);

        node.store.faults().plant(call -> call.kind() == Kind.READ, fault);
        Ended ended = node.mount(pod.with("more", "1").with("shareReads", "false"));
        assertThat(ended.text()).endsWith("; 3 tries");
        assertThat(node.store.log().counts().reads()).isEqualTo(6);
        node.store.faults().clear();
      }
    }
  }

  @Test
  @DisplayName("rule 13: a Retry-After beyond the budget")
  void answersAtOnceWhereAStoreWantsToBeLeftAloneForLong() {
    try (DoubleNode node = new DoubleNode(folder)) {
      node.store.secrets().put("db/password", "value");
      node.store
          .faults()
          .plant(
              call -> call.kind() == Kind.READ,
              StoreFault.status(503, Map.of("Retry-After", "600"), "{}"));

      for (int i = 0; i < 3; i++) {
        Ended ended = node.mount(node.pod("prod", "p-" + i, "orders", ONE));
        assertThat(ended.text()).contains("answers 503");
        assertThat(ended.took()).isLessThan(Duration.ofSeconds(1));
      }

      assertThat(node.store.log().counts().reads()).isEqualTo(1);
    }
  }

  @Test
  @DisplayName("rule 15: HTTP statuses never close the gate")
  void keepsAskingAStoreThatAnswersWithFailures() {
    try (DoubleNode node = new DoubleNode(folder)) {
      node.store.secrets().put("db/password", "value");
      node.store
          .faults()
          .plant(
              call -> call.identity().startsWith("prod/bad/"),
              StoreFault.status(500, Map.of(), "{}"));
      for (int i = 0; i < 5; i++) {
        assertThat(node.mount(node.pod("prod", "b-" + i, "bad", ONE)).isOk()).isFalse();
      }

      assertThat(node.mount(node.pod("prod", "g", "good", ONE)).isOk()).isTrue();
    }
  }

  @Test
  @DisplayName("rule 10: many who wait for a read that the store refuses log in once")
  void logsInOnceForAllWhoMetARevokedSession() {
    try (DoubleNode node = new DoubleNode(folder)) {
      node.store.secrets().put("db/password", "value");
      List<PodMount> pods =
          IntStream.range(0, 6)
              .mapToObj(i -> node.pod("prod", "p-" + i, "orders", ONE).with("refreshInterval", "0"))
              .toList();
      assertThat(node.mountAll(pods)).allMatch(Ended::isOk);
      node.store.log().clear();
      node.store.sessions().revokeAll();
      node.store.faults().baseLatency(Duration.ofMillis(300));

      assertThat(node.mountAll(pods)).allMatch(Ended::isOk);

      assertThat(node.store.log().counts().logins()).isEqualTo(1);
      assertThat(node.store.log().counts().reads()).isEqualTo(2);
    }
  }
}
