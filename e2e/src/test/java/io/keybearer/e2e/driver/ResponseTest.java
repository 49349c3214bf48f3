package io.keybearer.e2e.driver;

import static org.assertj.core.api.Assertions.assertThat;

import io.keybearer.proto.Error;
import io.keybearer.proto.MountResponse;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** How the driver reads an answer, in its order. */
final class ResponseTest extends NodeTest {
  private static final String FAILED =
      "MountVolume.SetUp failed for volume \"secrets\" : rpc error: code = Unknown desc ="
          + " failed to mount secrets store objects for pod prod/orders-0, err: ";

  @Test
  @DisplayName("rule 15: an error's code comes before everything, and is all that users see")
  void errorCodeComesFirst() {
    provider.answer(
        Answers.files("../climbs", "x").toBuilder()
            .setError(Error.newBuilder().setCode("StoreSealed"))
            .build());
    NodeDouble node = node();
    assertThat(lastEvent(start(node)))
        .isEqualTo(FAILED + "mount request failed with provider error code StoreSealed");
    assertThat(node.metric("node_publish_error_total", Map.of("error_type", "StoreSealed")))
        .isEqualTo(1);
  }

  @Test
  @DisplayName("rule 15: an empty error code is no error")
  void emptyErrorCodeIsNoError() {
    provider.answer(
        Answers.files("a", "x").toBuilder().setError(Error.getDefaultInstance()).build());
    assertThat(start(node()).container().files("secrets")).containsExactly("a");
  }

  @Test
  @DisplayName("rule 15: an empty version list fails, even with files")
  void emptyVersionListFails() {
    provider.answer(
        MountResponse.newBuilder().addFiles(Answers.file("../climbs", 0644, "x")).build());
    Pod pod = start(node());
    assertThat(lastEvent(pod)).isEqualTo(FAILED + "missing object versions");
    assertThat(pod.target("secrets")).doesNotExist();
  }

  @Test
  @DisplayName("rule 15: an empty file list with versions is a success, and the volume is empty")
  void emptyFileListIsASuccess() {
    provider.answer(Answers.versions("a", "1"));
    NodeDouble node = node();
    Pod pod = start(node);
    assertThat(pod.phase()).isEqualTo(Pod.Phase.RUNNING);
    assertThat(pod.container().files("secrets")).isEmpty();
    assertThat(node.cluster().podStatuses())
        .flatExtracting(SecretProviderClassPodStatus::objects)
        .containsExactly(new MountedObject("a", "1"));
  }

  @Test
  @DisplayName("rule 15: a rotation to an empty file list keeps the old files")
  void rotationToNoFileKeepsTheOldOnes() {
    NodeDouble node = rotatingNode();
    Pod pod = start(node);
    node.clock().advance(POLL);
    provider.answer(Answers.versions("a", "2"));
    node.republish();
    assertThat(pod.container().read("secrets", "password")).isEqualTo("s3cret");
  }

  @Test
  @DisplayName("rule 15: an answer between 1 and 4 MiB is taken")
  void bigAnswerIsTaken() {
    provider.answer(Answers.files("big", "x".repeat(3 * 1024 * 1024)));
    assertThat(start(node()).container().readBytes("secrets", "big")).hasSize(3 * 1024 * 1024);
  }

  @Test
  @DisplayName("rules 11, 16: a file that can not be written fails a first mount as UNKNOWN")
  void unwritableFileFailsTheFirstMount() {
    provider.answer(Answers.files("a//b", "x"));
    NodeDouble node = node();
    Pod pod = start(node);
    assertThat(lastEvent(pod)).isEqualTo(FAILED + "invalid filepath: \"a//b\"");
    assertThat(pod.target("secrets")).doesNotExist();
    assertThat(node.metric("node_publish_error_total", Map.of("error_type", "FileWriteError")))
        .isEqualTo(1);
  }
}
