package io.keybearer.e2e.driver;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Deadline;
import io.grpc.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Publish and unpublish, first and again. */
final class PublishTest extends NodeTest {
  @Test
  @DisplayName("rule 8: a republish is skipped while the volume is younger than the poll interval")
  void republishIsSkippedWhileYoung() {
    NodeDouble node = rotatingNode();
    Pod pod = start(node);
    provider.answer(Answers.files("password", "rotated"));

    node.clock().advance(POLL.minusMillis(1));
    node.republish();
    assertThat(provider.calls()).hasSize(1);
    assertThat(node.metric("node_publish_total", Map.of("provider", ""))).isEqualTo(1);

    node.clock().advance(Duration.ofMillis(1));
    node.republish();
    assertThat(provider.calls()).hasSize(2);
    assertThat(pod.container().read("secrets", "password")).isEqualTo("rotated");
  }

  @Test
  @DisplayName("rule 8: a rotation makes the volume young again; unchanged content does not")
  void onlyAWriteMakesTheVolumeYoung() {
    NodeDouble node = rotatingNode();
    start(node);
    node.clock().advance(POLL);
    node.republish();
    node.republish();
    assertThat(provider.calls()).as("unchanged: the interval works only once").hasSize(3);

    provider.answer(Answers.files("password", "rotated"));
    node.republish();
    node.clock().advance(POLL.minusMillis(1));
    node.republish();
    assertThat(provider.calls()).as("young after the write").hasSize(4);
  }

  @Test
  @DisplayName("rule 8: a bare directory is skipped as a mounted one is")
  void bareDirectoryIsSkipped() throws IOException {
    NodeDouble node = rotatingNode();
    Path target = Files.createDirectories(node.podsDirectory().resolve("by-hand/mount"));
    Files.setLastModifiedTime(target, FileTime.from(node.clock().instant()));
    assertThat(publish(node, target).isOk()).isTrue();
    assertThat(provider.calls()).isEmpty();
    assertThat(node.mounts().isMounted(target)).isFalse();
  }

  @Test
  @DisplayName(
      "rule 9: a missing target is made with mode 0750, and a tmpfs of mode 1777 is mounted")
  void missingTargetIsMade() throws IOException {
    NodeDouble node = rotatingNode();
    Pod pod = start(node);
    assertThat(node.mounts().isMounted(pod.target("secrets"))).isTrue();
    assertThat(FileTrees.mode(pod.target("secrets"))).isEqualTo(01777);

    provider.fail(Status.ABORTED);
    Pod bare = node.startPod("prod", "b", "sa", SECRETS);
    assertThat(Files.getPosixFilePermissions(bare.target("secrets")))
        .isEqualTo(PosixFilePermissions.fromString("rwxr-x---"));
  }

  @Test
  @DisplayName("rule 9: a mounted target that can not be read is unmounted, and mounted anew")
  void unreadableMountIsMountedAnew() {
    DyingMounts dying = new DyingMounts(VolumesOfTests.open());
    NodeDouble node = node(settings().withRotation(POLL).withVolumes(() -> dying));
    Pod pod = start(node);
    node.clock().advance(POLL);
    dying.die();
    provider.fail(Status.NOT_FOUND.withDescription("gone"));
    node.republish();

    assertThat(lastEvent(pod)).as("a first mount again: not masked").contains("desc = gone");
    assertThat(node.mounts().isMounted(pod.target("secrets"))).isFalse();
  }

  @Test
  @DisplayName("rule 10: with rotation off a mounted volume is answered without the provider")
  void mountedVolumeIsAnsweredWithRotationOff() {
    NodeDouble node = node();
    Pod pod = start(node);
    node.advance(Duration.ofHours(5));
    node.republish();
    assertThat(provider.calls()).hasSize(1);
    assertThat(pod.events()).isEmpty();
  }

  @Test
  @DisplayName(
      "rule 11: a failed first mount is unmounted, and keeps the provider's code and whole text")
  void failedFirstMountIsUnmounted() {
    String text = "zeile eins\nzeile zwei: äöü " + "x".repeat(5000);
    provider.fail(Status.PERMISSION_DENIED.withDescription(text));
    NodeDouble node = rotatingNode();
    Path target = node.podsDirectory().resolve("by-hand/mount");
    Status status = publish(node, target);

    assertThat(status.getCode()).isEqualTo(Status.Code.PERMISSION_DENIED);
    assertThat(status.getDescription())
        .isEqualTo(
            "failed to mount secrets store objects for pod prod/by-hand, err: "
                + "rpc error: code = PermissionDenied desc = "
                + text);
    assertThat(node.mounts().isMounted(target)).isFalse();
    assertThat(target).isEmptyDirectory();
    assertThat(
            node.metric(
                "node_publish_error_total",
                Map.of("provider", "vault", "error_type", "GRPCProviderError")))
        .isEqualTo(1);
  }

  @Test
  @DisplayName("rule 12: a failed re-mount is counted, answered OK, and the files stay")
  void failedRemountIsMasked() {
    NodeDouble node = rotatingNode();
    Pod pod = start(node);
    node.clock().advance(POLL);
    provider.fail(Status.UNAUTHENTICATED);
    node.republish();

    assertThat(pod.events()).isEmpty();
    assertThat(pod.container().read("secrets", "password")).isEqualTo("s3cret");
    Map<String, String> labels =
        Map.of("provider", "vault", "error_type", "GRPCProviderError", "rotated", "true");
    assertThat(node.metric("rotation_reconcile_error_total", labels)).isEqualTo(1);
    assertThat(node.metric("node_publish_error_total", Map.of())).isEqualTo(1);
  }

  @Test
  @DisplayName(
      "rule 12: a re-mount that can not be written, or whose status is refused, is masked too")
  void writeAndStatusFailuresOfARemountAreMasked() {
    NodeDouble node = rotatingNode();
    Pod pod = start(node);
    node.clock().advance(POLL);
    provider.answer(Answers.files("../climbs", "x"));
    node.republish();
    provider.answer(Answers.files("password", "rotated"));
    node.cluster().refuseStatusWrites(true);
    node.republish();

    assertThat(pod.events()).isEmpty();
    assertThat(pod.container().read("secrets", "password")).isEqualTo("rotated");
    assertThat(node.metric("node_publish_error_total", Map.of("error_type", "FileWriteError")))
        .isEqualTo(1);
    assertThat(node.metric("node_publish_error_total", Map.of("error_type", ""))).isEqualTo(1);
  }

  @Test
  @DisplayName("rule 12: a class deleted under a running pod is not masked")
  void deletedClassIsNotMasked() {
    NodeDouble node = rotatingNode();
    Pod pod = start(node);
    node.clock().advance(POLL);
    node.cluster().deleteClass("prod", "orders-db");
    node.republish();
    assertThat(lastEvent(pod)).contains("failed to get secretproviderclass prod/orders-db");
    assertThat(pod.container().read("secrets", "password")).isEqualTo("s3cret");
  }

  @Test
  @DisplayName("rule 13: a good write leaves a status, sorted by id, the last of equal ids")
  void statusIsWritten() {
    provider.answer(
        Answers.versions("b", "1", "a", "7", "b", "2").toBuilder()
            .addFiles(Answers.file("x", 0644, "x"))
            .build());
    NodeDouble node = rotatingNode();
    Pod pod = start(node);
    assertThat(node.cluster().podStatus("prod", "orders-0-prod-orders-db"))
        .contains(
            new SecretProviderClassPodStatus(
                "prod",
                "orders-0-prod-orders-db",
                "orders-0",
                pod.identity().uid(),
                "orders-db",
                pod.target("secrets").toString(),
                "node-1",
                java.util.List.of(new MountedObject("a", "7"), new MountedObject("b", "2"))));

    node.clock().advance(POLL);
    node.republish();
    assertThat(node.cluster().statusWrites()).as("written at every mount").isEqualTo(2);
  }

  @Test
  @DisplayName("rule 13: a status that is refused on a first mount unmounts again")
  void refusedStatusUnmounts() {
    NodeDouble node = node();
    node.cluster().refuseStatusWrites(true);
    Pod pod = start(node);
    assertThat(lastEvent(pod))
        .isEqualTo(
            "MountVolume.SetUp failed for volume \"secrets\" : rpc error: code = Unknown desc ="
                + " failed to create secret provider class pod status for pod prod/orders-0, err:"
                + " etcdserver: request timed out");
    assertThat(node.mounts().isMounted(pod.target("secrets"))).isFalse();

    node.cluster().refuseStatusWrites(false);
    node.advance(Duration.ofMillis(500));
    assertThat(pod.container().read("secrets", "password")).isEqualTo("s3cret");
    assertThat(provider.calls()).hasSize(2);
  }

  @Test
  @DisplayName(
      "rule 14: unpublish asks no provider, and leaves the status to the garbage collector")
  void unpublishAsksNoProvider() {
    NodeDouble node = node();
    Path target = node.podsDirectory().resolve("by-hand/mount");
    assertThat(publish(node, target).isOk()).isTrue();
    assertThat(node.driver().unpublish("v", target.toString()).isOk()).isTrue();

    assertThat(target).doesNotExist();
    assertThat(node.mounts().isMounted(target)).isFalse();
    assertThat(provider.calls()).hasSize(1);
    assertThat(node.cluster().podStatuses()).hasSize(1);
    assertThat(node.driver().unpublish("v", target.toString()).isOk()).as("again").isTrue();
    assertThat(node.driver().unpublish("", "").getDescription())
        .isEqualTo("Volume ID missing in request");
    assertThat(node.metric("node_unpublish_total", Map.of())).isEqualTo(2);
    assertThat(node.metric("node_unpublish_error_total", Map.of())).isEqualTo(1);
  }

  @Test
  @DisplayName("rule 14: a deleted pod takes its directory and its status with it")
  void deletedPodLeavesNothing() {
    NodeDouble node = node();
    Pod pod = start(node);
    node.deletePod(pod);
    assertThat(node.podsDirectory()).isEmptyDirectory();
    assertThat(node.cluster().podStatuses()).isEmpty();
    assertThat(pod.phase()).isEqualTo(Pod.Phase.DELETED);
  }

  private static Status publish(NodeDouble node, Path target) {
    Map<String, String> context =
        Map.of(
            "secretProviderClass", "orders-db",
            "csi.storage.k8s.io/pod.name", "by-hand",
            "csi.storage.k8s.io/pod.namespace", "prod");
    return node.driver()
        .publish(
            new PublishRequest("v", target.toString(), context, Map.of(), true, true),
            Deadline.after(20, TimeUnit.SECONDS));
  }

  /** Mounts that can be made unreadable, as those of a crashed file system are. */
  private static final class DyingMounts implements VolumeMounts {
    private final VolumeMounts real;
    private volatile boolean dead;

    DyingMounts(VolumeMounts real) {
      this.real = real;
    }

    void die() {
      dead = true;
    }

    @Override
    public String kind() {
      return real.kind();
    }

    @Override
    public void mount(Path target) throws IOException {
      real.mount(target);
    }

    @Override
    public void unmount(Path target) throws IOException {
      real.unmount(target);
      dead = false;
    }

    @Override
    public boolean isMounted(Path target) {
      return real.isMounted(target);
    }

    @Override
    public boolean isReadable(Path target) {
      return !dead && real.isReadable(target);
    }

    @Override
    public VolumeView view(Path target) throws IOException {
      return real.view(target);
    }

    @Override
    public void close() {
      real.close();
    }
  }
}
