package io.keybearer.e2e.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.keybearer.e2e.driver.DriverVersion;
import io.keybearer.e2e.driver.Pod;
import io.keybearer.e2e.driver.PodEvent;
import io.keybearer.e2e.driver.SecretProviderClassPodStatus;
import io.keybearer.e2e.driver.Volume;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MountTest {

  @TempDir Path folder;

  @Test
  void deliversNestedFilesWithTheirModesAndBytes() {
    try (SealedNode sealed = new SealedNode(folder)) {
      sealed.apply(
          "prod",
          "orders-db",
          sealed
              .objects("prod", "orders-db")
              .file("db/user", "orders")
              .file("db/deep/er/password", "päss\nwörd\n", "0400")
              .file("empty", "", "\"0640\"")
              .parameters());

      Pod pod = sealed.node.startPod("prod", "orders-0", "orders", Volume.of("v", "orders-db"));

      assertThat(pod.events()).isEmpty();
      assertThat(pod.container().files("v"))
          .containsExactlyInAnyOrder("db/user", "db/deep/er/password", "empty");
      assertThat(pod.container().read("v", "db/user")).isEqualTo("orders");
      assertThat(pod.container().read("v", "db/deep/er/password")).isEqualTo("päss\nwörd\n");
      assertThat(pod.container().read("v", "empty")).isEmpty();
      assertThat(pod.container().mode("v", "db/user")).isEqualTo(0644);
      assertThat(pod.container().mode("v", "db/deep/er/password")).isEqualTo(0400);
      assertThat(pod.container().mode("v", "empty")).isEqualTo(0640);
    }
  }

  @Test
  void carriesAChangedValueToARunningPodAndChangesItsVersion() {
    try (SealedNode sealed = new SealedNode(folder)) {
      sealed.apply("prod", "db", sealed.objects("prod", "db").file("password", "old").parameters());
      Pod pod = sealed.node.startPod("prod", "app", "app", Volume.of("v", "db"));
      List<?> before = versions(sealed);

      sealed.republish();
      assertThat(versions(sealed)).isEqualTo(before);

      sealed.apply("prod", "db", sealed.objects("prod", "db").file("password", "new").parameters());
      sealed.republish();

      assertThat(pod.container().read("v", "password")).isEqualTo("new");
      assertThat(versions(sealed)).isNotEqualTo(before);
    }
  }

  @Test
  void writesNothingWhenARepublishFindsNothingNew() {
    try (SealedNode sealed = new SealedNode(folder)) {
      sealed.apply(
          "prod", "db", sealed.objects("prod", "db").file("password", "same").parameters());
      Pod pod = sealed.node.startPod("prod", "app", "app", Volume.of("v", "db"));
      long written = pod.target("v").toFile().lastModified();

      for (int i = 0; i < 20; i++) {
        sealed.republish();
      }

      assertThat(pod.target("v").toFile().lastModified()).isEqualTo(written);
      assertThat(pod.container().read("v", "password")).isEqualTo("same");
    }
  }

  @Test
  void followsAnEditedSecretProviderClass() {
    try (SealedNode sealed = new SealedNode(folder)) {
      sealed.apply(
          "prod", "db", sealed.objects("prod", "db").file("a", "1").file("gone", "2").parameters());
      Pod pod = sealed.node.startPod("prod", "app", "app", Volume.of("v", "db"));

      sealed.apply(
          "prod",
          "db",
          sealed.objects("prod", "db").file("a", "1").file("added/b", "3").parameters());
      sealed.republish();

      assertThat(pod.container().files("v")).containsExactlyInAnyOrder("a", "added/b");
      assertThat(pod.container().read("v", "added/b")).isEqualTo("3");
    }
  }

  @Test
  void servesSeveralSecretProviderClassesInOnePod() {
    try (SealedNode sealed = new SealedNode(folder)) {
      sealed.apply("prod", "one", sealed.objects("prod", "one").file("f", "1").parameters());
      sealed.apply("prod", "two", sealed.objects("prod", "two").file("f", "2").parameters());

      Pod pod =
          sealed.node.startPod(
              "prod", "app", "app", Volume.of("v1", "one"), Volume.of("v2", "two"));

      assertThat(pod.container().read("v1", "f")).isEqualTo("1");
      assertThat(pod.container().read("v2", "f")).isEqualTo("2");
    }
  }

  @Test
  void tellsTheAuthorOfABrokenSecretProviderClassInThePodsEventAndNobodyElse() {
    try (SealedNode sealed = new SealedNode(folder)) {
      sealed.apply("prod", "good", sealed.objects("prod", "good").file("f", "1").parameters());
      String elsewhere = sealed.sealer.seal("test", "broken", "stolen");
      sealed.apply(
          "prod", "broken", Map.of("objects", "- path: db/password\n  data: " + elsewhere + "\n"));

      Pod broken = sealed.node.startPod("prod", "broken-0", "app", Volume.of("v", "broken"));
      Pod good = sealed.node.startPod("prod", "good-0", "app", Volume.of("v", "good"));

      assertThat(good.container().read("v", "f")).isEqualTo("1");
      assertThat(broken.phase()).isEqualTo(Pod.Phase.PENDING);
      assertThat(broken.events())
          .extracting(PodEvent::reason, PodEvent::message)
          .containsExactly(
              org.assertj.core.groups.Tuple.tuple("FailedMount", broken.events().get(0).message()));
      assertThat(broken.events().get(0).message())
          .endsWith(
              "failed to mount secrets store objects for pod prod/broken-0, err: rpc error: code ="
                  + " FailedPrecondition desc = sealed: object \"db/password\": no sealing key opens"
                  + " it (1 tried); seal it for exactly this scope, namespace and name, or bring"
                  + " back the key it was sealed with");

      sealed.apply(
          "prod", "broken", sealed.objects("prod", "broken").file("db/password", "x").parameters());
      sealed.node.advance(SealedNode.POLL);
      assertThat(broken.container().read("v", "db/password")).isEqualTo("x");
    }
  }

  @Test
  void keepsTheFilesOfARunningPodWhenItsSecretProviderClassBreaks() {
    try (SealedNode sealed = new SealedNode(folder)) {
      sealed.apply("prod", "db", sealed.objects("prod", "db").file("f", "kept").parameters());
      Pod pod = sealed.node.startPod("prod", "app", "app", Volume.of("v", "db"));

      sealed.apply("prod", "db", Map.of("objects", "- path: f\n  data: \"@@@@\"\n"));
      sealed.republish();

      assertThat(pod.container().read("v", "f")).isEqualTo("kept");
      assertThat(sealed.process().awaitOutput(0, "outcome=INVALID_PARAMETERS"))
          .contains("\\\"data\\\" is not base64");
    }
  }

  @Test
  void remembersTheClassThatDriversUpTo156LeaveOutOfRotationCalls() {
    try (SealedNode sealed =
        new SealedNode(folder, settings -> settings.withVersion(DriverVersion.V1_5_6))) {
      sealed.apply("prod", "db", sealed.objects("prod", "db").file("f", "old").parameters());
      Pod pod = sealed.node.startPod("prod", "app", "app", Volume.of("v", "db"));

      sealed.apply("prod", "db", sealed.objects("prod", "db").file("f", "new").parameters());
      sealed.node.advance(SealedNode.POLL.multipliedBy(2));

      assertThat(pod.container().read("v", "f")).isEqualTo("new");
    }
  }

  private static List<?> versions(SealedNode sealed) {
    return sealed.node.cluster().podStatuses().stream()
        .map(SecretProviderClassPodStatus::objects)
        .toList();
  }
}
