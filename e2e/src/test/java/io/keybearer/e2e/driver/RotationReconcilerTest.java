package io.keybearer.e2e.driver;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import io.keybearer.proto.ObjectVersion;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Rotation by the driver's own loop, up to 1.5.6. */
final class RotationReconcilerTest extends NodeTest {
  private NodeDouble olderNode() {
    return node(
        settings()
            .withVersion(DriverVersion.V1_5_6)
            .withRotation(POLL)
            .withTokens(TokenRequest.of("vault")));
  }

  @Test
  @DisplayName("rule 25: a republish by the kubelet is answered without the provider")
  void republishIsAnsweredWithoutTheProvider() {
    NodeDouble node = olderNode();
    start(node);
    node.republish();
    assertThat(provider.calls()).hasSize(1);
    assertThat(provider.calls().get(0).hasDeadline()).isTrue();
  }

  @Test
  @DisplayName("rule 26: the tick comes at exactly the interval, and a version's change is written")
  void tickComesAtExactlyTheInterval() {
    NodeDouble node = olderNode();
    Pod pod = start(node);
    provider.answer(rotated("2"));

    node.advance(POLL.minusMillis(1));
    assertThat(provider.calls()).hasSize(1);
    node.advance(Duration.ofMillis(1));
    assertThat(provider.calls()).hasSize(2);
    assertThat(pod.container().read("secrets", "password")).isEqualTo("rotated");
    assertThat(node.cluster().podStatuses())
        .flatExtracting(SecretProviderClassPodStatus::objects)
        .containsExactly(new MountedObject("object", "2"));
    assertThat(pod.events())
        .containsExactly(
            new PodEvent(
                node.clock().instant(),
                "Normal",
                "MountRotationComplete",
                "csi-secrets-store-rotation",
                "successfully rotated mounted contents for spc prod/orders-db"));
    assertThat(
            node.metric("rotation_reconcile_total", Map.of("provider", "vault", "rotated", "true")))
        .isEqualTo(1);
  }

  @Test
  @DisplayName("rule 26: attributes are reduced, secrets are {}, versions are sent, no deadline")
  void requestIsReduced() {
    NodeDouble node = olderNode();
    Pod pod =
        node.startPod(
            "prod", "orders-0", "orders-sa", SECRETS.withAttribute("roleName", "override"));
    assertThat(provider.lastRequest().getAttributes()).contains("override", "ephemeral");
    node.advance(POLL);

    ScriptedProvider.Call call = provider.calls().get(1);
    assertThat(call.hasDeadline()).isFalse();
    assertThat(call.request().getAttributes())
        .startsWith(
            "{\"csi.storage.k8s.io/pod.name\":\"orders-0\","
                + "\"csi.storage.k8s.io/pod.namespace\":\"prod\","
                + "\"csi.storage.k8s.io/pod.uid\":\""
                + pod.identity().uid()
                + "\",\"csi.storage.k8s.io/serviceAccount.name\":\"orders-sa\","
                + "\"csi.storage.k8s.io/serviceAccount.tokens\":\"{")
        .endsWith("}}\",\"objects\":\"- objectName: password\"}");
    assertThat(call.request().getSecrets()).isEqualTo("{}");
    assertThat(call.request().getPermission()).isEqualTo("420");
    assertThat(call.request().getCurrentObjectVersionList())
        .containsExactly(ObjectVersion.newBuilder().setId("object").setVersion("1").build());
  }

  @Test
  @DisplayName(
      "rule 26: equal versions are not written, even if spaces surround them; a count's change is")
  void onlyChangesAreWritten() {
    NodeDouble node = olderNode();
    Pod pod = start(node);
    provider.answer(
        Answers.versions("object", " 1 ").toBuilder()
            .addFiles(Answers.file("password", 0644, "new bytes, old version"))
            .build());
    node.advance(POLL);
    assertThat(node.cluster().statusWrites()).isEqualTo(1);
    assertThat(pod.events()).isEmpty();
    assertThat(pod.container().read("secrets", "password")).isEqualTo("new bytes, old version");

    provider.answer(
        Answers.versions("object", "1", " more ", "9 ").toBuilder()
            .addFiles(Answers.file("password", 0644, "x"))
            .build());
    node.advance(POLL);
    assertThat(node.cluster().statusWrites()).isEqualTo(2);
    assertThat(node.cluster().podStatuses())
        .flatExtracting(SecretProviderClassPodStatus::objects)
        .containsExactly(new MountedObject("more", "9"), new MountedObject("object", "1"));
  }

  @Test
  @DisplayName(
      "rule 26: a failure is told in an event, and tried again every ten seconds without back-off")
  void failureIsTriedAgainEveryTenSeconds() {
    NodeDouble node = olderNode();
    Pod pod = start(node);
    provider.fail(Status.RESOURCE_EXHAUSTED.withDescription("throttled"));
    node.advance(POLL.plusSeconds(35));

    assertThat(provider.calls()).hasSize(1 + 4);
    assertThat(pod.events()).hasSize(4);
    assertThat(pod.events().get(0).reason()).isEqualTo("MountRotationFailed");
    assertThat(lastEvent(pod))
        .isEqualTo("provider mount err: rpc error: code = ResourceExhausted desc = throttled");
    assertThat(pod.container().read("secrets", "password")).isEqualTo("s3cret");

    provider.answer(rotated("2"));
    node.advance(Duration.ofSeconds(5));
    assertThat(pod.container().read("secrets", "password")).isEqualTo("rotated");
  }

  @Test
  @DisplayName("rule 26: one worker: volumes are rotated one after another")
  void oneWorker() {
    NodeDouble node = olderNode();
    for (int i = 0; i < 5; i++) {
      node.startPod("prod", "orders-" + i, "orders-sa", SECRETS);
    }
    AtomicInteger inFlight = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    CountDownLatch two = new CountDownLatch(1);
    provider.answer(
        request -> {
          int calls = inFlight.incrementAndGet();
          most.accumulateAndGet(calls, Math::max);
          meetAnother(calls, two);
          inFlight.decrementAndGet();
          return Answers.files("password", "s3cret");
        });
    node.advance(POLL);
    assertThat(provider.calls()).hasSize(10);
    assertThat(most).hasValue(1);
    assertThat(provider.calls().stream().skip(5).map(call -> call.request().getTargetPath()))
        .doesNotHaveDuplicates();
  }

  @Test
  @DisplayName("rule 26: the Secret of a volume is found only with its label")
  void secretNeedsItsLabel() {
    NodeDouble node = olderNode();
    node.cluster().apply(new Secret("prod", "login", Map.of(), Map.of("user", "ada")));
    Pod pod = node.startPod("prod", "orders-0", "sa", SECRETS.withNodePublishSecret("login"));
    node.advance(POLL);
    assertThat(provider.calls()).hasSize(1);
    assertThat(lastEvent(pod))
        .isEqualTo(
            "failed to get node publish secret prod/login, err: secrets \"prod/login\" not found");

    node.cluster().apply(new Secret("prod", "login", Secret.USED, Map.of("user", "ada")));
    node.advance(Duration.ofSeconds(10));
    assertThat(provider.lastRequest().getSecrets()).isEqualTo("{\"user\":\"ada\"}");
  }

  @Test
  @DisplayName("rule 26: a finished pod is rotated no more, and a deleted one is forgotten")
  void finishedPodIsNotRotated() {
    NodeDouble node = olderNode();
    Pod pod = start(node);
    node.finishPod(pod);
    node.advance(POLL);
    assertThat(provider.calls()).hasSize(1);
    node.deletePod(pod);
    node.advance(POLL);
    assertThat(provider.calls()).hasSize(1);
  }

  @Test
  @DisplayName("rule 26: two volumes of one class share a status, and only one is rotated")
  void twoVolumesOfOneClassCollide() {
    NodeDouble node = olderNode();
    Pod pod = node.startPod("prod", "orders-0", "sa", SECRETS, Volume.of("again", "orders-db"));
    assertThat(node.cluster().podStatuses()).hasSize(1);
    provider.answer(rotated("2"));
    node.advance(POLL);
    boolean first = pod.container().read("secrets", "password").equals("rotated");
    boolean second = pod.container().read("again", "password").equals("rotated");
    assertThat(second).as("the class names the first volume only").isFalse();
    assertThat(first)
        .isEqualTo(
            node.metric(
                    "rotation_reconcile_error_total", Map.of("error_type", "UnexpectedTargetPath"))
                == 0);
  }

  @Test
  @DisplayName(
      "rule 26: a deleted class, a provider that is not found, a refused status are failures")
  void otherFailures() {
    NodeDouble node = olderNode();
    Pod pod = start(node);
    node.cluster().deleteClass("prod", "orders-db");
    node.advance(POLL);
    assertThat(failures(node, "SecretProviderClassNotFound")).isEqualTo(1);

    node.cluster().apply(new SecretProviderClass("prod", "orders-db", "aws", Map.of("a", "b")));
    node.advance(Duration.ofSeconds(10));
    assertThat(failures(node, "FailedToLookupProviderGRPCClient")).isEqualTo(1);
    assertThat(lastEvent(pod)).isEqualTo("failed to lookup provider client: \"aws\"");

    node.cluster().apply(vaultClass(Map.of("a", "b")));
    node.cluster().refuseStatusWrites(true);
    provider.answer(rotated("2"));
    node.advance(Duration.ofSeconds(10));
    assertThat(lastEvent(pod))
        .isEqualTo(
            "failed to update versions in spc pod status orders-db, err: timed out waiting for the"
                + " condition");
  }

  /** Leaves a second call the time to arrive while this one is in flight. */
  private static void meetAnother(int calls, CountDownLatch two) {
    if (calls > 1) {
      two.countDown();
    }
    try {
      assertThat(two.await(50, TimeUnit.MILLISECONDS)).isFalse();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(interrupted);
    }
  }

  private static long failures(NodeDouble node, String errorType) {
    return node.metric("rotation_reconcile_error_total", Map.of("error_type", errorType));
  }

  private static io.keybearer.proto.MountResponse rotated(String version) {
    return Answers.versions("object", version).toBuilder()
        .addFiles(Answers.file("password", 0644, "rotated"))
        .build();
  }
}
