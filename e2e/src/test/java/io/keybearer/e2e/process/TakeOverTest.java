package io.keybearer.e2e.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.keybearer.e2e.driver.PodEvent;
import io.keybearer.e2e.driver.PodSpec;
import io.keybearer.e2e.driver.Volume;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process in place of another one; what goes on meanwhile is the scenarios' matter. */
class TakeOverTest {

  private static final int PODS = 12;

  @TempDir Path folder;

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

      assertNoFailure(sealed);
      sealed.process().terminate();
      assertThat(sealed.process().exitCode()).isEqualTo(143);
      try (var files = Files.list(sealed.socketDir)) {
        assertThat(files).isEmpty();
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
      assertNoFailure(sealed);
    }
  }

  private static void startPods(SealedNode sealed) {
    sealed.apply("prod", "db", sealed.objects("prod", "db").file("f", "value").parameters());
    sealed.node.startPods(
        IntStream.range(0, PODS)
            .mapToObj(i -> new PodSpec("prod", "pod-" + i, "sa", List.of(Volume.of("v", "db"))))
            .toList());
    assertNoFailure(sealed);
  }

  private static void assertNoFailure(SealedNode sealed) {
    assertThat(sealed.node.cluster().podStatuses()).hasSize(PODS);
    List<PodEvent> events =
        IntStream.range(0, PODS)
            .boxed()
            .flatMap(i -> sealed.node.cluster().events("prod", "pod-" + i).stream())
            .toList();
    assertThat(events).isEmpty();
    assertThat(sealed.node.metric("rotation_reconcile_error_total", java.util.Map.of())).isZero();
  }
}
