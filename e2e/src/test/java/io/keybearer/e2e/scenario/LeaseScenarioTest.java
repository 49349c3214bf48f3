package io.keybearer.e2e.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.keybearer.e2e.cluster.Waiting;
import io.keybearer.e2e.driver.Pod;
import io.keybearer.e2e.process.MemoryFolder;
import io.keybearer.provider.fake.Fault;
import io.keybearer.provider.fake.Hold;
import io.keybearer.provider.vault.fake.Call;
import io.keybearer.provider.vault.fake.FakeVault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Vault makes for one pod: made once, kept over restarts, given back with the pod. */
@Tag("scenario")
class LeaseScenarioTest {

  private static final String CREDENTIALS = "/v1/db/creds/app";
  private static final String OBJECTS =
      """
      - {objectName: user, secretPath: db/creds/app, secretKey: username}
      - {objectName: password, secretPath: db/creds/app, secretKey: password}
      """;

  private static final Duration ENDS_NOTICED = Duration.ofMinutes(4);

  @TempDir Path folder;

  private static FakeVault vault(Scene scene) {
    return ((VaultStore) scene.store).server();
  }

  private static Map<String, String> credentials(Scene scene) {
    return ((VaultStore) scene.store).parameters(OBJECTS);
  }

  private static long made(Scene scene) {
    return vault(scene).log().count(Call.to("GET", CREDENTIALS));
  }

  @Test
  @DisplayName("a pod keeps its credential over republishes and a process that was killed")
  void livesLongerThanItsProcess() {
    try (MemoryFolder memory = new MemoryFolder();
        Scene scene = Scene.of(StoreKind.VAULT, folder, memory.flag())) {
      scene.apply(scene.namespace, "db", credentials(scene));
      Pod pod = scene.startPod("web-0", "db");
      assertThat(pod.events()).isEmpty();
      String user = pod.container().read("v", "user");

      scene.node.republishInTime();
      scene.process().kill();
      scene.process(scene.startProcess());
      scene.node.republishInTime();

      assertThat(pod.container().read("v", "user")).isEqualTo(user);
      assertThat(made(scene)).isEqualTo(1);
      assertThat(vault(scene).leases()).isEqualTo(1);
    }
  }

  @Test
  @DisplayName("a Mount that is delivered twice, since its connection was lost, makes one")
  void makesOneThoughTheMountComesTwice() {
    try (MemoryFolder memory = new MemoryFolder();
        Scene scene = Scene.wired(StoreKind.VAULT, folder, memory.flag())) {
      scene.apply(scene.namespace, "db", credentials(scene));
      Hold hold = vault(scene).faults().hold(Call.to("GET", CREDENTIALS));
      CompletableFuture<Void> cut =
          CompletableFuture.runAsync(
              () -> {
                hold.awaitOrFail(1, Duration.ofMinutes(1));
                scene.wire().cut();
                Waiting.until("the driver connects anew", () -> scene.wire().connections() >= 2);
                hold.release();
              });

      Pod pod = scene.startPod("web-0", "db");
      cut.join();

      assertThat(pod.events()).isEmpty();
      assertThat(pod.container().files("v")).containsExactly("password", "user");
      assertThat(made(scene)).isEqualTo(1);
      assertThat(vault(scene).leases()).isEqualTo(1);
    }
  }

  /** Where driver and API server are real: a pod is looked for for two minutes. */
  @Test
  @Tag("driver")
  @DisplayName("what was made for a pod ends with it, though its process was killed meanwhile")
  void orphansNothing() {
    try (MemoryFolder memory = new MemoryFolder();
        Scene scene = Scene.of(StoreKind.VAULT, folder, memory.flag())) {
      scene.apply(scene.namespace, "db", credentials(scene));
      vault(scene).faults().plant(Call.to("GET", CREDENTIALS), 1, Fault.stall());
      CompletableFuture<Void> kill =
          CompletableFuture.runAsync(
              () -> {
                Waiting.until("Vault makes it", () -> vault(scene).leases() == 1);
                scene.process().kill();
                scene.process(scene.startProcess());
              });

      Pod pod = scene.startPod("web-0", "db");
      kill.join();
      scene.node.advance(Duration.ofSeconds(5));

      assertThat(pod.container().files("v")).containsExactly("password", "user");
      assertThat(vault(scene).leases()).isBetween(1, 2);
      scene.process().awaitOutput(0, "ends of pods are noticed");
      scene.node.deletePod(pod);
      Waiting.until("all is revoked", ENDS_NOTICED, () -> vault(scene).leases() == 0);
      Waiting.until("its record is gone", () -> memory.records().isEmpty());
      assertThat(vault(scene).tokens()).isZero();
    }
  }
}
