package io.keybearer.e2e.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.keybearer.e2e.cluster.Waiting;
import io.keybearer.e2e.driver.Pod;
import io.keybearer.e2e.driver.SecretObject;
import io.keybearer.e2e.driver.SecretProviderClassPodStatus;
import io.keybearer.e2e.driver.SyncedSecret;
import io.keybearer.e2e.driver.Volume;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The cases of the driver's own end-to-end suites, for every store that there is. */
@Tag("scenario")
class StoreScenarioTest {

  /** Every republish reads, so that a test need not wait for a minute to pass. */
  private static final String ALWAYS_READ = "--refresh-interval=0s";

  private static final Map<String, String> FILES = Map.of("user", "app-user", "key", "app-key");

  @TempDir Path folder;

  private Scene scene(StoreKind kind) {
    Scene scene = Scene.of(kind, folder, ALWAYS_READ);
    scene.store.put("app-user", "web");
    scene.store.put("app-key", "s3cret");
    return scene;
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("a pod mounts its secrets, its status tells their versions, and unmount leaves none")
  void mountsAndUnmounts(StoreKind kind) {
    try (Scene scene = scene(kind)) {
      scene.apply("app", FILES);

      Pod pod = scene.startPod("web-0", "app");

      assertThat(pod.events()).isEmpty();
      assertThat(pod.container().files("v")).containsExactly("key", "user");
      assertThat(pod.container().read("v", "user")).isEqualTo("web");
      assertThat(pod.container().read("v", "key")).isEqualTo("s3cret");
      assertThat(pod.container().readableByOthers("v", "key")).isTrue();
      SecretProviderClassPodStatus status =
          scene
              .node
              .cluster()
              .podStatus(
                  scene.namespace,
                  SecretProviderClassPodStatus.nameOf("web-0", scene.namespace, "app"))
              .orElseThrow();
      assertThat(status.objects()).hasSize(2).noneMatch(object -> object.version().isEmpty());
      assertThat(scene.node.metric("node_publish_total", Map.of("provider", kind.provider())))
          .isEqualTo(1);

      scene.node.deletePod(pod);
      assertThat(pod.target("v")).doesNotExist();
      assertThat(scene.node.metric("node_unpublish_total", Map.of())).isEqualTo(1);
      assertThat(scene.node.metric("node_unpublish_error_total", Map.of())).isZero();
    }
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("what is rotated reaches the file, the status and the synced Secret")
  void rotates(StoreKind kind) {
    try (Scene scene = scene(kind)) {
      SecretObject object =
          new SecretObject(
              "synced",
              "Opaque",
              Map.of("team", "web"),
              List.of(new SecretObject.Item("key", "password")));
      scene.apply("app", FILES, object);
      Pod pod = scene.startPod("web-0", "app");
      Waiting.until("a synced Secret", () -> password(scene).equals("s3cret"));

      scene.node.republishInTime();
      assertThat(pod.container().read("v", "key")).isEqualTo("s3cret");
      List<?> before = statuses(scene);

      scene.store.put("app-key", "r0tated");
      scene.apply("app", FILES, object);
      scene.node.republishInTime();

      // At once, but for a driver that rotates in its own time.
      Waiting.until("a new file", () -> pod.container().read("v", "key").equals("r0tated"));
      assertThat(pod.container().read("v", "user")).isEqualTo("web");
      Waiting.until("a new status", () -> !before.equals(statuses(scene)));
      Waiting.until("a Secret that followed", () -> password(scene).equals("r0tated"));
      SyncedSecret secret = synced(scene).orElseThrow();
      assertThat(secret.type()).isEqualTo("Opaque");
      assertThat(secret.labels())
          .containsEntry("team", "web")
          .containsEntry("secrets-store.csi.k8s.io/managed", "true");
      Map<String, String> ours = Map.of("provider", kind.provider());
      Waiting.until(
          "both rotations are counted",
          () -> scene.node.metric("rotation_reconcile_total", ours) >= 2);
      assertThat(scene.node.metric("rotation_reconcile_error_total", ours)).isZero();
      assertThat(pod.events()).isEmpty();
    }
  }

  private static List<SecretProviderClassPodStatus> statuses(Scene scene) {
    return List.copyOf(scene.node.cluster().podStatuses());
  }

  private static Optional<SyncedSecret> synced(Scene scene) {
    return scene.node.cluster().syncedSecret(scene.namespace, "synced");
  }

  private static String password(Scene scene) {
    return text(synced(scene), "password");
  }

  private static String text(Optional<SyncedSecret> secret, String key) {
    return secret
        .map(there -> there.data().getOrDefault(key, ByteString.EMPTY).toStringUtf8())
        .orElse("");
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("the Secrets of several classes go with the last pod that mounts them")
  void syncsUntilTheLastPodIsGone(StoreKind kind) {
    try (Scene scene = scene(kind)) {
      for (String name : List.of("user", "key")) {
        scene.apply(
            "app-" + name,
            Map.of(name, "app-" + name),
            new SecretObject(
                "synced-" + name,
                "Opaque",
                Map.of(),
                List.of(new SecretObject.Item(name, "value"))));
      }
      Pod first = startWithBoth(scene, "web-0");
      Pod second = startWithBoth(scene, "web-1");

      assertThat(owned(scene, "synced-user", "app-user")).isEqualTo("web");
      assertThat(owned(scene, "synced-key", "app-key")).isEqualTo("s3cret");

      scene.node.deletePod(first);
      scene.node.republishInTime();
      assertThat(scene.node.cluster().syncedSecret(scene.namespace, "synced-key")).isPresent();

      scene.node.deletePod(second);
      scene.node.republishInTime();
      assertThat(scene.node.cluster().syncedSecret(scene.namespace, "synced-user")).isEmpty();
      assertThat(scene.node.cluster().syncedSecret(scene.namespace, "synced-key")).isEmpty();
    }
  }

  private static Pod startWithBoth(Scene scene, String name) {
    return scene.node.startPod(
        scene.namespace,
        name,
        Scene.ACCOUNT,
        Volume.of("v0", "app-user"),
        Volume.of("v1", "app-key"));
  }

  /** What stands in a Secret that both pods own. */
  private static String owned(Scene scene, String name, String className) {
    Set<String> both =
        Set.of(
            SecretProviderClassPodStatus.nameOf("web-0", scene.namespace, className),
            SecretProviderClassPodStatus.nameOf("web-1", scene.namespace, className));
    Supplier<Optional<SyncedSecret>> secret =
        () -> scene.node.cluster().syncedSecret(scene.namespace, name);
    Waiting.until(
        name + " has two owners",
        () -> secret.get().map(SyncedSecret::owners).filter(both::equals).isPresent());
    return text(secret.get(), "value");
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("a pod with several classes has a volume of each")
  void mountsSeveralClasses(StoreKind kind) {
    try (Scene scene = scene(kind)) {
      scene.apply("app-0", Map.of("user", "app-user"));
      scene.apply("app-1", Map.of("key", "app-key"));
      scene.apply("app-2", Map.of("other", "app-key"));

      Pod pod =
          scene.node.startPod(
              scene.namespace,
              "web-0",
              Scene.ACCOUNT,
              Volume.of("v0", "app-0"),
              Volume.of("v1", "app-1"),
              Volume.of("v2", "app-2"));

      assertThat(pod.events()).isEmpty();
      assertThat(pod.container().read("v0", "user")).isEqualTo("web");
      assertThat(pod.container().read("v1", "key")).isEqualTo("s3cret");
      assertThat(pod.container().files("v2")).containsExactly("other");
      scene.node.republishInTime();
      assertThat(pod.container().read("v2", "other")).isEqualTo("s3cret");
    }
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("a class serves its own namespace alone")
  void servesItsNamespaceAlone(StoreKind kind) {
    try (Scene scene = scene(kind)) {
      scene.apply("app", FILES);
      String other = scene.namespace + "-other";
      scene.store.allow(other, Scene.ACCOUNT);

      Pod pod = scene.node.startPod(other, "web-0", Scene.ACCOUNT, Volume.of("v", "app"));

      assertThat(pod.phase()).isEqualTo(Pod.Phase.PENDING);
      assertThat(Scene.lastEvent(pod))
          .contains("failed to get secretproviderclass " + other + "/app", "not found");
    }
  }

  @ParameterizedTest
  @EnumSource(names = "SEALED", mode = EnumSource.Mode.EXCLUDE)
  @DisplayName("a pod that may not read is told so, and has no volume")
  void refusesWhoMayNot(StoreKind kind) {
    try (Scene scene = scene(kind)) {
      scene.apply("app", FILES);

      Pod pod = scene.node.startPod(scene.namespace, "evil-0", "nobody", Volume.of("v", "app"));

      assertThat(pod.phase()).isEqualTo(Pod.Phase.PENDING);
      assertThat(Scene.lastEvent(pod))
          .contains("failed to mount secrets store objects for pod " + scene.namespace + "/evil-0")
          .containsPattern(
              "code = (PermissionDenied|Unauthenticated|FailedPrecondition) desc = "
                  + kind.provider()
                  + ": ")
          .containsPattern("service account name not authorized|An IAM role must be associated");
      assertThat(pod.target("v")).doesNotExist();
      assertThat(
              scene.node.metric(
                  "node_publish_error_total",
                  Map.of("provider", kind.provider(), "error_type", "GRPCProviderError")))
          .isEqualTo(1);
    }
  }
}
