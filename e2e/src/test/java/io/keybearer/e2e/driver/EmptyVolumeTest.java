package io.keybearer.e2e.driver;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.keybearer.proto.File;
import io.keybearer.proto.MountResponse;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The most dangerous corner of driver 1.6.0: what a provider's status does to a pod's first mount.
 */
final class EmptyVolumeTest extends NodeTest {
  @ParameterizedTest
  @EnumSource(
      value = Status.Code.class,
      names = {"CANCELLED", "DEADLINE_EXCEEDED", "UNAVAILABLE", "RESOURCE_EXHAUSTED", "ABORTED"})
  @DisplayName("rules 8, 11, 19, 22: a code that is not final starts the pod with an empty volume")
  void codeThatIsNotFinalStartsThePodWithAnEmptyVolume(Status.Code code) {
    provider.fail(code.toStatus().withDescription("the store is away"));
    NodeDouble node = rotatingNode();
    Pod pod = start(node);

    assertThat(pod.phase()).isEqualTo(Pod.Phase.PENDING);
    assertThat(lastEvent(pod)).isEqualTo(eventText(code));
    assertThat(pod.target("secrets")).isEmptyDirectory();
    assertThat(node.mounts().isMounted(pod.target("secrets"))).isFalse();

    int calls = provider.calls().size();
    provider.answer(Answers.files("password", "s3cret"));
    node.advance(Duration.ofMillis(500));

    assertThat(pod.phase()).isEqualTo(Pod.Phase.RUNNING);
    assertThat(pod.container().files("secrets")).isEmpty();
    assertThat(node.mounts().isMounted(pod.target("secrets"))).isFalse();
    assertThat(provider.calls()).hasSize(calls);
  }

  @Test
  @DisplayName(
      "rule 22: a volume mounted after the container's start is seen by the next container")
  void volumeMountedTooLateIsSeenByTheNextContainerOnly() {
    provider.fail(Status.ABORTED);
    NodeDouble node = rotatingNode();
    Pod pod = start(node);
    provider.answer(Answers.files("password", "s3cret"));
    node.advance(Duration.ofSeconds(1));
    node.advance(Duration.ofMinutes(4));

    assertThat(node.mounts().isMounted(pod.target("secrets"))).isTrue();
    assertThat(pod.target("secrets").resolve("password")).hasContent("s3cret");
    assertThat(pod.container().files("secrets")).isEmpty();

    node.restartContainer(pod);
    assertThat(pod.container().read("secrets", "password")).isEqualTo("s3cret");
  }

  @ParameterizedTest
  @EnumSource(
      value = Status.Code.class,
      mode = EnumSource.Mode.EXCLUDE,
      names = {
        "OK",
        "CANCELLED",
        "DEADLINE_EXCEEDED",
        "UNAVAILABLE",
        "RESOURCE_EXHAUSTED",
        "ABORTED"
      })
  @DisplayName(
      "rule 19: after a final code the kubelet removes the directory, and the retry mounts")
  void finalCodeLetsTheRetryMount(Status.Code code) {
    provider.fail(code.toStatus().withDescription("the store is away"));
    NodeDouble node = rotatingNode();
    Pod pod = start(node);

    assertThat(lastEvent(pod)).isEqualTo(eventText(code));
    assertThat(pod.target("secrets")).doesNotExist();

    provider.answer(Answers.files("password", "s3cret"));
    node.advance(Duration.ofMillis(500));

    assertThat(pod.container().read("secrets", "password")).isEqualTo("s3cret");
    assertThat(provider.calls()).hasSize(2);
  }

  @ParameterizedTest
  @EnumSource(value = Status.Code.class, mode = EnumSource.Mode.EXCLUDE, names = "OK")
  @DisplayName("rule 25: driver 1.5.6 has no skip window: the retry mounts after any code")
  void olderDriverMountsAfterAnyCode(Status.Code code) {
    provider.fail(code.toStatus());
    NodeDouble node = node(settings().withVersion(DriverVersion.V1_5_6).withRotation(POLL));
    Pod pod = start(node);
    assertThat(pod.phase()).isEqualTo(Pod.Phase.PENDING);

    provider.answer(Answers.files("password", "s3cret"));
    node.advance(Duration.ofMillis(500));

    assertThat(pod.container().read("secrets", "password")).isEqualTo("s3cret");
  }

  @Test
  @DisplayName("rule 8: with rotation off 1.6.0 mounts at the retry too")
  void withoutRotationTheRetryMounts() {
    provider.fail(Status.UNAVAILABLE);
    NodeDouble node = node();
    Pod pod = start(node);
    provider.answer(Answers.files("password", "s3cret"));
    node.advance(Duration.ofMillis(500));

    assertThat(pod.container().read("secrets", "password")).isEqualTo("s3cret");
  }

  @Test
  @DisplayName("rules 5, 19: an answer over 4 MiB is ResourceExhausted, then an empty volume")
  void oversizeAnswerEndsInAnEmptyVolume() {
    byte[] fiveMebibytes = new byte[5 * 1024 * 1024];
    MountResponse answer =
        Answers.versions("big", "1").toBuilder()
            .addFiles(
                File.newBuilder()
                    .setPath("big")
                    .setMode(0644)
                    .setContents(ByteString.copyFrom(fiveMebibytes)))
            .build();
    provider.answer(answer);
    NodeDouble node = rotatingNode();
    Pod pod = start(node);

    assertThat(lastEvent(pod))
        .isEqualTo(
            "MountVolume.SetUp failed for volume \"secrets\" : rpc error: code = ResourceExhausted"
                + " desc = failed to mount secrets store objects for pod prod/orders-0, err: rpc error:"
                + " code = ResourceExhausted desc = grpc: received message larger than max"
                + " (%d vs. 4194304)".formatted(answer.getSerializedSize()));

    node.advance(Duration.ofMillis(500));
    assertThat(pod.phase()).isEqualTo(Pod.Phase.RUNNING);
    assertThat(pod.container().files("secrets")).isEmpty();
    assertThat(provider.calls()).hasSize(1);
  }

  @Test
  @DisplayName("rules 5, 19: a time-out within the poll interval ends in an empty volume")
  void hangingProviderEndsInAnEmptyVolumeIfThePollIntervalIsLonger() {
    NodeDouble node =
        node(settings().withRotation(Duration.ofHours(1)).withCallDeadline(Duration.ofMillis(200)));
    Pod pod = startWithHangingProvider(node);

    assertThat(lastEvent(pod))
        .isEqualTo(
            "MountVolume.SetUp failed for volume \"secrets\" : rpc error: code = DeadlineExceeded"
                + " desc = context deadline exceeded");
    node.advance(Duration.ofMinutes(3));
    assertThat(pod.container().files("secrets")).isEmpty();
  }

  @Test
  @DisplayName("rules 5, 8: after a time-out as long as the poll interval the retry mounts")
  void hangingProviderIsAskedAgainIfThePollIntervalIsOver() {
    NodeDouble node = node(settings().withRotation(POLL).withCallDeadline(Duration.ofMillis(200)));
    Pod pod = startWithHangingProvider(node);
    node.advance(Duration.ofMinutes(3));
    assertThat(pod.container().read("secrets", "password")).isEqualTo("s3cret");
  }

  private Pod startWithHangingProvider(NodeDouble node) {
    HangingAnswer hanging = new HangingAnswer();
    provider.answer(hanging);
    Pod pod = start(node);
    hanging.release();
    provider.answer(Answers.files("password", "s3cret"));
    return pod;
  }

  private static String eventText(Status.Code code) {
    String name = GoText.name(code);
    return "MountVolume.SetUp failed for volume \"secrets\" : rpc error: code = "
        + name
        + " desc = failed to mount secrets store objects for pod prod/orders-0, err: rpc error: code = "
        + name
        + " desc = the store is away";
  }
}
