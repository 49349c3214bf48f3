package io.keybearer.e2e.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import io.keybearer.e2e.client.DoubleNode.Ended;
import io.keybearer.e2e.store.StoreCall.Kind;
import io.keybearer.e2e.store.StoreFault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The end of the process while stores are being read. */
class StopWhileReadingTest {

  private static final String ONE = "- name: db/password";

  @TempDir Path folder;

  @Test
  void answersEveryCallWithAFinalStatusWhenItIsStopped() {
    try (DoubleNode node = new DoubleNode(folder, "--drain-timeout=1s")) {
      node.store.secrets().put("db/password", "value");
      node.store.faults().plant(call -> call.kind() == Kind.READ, StoreFault.hang());
      List<CompletableFuture<Ended>> calls =
          IntStream.range(0, 20)
              .mapToObj(i -> node.mountAside(node.pod("prod", "p-" + i, "sa-" + i, ONE)))
              .toList();
      DoubleNode.await(() -> node.store.log().counts().reads() == 20);

      node.process.terminate();

      for (CompletableFuture<Ended> call : calls) {
        assertThat(call.join().status().getCode()).isEqualTo(Status.Code.INTERNAL);
      }
      assertThat(node.process.exitCode()).isEqualTo(143);
    }
  }

  @Test
  void finishesTheReadsThatItCanWhenItIsStopped() {
    try (DoubleNode node = new DoubleNode(folder)) {
      node.store.secrets().put("db/password", "value");
      node.store
          .faults()
          .plant(call -> call.kind() == Kind.READ, StoreFault.latency(Duration.ofSeconds(2)));
      List<CompletableFuture<Ended>> calls =
          IntStream.range(0, 20)
              .mapToObj(i -> node.mountAside(node.pod("prod", "p-" + i, "sa-" + i, ONE)))
              .toList();
      DoubleNode.await(() -> node.store.log().counts().reads() == 20);

      node.process.terminate();

      assertThat(calls.stream().map(CompletableFuture::join)).allMatch(Ended::isOk);
      assertThat(node.process.exitCode()).isEqualTo(143);
    }
  }

  @Test
  void answersTheCallsThatWaitForAnotherTry() {
    try (DoubleNode node = new DoubleNode(folder, "--drain-timeout=1s")) {
      node.store
          .faults()
          .plant(
              call -> call.kind() == Kind.READ,
              StoreFault.status(429, Map.of("Retry-After", "60"), "{}"));
      List<CompletableFuture<Ended>> calls =
          IntStream.range(0, 5)
              .mapToObj(i -> node.mountAside(node.pod("prod", "p-" + i, "sa-" + i, ONE)))
              .toList();
      DoubleNode.await(() -> node.store.log().counts().reads() == 5);

      node.process.terminate();

      for (CompletableFuture<Ended> call : calls) {
        assertThat(call.join().status().getCode()).isEqualTo(Status.Code.INTERNAL);
      }
      assertThat(node.process.exitCode()).isEqualTo(143);
    }
  }
}
