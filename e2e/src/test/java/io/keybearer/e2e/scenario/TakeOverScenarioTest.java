package io.keybearer.e2e.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.keybearer.e2e.driver.Pod;
import io.keybearer.e2e.driver.PodSpec;
import io.keybearer.e2e.driver.Volume;
import io.keybearer.e2e.process.KeybearerProcess;
import io.keybearer.provider.fake.Hold;
import io.keybearer.provider.vault.fake.Call;
import io.keybearer.provider.vault.fake.FakeVault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A process is replaced by another one, in its time or at once. */
@Tag("scenario")
class TakeOverScenarioTest {

  private static final int PODS = 8;
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(names = {"SEALED", "VAULT"})
  @DisplayName("an upgrade under load fails no call: surge, rename, drain")
  void failsNoCallDuringAnUpgrade(StoreKind kind) {
    try (Scene scene = Scene.of(kind, folder, "--refresh-interval=0s")) {
      List<Pod> pods = startPods(scene);
      CompletableFuture<Void> upgrade =
          CompletableFuture.runAsync(
              () -> {
                for (int i = 0; i < 2; i++) {
                  KeybearerProcess old = scene.process();
                  scene.process(scene.startProcess());
                  old.terminate();
                  assertThat(old.exitCode()).isEqualTo(143);
                }
              });
      int rounds = 0;
      while (!upgrade.isDone()) {
        scene.node.republishInTime();
        pods.add(scene.startPod("during-" + rounds++, "app"));
      }
      upgrade.join();
      scene.node.republishInTime();

      assertThat(rounds).isPositive();
      assertThat(pods).allSatisfy(TakeOverScenarioTest::assertRuns);
      assertThat(pods).allSatisfy(pod -> assertThat(pod.events()).isEmpty());
      assertThat(scene.node.metric("rotation_reconcile_error_total", Map.of())).isZero();
    }
  }

  @Test
  @DisplayName("a process that is killed in the middle of calls costs no pod its files")
  void survivesAKillInTheMiddleOfCalls() {
    try (Scene scene = Scene.of(StoreKind.VAULT, folder)) {
      FakeVault vault = ((VaultStore) scene.store).server();
      Hold hold = vault.faults().hold(Call.to("POST", "/v1/auth/kubernetes/login"));
      CompletableFuture<Void> restart =
          CompletableFuture.runAsync(
              () -> {
                hold.awaitOrFail(1, PATIENCE);
                scene.process().kill();
                hold.release();
                scene.process(scene.startProcess());
              });

      List<Pod> pods = startPods(scene);
      restart.join();
      scene.node.advance(Duration.ofSeconds(5));

      assertThat(pods).allSatisfy(TakeOverScenarioTest::assertRuns);
    }
  }

  private static List<Pod> startPods(Scene scene) {
    scene.store.put("app-key", "s3cret");
    scene.apply("app", Map.of("key", "app-key"));
    List<PodSpec> specs = new ArrayList<>();
    for (int i = 0; i < PODS; i++) {
      specs.add(
          new PodSpec(scene.namespace, "web-" + i, Scene.ACCOUNT, List.of(Volume.of("v", "app"))));
    }
    return new ArrayList<>(scene.node.startPods(specs));
  }

  private static void assertRuns(Pod pod) {
    assertThat(pod.container().read("v", "key")).isEqualTo("s3cret");
  }
}
