package io.keybearer.e2e.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import io.keybearer.e2e.client.DoubleNode.Ended;
import io.keybearer.e2e.driver.Node;
import io.keybearer.e2e.driver.Pod;
import io.keybearer.e2e.driver.Volume;
import io.keybearer.e2e.store.StoreCall.Kind;
import io.keybearer.e2e.store.StoreFault;
import io.keybearer.e2e.store.StoreServer;
import io.keybearer.e2e.store.StoreSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The shared reader of the running process while its store is down or hangs. */
class ReaderOutageProcessTest {

  private static final String ONE = "- name: db/password";

  @TempDir Path folder;

  @Test
  @DisplayName("rules 13, 15: a store that is down")
  void tellsOfAStoreThatIsDownAndFindsItAgainWithinOneProbe() {
    try (DoubleNode node = new DoubleNode(folder)) {
      node.store.secrets().put("db/password", "value");
      node.store.down();

      Ended first = node.mount(node.pod("prod", "first", "orders", ONE));
      assertThat(first.status().getCode()).isEqualTo(Status.Code.INTERNAL);
      assertThat(first.text())
          .isEqualTo(
              "double: object \"db/password\": \""
                  + node.store.address()
                  + "\" can't be connected to: the connection is refused; see whether it runs and"
                  + " is reachable from this node; 3 tries");
      node.mount(node.pod("prod", "second", "orders", ONE));
      Ended gated = node.mount(node.pod("prod", "third", "orders", ONE));
      assertThat(gated.took()).isLessThan(Duration.ofSeconds(1));
      assertThat(gated.text()).contains("the connection is refused");

      node.store.up();
      long up = System.nanoTime();
      Ended last = node.mount(node.pod("prod", "last", "orders", ONE));
      while (!last.isOk() && System.nanoTime() - up < Duration.ofSeconds(20).toNanos()) {
        last = node.mount(node.pod("prod", "last", "orders", ONE));
      }

      assertThat(last.files()).containsEntry("db/password", "value");
      assertThat(Duration.ofNanos(System.nanoTime() - up)).isLessThan(Duration.ofMillis(1_500));
    }
  }

  @Test
  @DisplayName("rules 13, 15: a store that does not answer to connecting")
  void tellsOfAStoreThatIsSilentAndFindsItAgain() {
    try (DoubleNode node = new DoubleNode(folder)) {
      node.store.secrets().put("db/password", "value");
      node.store.silent();

      Ended first = node.mount(node.pod("prod", "first", "orders", ONE));
      assertThat(first.text()).contains("can't be connected to in time");
      assertThat(first.took()).isLessThan(Duration.ofSeconds(14));
      CompletableFuture<Ended> probe = node.mountAside(node.pod("prod", "second", "orders", ONE));
      assertThat(probe.join().took()).isLessThan(Duration.ofSeconds(5));

      node.store.up();
      long up = System.nanoTime();
      DoubleNode.await(() -> node.mount(node.pod("prod", "last", "orders", ONE)).isOk());
      assertThat(Duration.ofNanos(System.nanoTime() - up)).isLessThan(Duration.ofSeconds(2));
    }
  }

  @Test
  @DisplayName("rule 16: staleIfError")
  void givesTheOldFilesWhileTheStoreIsDownAndSaysSo() {
    try (DoubleNode node = new DoubleNode(folder);
        Node driver = node.driver()) {
      node.store.secrets().put("db/password", "old");
      Map<String, String> parameters = node.parameters(ONE);
      parameters.put("refreshInterval", "0");
      parameters.put("staleIfError", "4h");
      driver.cluster().apply(node.spc("prod", "db", parameters));
      Pod pod = driver.startPod("prod", "orders-0", "orders", Volume.of("v", "db"));
      int written = node.process.output().length();
      node.store.down();

      driver.advance(DoubleNode.POLL);
      driver.republish();
      Pod late = driver.startPod("prod", "orders-1", "orders", Volume.of("v", "db"));

      assertThat(pod.container().read("v", "db/password")).isEqualTo("old");
      assertThat(late.container().read("v", "db/password")).isEqualTo("old");
      assertThat(pod.events()).isEmpty();
      assertThat(node.process.awaitOutput(written, "STALE")).contains("outcome=OK");

      node.store.secrets().put("db/password", "new");
      node.store.up();
      DoubleNode.await(
          () -> {
            driver.advance(DoubleNode.POLL);
            driver.republish();
            return pod.container().read("v", "db/password").equals("new");
          });
    }
  }

  @Test
  @DisplayName("rules 12, 16: a store that hangs is given up in time for its old value")
  void givesTheOldFilesInTimeWhileTheStoreHangs() {
    try (DoubleNode node = new DoubleNode(folder)) {
      node.store.secrets().put("db/password", "value");
      PodMount pod =
          node.pod("prod", "p", "orders", ONE)
              .with("refreshInterval", "0")
              .with("staleIfError", "1h");
      assertThat(node.mount(pod).isOk()).isTrue();
      node.store.faults().plant(call -> call.kind() == Kind.READ, StoreFault.hang());

      Ended stale = node.mountAside(pod, Duration.ofSeconds(4)).join();
      Ended none = node.mountAside(pod.with("staleIfError", "0"), Duration.ofSeconds(4)).join();

      assertThat(stale.files()).containsEntry("db/password", "value");
      assertThat(none.status().getCode()).isEqualTo(Status.Code.INTERNAL);
      assertThat(none.text()).contains("gave no answer in");
    }
  }

  @Test
  @DisplayName("rule 16: a denial deletes what an outage would have revived")
  void revivesNothingThatWasDenied() {
    try (DoubleNode node = new DoubleNode(folder)) {
      node.store.secrets().put("db/password", "old");
      PodMount pod =
          node.pod("prod", "p", "orders", ONE)
              .with("refreshInterval", "0")
              .with("staleIfError", "4h");
      assertThat(node.mount(pod).isOk()).isTrue();
      node.store.secrets().deny("prod/orders/p", "db/password");
      assertThat(node.mount(pod).status().getCode()).isEqualTo(Status.Code.PERMISSION_DENIED);
      node.store.down();

      Ended ended = node.mount(pod.with("more", "1"));

      assertThat(ended.status().getCode()).isEqualTo(Status.Code.INTERNAL);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 10})
  @DisplayName("rule 17: a store that hangs delays nobody who reads from another")
  void delaysNoOtherNamespaceByAStoreThatHangs(int namespaces) {
    try (DoubleNode node = new DoubleNode(folder);
        StoreServer healthy = new StoreServer(StoreSettings.cleartext())) {
      healthy.secrets().put("db/password", "value");
      node.store.secrets().put("db/password", "late");
      node.store.faults().plant(call -> call.kind() == Kind.READ, StoreFault.hang());
      List<CompletableFuture<Ended>> hanging =
          IntStream.range(0, 120)
              .mapToObj(
                  i ->
                      node.mountAside(node.pod("slow-" + i % namespaces, "p-" + i, "sa-" + i, ONE)))
              .toList();
      DoubleNode.await(() -> node.store.log().counts().reads() >= 20);

      for (int i = 0; i < 30; i++) {
        Ended ended =
            node.mount(
                new PodMount("fast-" + i % 3, "p-" + i, "sa", DoubleNode.parameters(healthy, ONE)));
        assertThat(ended.files()).containsEntry("db/password", "value");
        assertThat(ended.took()).isLessThan(Duration.ofSeconds(1));
      }

      assertThat(hanging).noneMatch(CompletableFuture::isDone);
      node.store.faults().clear();
      assertThat(hanging.stream().map(CompletableFuture::join)).allMatch(Ended::isOk);
    }
  }

  @Test
  @DisplayName("rule 15: another's wrong certificate is not theirs")
  void closesTheGateForNoOtherWayToConnect() {
    try (DoubleNode node = new DoubleNode(folder);
        StoreServer trusted = new StoreServer(StoreSettings.overTls());
        StoreServer other = new StoreServer(StoreSettings.overTls())) {
      trusted.secrets().put("db/password", "value");
      PodMount good =
          new PodMount("prod", "good", "sa", DoubleNode.parameters(trusted, ONE))
              .with("caFile", trusted.certificateAuthority().orElseThrow().toString());
      String otherFile = other.certificateAuthority().orElseThrow().toString();
      for (int i = 0; i < 5; i++) {
        PodMount bad = new PodMount("prod", "bad-" + i, "sa", good.parameters());
        assertThat(node.mount(bad.with("caFile", otherFile)).text())
            .contains("its certificate is not trusted");
      }

      assertThat(node.mount(good).files()).containsEntry("db/password", "value");
    }
  }

  @Test
  @DisplayName("rule 16: nothing old where the pod's token is missing or expired")
  void givesNothingOldToAPodThatCouldNotLogIn() {
    try (DoubleNode node = new DoubleNode(folder)) {
      node.store.secrets().put("db/password", "old");
      PodMount pod =
          node.pod("prod", "p", "orders", ONE)
              .with("refreshInterval", "0")
              .with("staleIfError", "4h");
      assertThat(node.mount(pod).isOk()).isTrue();
      node.store.down();

      assertThat(node.mount(pod).files()).containsEntry("db/password", "old");
      assertThat(node.mount(pod.withTokenUntil(Instant.EPOCH)).isOk()).isFalse();
      assertThat(node.mount(pod.withoutToken()).isOk()).isFalse();
      assertThat(node.mount(pod).files()).containsEntry("db/password", "old");
    }
  }
}
