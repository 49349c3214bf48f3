package io.keybearer.e2e.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The kubelet's clock and its concurrency. */
final class KubeletTest extends NodeTest {
  @Test
  @DisplayName("rule 20: retries come after 0.5 s, doubling to 2m2s")
  void retriesDouble() {
    provider.fail(Status.NOT_FOUND);
    NodeDouble node = rotatingNode();
    Pod pod = start(node);
    node.advance(Duration.ofMinutes(12));

    List<Long> waits = new ArrayList<>();
    List<Instant> times = pod.events().stream().map(PodEvent::at).toList();
    for (int i = 1; i < times.size(); i++) {
      waits.add(Duration.between(times.get(i - 1), times.get(i)).toMillis());
    }
    assertThat(waits)
        .startsWith(
            500L, 1000L, 2000L, 4000L, 8000L, 16_000L, 32_000L, 64_000L, 122_000L, 122_000L);
    assertThat(provider.calls()).hasSameSizeAs(pod.events());
    assertThat(pod.phase()).isEqualTo(Pod.Phase.PENDING);
    assertThatThrownBy(pod::container)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageStartingWith(
            "no container of pod orders-0 has started: MountVolume.SetUp failed");
  }

  @Test
  @DisplayName("rule 19: a directory with files in it survives the kubelet's clean-up")
  void directoryWithFilesSurvives() throws IOException {
    NodeDouble node = node();
    provider.fail(Status.ABORTED);
    Pod pod = start(node);
    Path left = pod.target("secrets").resolve("left");
    Files.writeString(left, "by an old provider");
    provider.fail(Status.NOT_FOUND);
    node.advance(Duration.ofMillis(500));
    assertThat(left).exists();
    Files.delete(left);
    node.advance(Duration.ofSeconds(1));
    assertThat(pod.target("secrets")).doesNotExist();
  }

  @Test
  @DisplayName("rule 21: each running pod is synced every 60 to 90 seconds, the pods spread")
  void podsAreSyncedEveryMinuteOrSo() {
    NodeDouble node = node(settings().withRotation(Duration.ofMillis(1)));
    List<Instant> times = new ArrayList<>();
    provider.answer(
        request -> {
          times.add(node.clock().instant());
          return Answers.files("a", "1");
        });
    Instant begin = node.clock().instant();
    start(node);
    node.advance(Duration.ofMinutes(30));

    assertThat(times.get(0)).isEqualTo(begin);
    List<Long> gaps = new ArrayList<>();
    for (int i = 1; i < times.size(); i++) {
      gaps.add(Duration.between(times.get(i - 1), times.get(i)).toMillis());
    }
    assertThat(gaps).hasSizeBetween(20, 30).allMatch(gap -> gap >= 60_000 && gap < 90_000);
    assertThat(gaps.stream().distinct()).hasSizeGreaterThan(10);
  }

  @Test
  @DisplayName("rule 21: a changed pod is synced at once, and no other")
  void changedPodIsSyncedAtOnce() {
    NodeDouble node = rotatingNode();
    Pod changed = start(node);
    node.startPod("prod", "other", "sa", SECRETS);
    node.clock().advance(POLL);
    node.changePod(changed);
    assertThat(provider.calls()).hasSize(3);
    assertThat(provider.lastRequest().getTargetPath())
        .isEqualTo(changed.target("secrets").toString());
  }

  @Test
  @DisplayName("rule 21: a pod whose work is done is synced no more")
  void finishedPodIsSyncedNoMore() {
    NodeDouble node = rotatingNode();
    node.finishPod(start(node));
    node.advance(Duration.ofMinutes(30));
    node.republish();
    assertThat(provider.calls()).hasSize(1);
  }

  @Test
  @DisplayName("rule 21: volumes of a node are published concurrently")
  void volumesAreConcurrent() {
    int volumes = 12;
    CountDownLatch all = new CountDownLatch(volumes);
    provider.answer(
        request -> {
          all.countDown();
          await(all);
          return Answers.files("a", "1");
        });
    List<PodSpec> specs =
        IntStream.range(0, volumes / 2)
            .mapToObj(
                i ->
                    new PodSpec(
                        "prod", "p" + i, "sa", List.of(SECRETS, Volume.of("more", "orders-db"))))
            .toList();
    assertThat(node().startPods(specs)).extracting(Pod::phase).containsOnly(Pod.Phase.RUNNING);
    assertThat(provider.calls()).hasSize(volumes);
  }

  @Test
  @DisplayName("rule 21: a volume has one call in flight: a second sync meanwhile is dropped")
  void oneCallInFlightForEachVolume() throws Exception {
    NodeDouble node = rotatingNode();
    Pod pod = start(node);
    node.clock().advance(POLL);
    HangingAnswer hanging = new HangingAnswer();
    provider.answer(hanging);
    ExecutorService background = Executors.newSingleThreadExecutor();
    try {
      Future<?> first = background.submit(() -> node.changePod(pod));
      hanging.awaitCall();
      node.changePod(pod);
      assertThat(provider.calls()).hasSize(2);
      hanging.release();
      first.get(20, TimeUnit.SECONDS);
    } finally {
      hanging.release();
      background.shutdownNow();
    }
    assertThat(provider.calls()).hasSize(2);
  }

  @Test
  @DisplayName("rule 22: a container goes on seeing the volume that was mounted when it started")
  void containerKeepsItsVolume() throws IOException {
    NodeDouble node = rotatingNode();
    Pod pod = start(node);
    node.mounts().unmount(pod.target("secrets"));
    node.clock().advance(POLL);
    provider.answer(Answers.files("password", "on a new volume"));
    node.republish();

    assertThat(pod.target("secrets").resolve("password")).hasContent("on a new volume");
    assertThat(pod.container().read("secrets", "password")).isEqualTo("s3cret");
    node.restartContainer(pod);
    assertThat(pod.container().read("secrets", "password")).isEqualTo("on a new volume");
  }

  @Test
  @DisplayName("rule 22: a running container sees a rotation")
  void runningContainerSeesARotation() {
    NodeDouble node = rotatingNode();
    Pod pod = start(node);
    provider.answer(Answers.files("password", "rotated", "d/new", "too"));
    node.advance(Duration.ofMinutes(4));
    assertThat(pod.container().files("secrets")).containsExactly("d/new", "password");
    assertThat(pod.container().read("secrets", "password")).isEqualTo("rotated");
  }

  @Test
  @DisplayName("rules 12, 16: a thousand republishes of unchanged content write nothing")
  void thousandRepublishesWriteNothing() throws IOException {
    NodeDouble node = node(settings().withRotation(Duration.ofMillis(1)));
    Pod pod = start(node);
    Path data = Files.readSymbolicLink(pod.target("secrets").resolve("..data"));
    node.clock().advance(POLL);
    for (int i = 0; i < 1000; i++) {
      node.republish();
    }
    assertThat(provider.calls()).hasSize(1001);
    assertThat(Files.readSymbolicLink(pod.target("secrets").resolve("..data"))).isEqualTo(data);
  }

  private static void await(CountDownLatch latch) {
    try {
      if (!latch.await(20, TimeUnit.SECONDS)) {
        throw Status.INTERNAL.withDescription("calls are not concurrent").asRuntimeException();
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(interrupted);
    }
  }
}
