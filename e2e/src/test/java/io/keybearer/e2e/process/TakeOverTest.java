package io.keybearer.e2e.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.keybearer.e2e.driver.Pod;
import io.keybearer.e2e.driver.PodEvent;
import io.keybearer.e2e.driver.PodSpec;
import io.keybearer.e2e.driver.Volume;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TakeOverTest {

  private static final int PODS = 12;

  @TempDir Path folder;

  @Test
  void failsNoCallWhileANewProcessTakesTheSocketsOver() {
    try (SealedNode sealed = new SealedNode(folder)) {
      startPods(sealed);
      AtomicBoolean upgraded = new AtomicBoolean();
      CompletableFuture<KeybearerProcess> upgrade =
          CompletableFuture.supplyAsync(
              () -> {
                KeybearerProcess old = sealed.process();
                for (int i = 0; i < 2; i++) {
                  KeybearerProcess next = KeybearerProcess.serve(sealed.socketDir, sealed.keyDir);
                  old.terminate();
                  assertThat(old.exitCode()).isEqualTo(143);
                  old = next;
                }
                upgraded.set(true);
                return old;
              });

      int rounds = 0;
      while (!upgraded.get() && !upgrade.isDone()) {
        sealed.republish();
        startPod(sealed, "during-" + rounds++);
      }
      sealed.process(upgrade.join());
      sealed.republish();

      assertThat(rounds).isPositive();
      assertNoFailure(sealed, rounds);
    }
  }

  @Test
  void servesAgainAfterItWasKilledAndLeavesNothingBehindWhenItEnds() throws IOException {
    try (SealedNode sealed = new SealedNode(folder)) {
      startPods(sealed);
      sealed.process().kill();
      assertThat(sealed.socketDir.resolve("sealed.sock")).exists();

      CompletableFuture<Void> restart =
          CompletableFuture.runAsync(
              () -> sealed.process(KeybearerProcess.serve(sealed.socketDir, sealed.keyDir)));
      sealed.republish();
      restart.join();
      sealed.republish();

      assertNoFailure(sealed, 0);
      sealed.process().terminate();
      assertThat(sealed.process().exitCode()).isEqualTo(143);
      try (var files = Files.list(sealed.socketDir)) {
        assertThat(files).isEmpty();
      }
    }
  }

  @Test
  void survivesAProcessThatIsKilledInTheMiddleOfCalls() {
    try (SealedNode sealed = new SealedNode(folder)) {
      List<PodSpec> pods = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        // Never opened before: each costs an RSA operation.
        String name = "spc-" + i;
        sealed.apply("prod", name, sealed.objects("prod", name).file("f", "v" + i).parameters());
        pods.add(new PodSpec("prod", "pod-" + i, "sa", List.of(Volume.of("v", name))));
      }
      CompletableFuture<Void> restart =
          CompletableFuture.runAsync(
              () -> {
                sealed.process().kill();
                sealed.process(KeybearerProcess.serve(sealed.socketDir, sealed.keyDir));
              });

      List<Pod> started = sealed.node.startPods(pods);
      restart.join();
      sealed.node.advance(Duration.ofMinutes(5));

      for (int i = 0; i < started.size(); i++) {
        assertThat(started.get(i).container().read("v", "f")).isEqualTo("v" + i);
      }
    }
  }

  @Test
  void keepsTheSocketOfWhoTookOver() {
    try (SealedNode sealed = new SealedNode(folder)) {
      KeybearerProcess old = sealed.process();
      sealed.process(KeybearerProcess.serve(sealed.socketDir, sealed.keyDir));

      old.close();

      startPods(sealed);
      assertNoFailure(sealed, 0);
    }
  }

  private static void startPods(SealedNode sealed) {
    sealed.apply("prod", "db", sealed.objects("prod", "db").file("f", "value").parameters());
    sealed.node.startPods(
        IntStream.range(0, PODS)
            .mapToObj(i -> new PodSpec("prod", "pod-" + i, "sa", List.of(Volume.of("v", "db"))))
            .toList());
    assertNoFailure(sealed, 0);
  }

  private static void startPod(SealedNode sealed, String name) {
    Pod pod = sealed.node.startPod("prod", name, "sa", Volume.of("v", "db"));
    assertThat(pod.events()).isEmpty();
    assertThat(pod.container().read("v", "f")).isEqualTo("value");
  }

  private static void assertNoFailure(SealedNode sealed, int more) {
    assertThat(sealed.node.cluster().podStatuses()).hasSize(PODS + more);
    List<PodEvent> events =
        IntStream.range(0, PODS)
            .boxed()
            .flatMap(i -> sealed.node.cluster().events("prod", "pod-" + i).stream())
            .toList();
    assertThat(events).isEmpty();
    assertThat(sealed.node.metrics().total("rotation_reconcile_error_total", java.util.Map.of()))
        .isZero();
  }
}
