package io.keybearer.e2e.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.keybearer.e2e.cluster.Waiting;
import io.keybearer.e2e.driver.Pod;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A store that fails in every way. With driver 1.6.0 a failure that is not final starts the pod
 * with an empty volume at the next try: none of ours may.
 */
@Tag("scenario")
class OutageScenarioTest {

  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final Duration STEP = Duration.ofSeconds(1);

  /** So that a store that hangs costs a test seconds. */
  private static final Duration KUBELET = Duration.ofSeconds(6);

  @TempDir Path folder;

  static Stream<Arguments> outages() {
    return Stream.of(StoreKind.VAULT, StoreKind.AWS)
        .flatMap(kind -> Arrays.stream(Outage.values()).map(how -> Arguments.of(kind, how)));
  }

  @ParameterizedTest
  @MethodSource("outages")
  @DisplayName("pods that run keep their files; those that start fail, and have them afterwards")
  void neverStartsAPodWithAnEmptyVolume(StoreKind kind, Outage how) throws Exception {
    try (Scene scene = Scene.of(kind, folder, KUBELET, "--refresh-interval=0s")) {
      scene.store.put("app-key", "s3cret");
      scene.apply("app", Map.of("key", "app-key"));
      // Nobody has read it yet: what was read a moment ago would serve this mount too.
      scene.store.put("late-key", "l4te");
      scene.apply("late", Map.of("key", "late-key"));
      Pod running = scene.startPod("web-0", "app");
      assertThat(running.events()).isEmpty();
      scene.store.fails(how);

      scene.node.republishInTime();
      Pod starting = scene.startPod("web-1", "late");

      Waiting.until(
          "the driver counts a failed rotation",
          () -> scene.node.metric("rotation_reconcile_error_total", Map.of()) > 0);
      assertThat(running.container().read("v", "key")).isEqualTo("s3cret");
      assertThat(starting.phase()).isEqualTo(Pod.Phase.PENDING);
      assertThat(Scene.lastEvent(starting))
          .contains("err: rpc error: code = ")
          .doesNotContainPattern(
              "code = (Canceled|DeadlineExceeded|Unavailable|ResourceExhausted|Aborted)");
      assertThat(starting.target("v")).doesNotExist();

      scene.store.recovers();
      tryUntilItRuns(scene, starting);
      assertThat(starting.container().files("v")).containsExactly("key");
      assertThat(starting.container().read("v", "key")).isEqualTo("l4te");
    }
  }

  /** It is a moment before an address that failed is tried again. */
  private static void tryUntilItRuns(Scene scene, Pod pod) throws InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (pod.phase() == Pod.Phase.PENDING && System.nanoTime() - end < 0) {
      scene.node.advance(STEP);
      TimeUnit.MILLISECONDS.sleep(100);
    }
  }
}
