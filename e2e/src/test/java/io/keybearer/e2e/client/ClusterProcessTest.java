package io.keybearer.e2e.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.keybearer.daemonset.kubernetes.FakeCluster;
import io.keybearer.e2e.client.DoubleNode.Ended;
import io.keybearer.e2e.process.KeybearerProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The running process in a cluster: what it asks the API server, and when. */
class ClusterProcessTest {

  private static final String NODE = "node-1";
  private static final String LIST = "list secretproviderclasspodstatuses";
  private static final String WATCH = "watch secretproviderclasspodstatuses";
  private static final String TOKEN = "create serviceaccounts/token";
  private static final String EVENT = "create events";
  private static final String STORED = "- name: db/password";
  private static final String MINTED = "- {name: m, mint: \"true\"}";

  private final Path folder;
  private final FakeCluster cluster;

  ClusterProcessTest(@TempDir Path folder) {
    this.folder = folder;
    this.cluster = FakeCluster.in(folder.resolve("cluster"));
  }

  @AfterEach
  void stopCluster() {
    cluster.close();
  }

  private DoubleNode node(String... flags) {
    List<String> all = new ArrayList<>(List.of(flags));
    all.add("--kubeconfig=" + cluster.kubeconfig());
    all.add("--node-name=" + NODE);
    DoubleNode node = new DoubleNode(folder, all.toArray(String[]::new));
    node.store.secrets().put("db/password", "s3cret");
    return node;
  }

  private static PodMount stored(DoubleNode node) {
    return node.pod("prod", "web-0", "web", STORED).with("refreshInterval", "0");
  }

  /** The pod of {@link #stored} as the API server knows it. */
  private void podIsThere(String name) {
    cluster.pod("prod", name, "uid-of-prod-" + name, "web");
  }

  private static long times(String text, String part) {
    Matcher matcher = Pattern.compile(Pattern.quote(part)).matcher(text);
    return matcher.results().count();
  }

  @Test
  void saysAtTheStartWhatItWillAsk() {
    try (DoubleNode node = node("--token-requests")) {
      assertThat(node.process.output())
          .contains(" cluster=kubeconfig podEnds=true podEvents=true tokenRequests=true\n");
    }
  }

  @Test
  void asksNothingForPodsThatHaveTheirTokens() {
    try (DoubleNode node = node("--token-requests")) {
      assertThat(node.mount(stored(node)).isOk()).isTrue();
      assertThat(node.mount(stored(node)).isOk()).isTrue();

      assertThat(cluster.calls()).isEmpty();
    }
  }

  @Test
  void loadsNothingOfItBeforeItIsNeeded() throws Exception {
    Path sockets = Files.createDirectories(folder.resolve("sockets"));
    try (KeybearerProcess process =
        KeybearerProcess.serve(
            List.of("-Xshare:off", "-Xlog:class+load:stdout"),
            sockets,
            folder.resolve("keys"),
            "--token-requests",
            "--node-name=" + NODE,
            "--kubeconfig=" + cluster.kubeconfig())) {
      assertThat(process.output())
          .contains("io.keybearer.daemonset.kubernetes.KubernetesSettings ")
          .doesNotContain("io.keybearer.daemonset.kubernetes.KubernetesApi ")
          .doesNotContain("io.keybearer.provider.http.HttpStack ")
          .doesNotContain("java.net.http.");
      assertThat(cluster.calls()).isEmpty();
    }
  }

  @Test
  void logsInWithATokenThatItAskedFor() {
    podIsThere("web-0");
    try (DoubleNode node = node("--token-requests")) {
      Ended ended = node.mount(stored(node).withoutToken());

      assertThat(ended.text()).isEmpty();
      assertThat(ended.files()).containsEntry("db/password", "s3cret");
      assertThat(cluster.calls()).containsExactly(TOKEN + " prod/web");
      assertThat(cluster.bodies().get(0))
          .contains("\"audiences\":[\"vault\"]", "\"uid\":\"uid-of-prod-web-0\"");
    }
  }

  @Test
  void asksForAnotherInPlaceOfATokenThatHasExpired() {
    podIsThere("web-0");
    try (DoubleNode node = node("--token-requests")) {
      Instant past = Instant.parse("2020-01-01T00:00:00Z");

      assertThat(node.mount(stored(node).withTokenUntil(past)).isOk()).isTrue();
      assertThat(cluster.calls(TOKEN)).isEqualTo(1);
    }
  }

  @Test
  void namesBothWaysToATokenWhereItMayNotAsk() {
    podIsThere("web-0");
    try (DoubleNode node = node()) {
      Ended ended = node.mount(stored(node).withoutToken());

      assertThat(ended.text())
          .contains(
              "the driver sent no service account token of audience \"vault\"; list it in the"
                  + " tokenRequests of the CSIDriver secrets-store.csi.k8s.io, or set"
                  + " --token-requests");
      assertThat(cluster.calls()).isEmpty();
    }
  }

  @Test
  void tellsWhatKeepsItFromAskingAndHurtsNobodyElse() {
    podIsThere("web-0");
    cluster.deny(TOKEN);
    try (DoubleNode node = node("--token-requests")) {
      Ended without = node.mount(stored(node).withoutToken());
      Ended with = node.mount(node.pod("prod", "web-1", "web", STORED));

      assertThat(without.text())
          .contains(
              "Keybearer may not create serviceaccounts/token in namespace \"prod\"; grant its"
                  + " service account the verb create on serviceaccounts/token; it was asked for a"
                  + " token of audience \"vault\", which the driver did not bring");
      assertThat(with.isOk()).isTrue();
    }
  }

  @Test
  void watchesForEndsOnceAStoreHasMadeSomething() {
    cluster.mounted("prod", "web-0-db", "uid-of-prod-web-0", NODE);
    try (DoubleNode node = node()) {
      assertThat(node.mount(stored(node)).isOk()).isTrue();
      assertThat(cluster.calls()).isEmpty();

      assertThat(node.mount(node.pod("prod", "web-0", "web", MINTED)).isOk()).isTrue();

      DoubleNode.await(() -> cluster.calls(WATCH) == 1);
      node.process.awaitOutput(0, "ends of pods are noticed");
    }
  }

  @Test
  void saysOnceThatItMayNotWatchAndMountsOn() {
    cluster.deny(LIST);
    try (DoubleNode node = node()) {
      for (int i = 0; i < 3; i++) {
        assertThat(node.mount(node.pod("prod", "web-" + i, "web", MINTED)).isOk()).isTrue();
      }
      node.process.awaitOutput(0, "ends of pods are not noticed");

      assertThat(node.mount(stored(node)).isOk()).isTrue();
      assertThat(times(node.process.output(), "ends of pods are not noticed")).isEqualTo(1);
      assertThat(cluster.calls(LIST)).isEqualTo(1);
    }
  }

  @Test
  void watchesNothingWhereItIsToldNotTo() {
    try (DoubleNode node = node("--watch-pod-ends=false")) {
      assertThat(node.mount(node.pod("prod", "web-0", "web", MINTED)).isOk()).isTrue();
      assertThat(node.process.output()).contains(" podEnds=false ");
      assertThat(cluster.calls()).isEmpty();
    }
  }

  @Test
  void tellsThePodOfARotationThatFailed() {
    try (DoubleNode node = node()) {
      assertThat(node.mount(stored(node)).isOk()).isTrue();
      node.store.secrets().remove("db/password");

      Ended ended = node.mount(stored(node));

      assertThat(ended.isOk()).isFalse();
      DoubleNode.await(() -> cluster.calls(EVENT) == 1);
      assertThat(cluster.bodies().get(0))
          .contains("\"reason\":\"SecretRotationFailed\"", "\"uid\":\"uid-of-prod-web-0\"")
          .doesNotContain("s3cret");
    }
  }

  @Test
  void tellsThePodOfNothingThatKubeletTells() {
    try (DoubleNode node = node()) {
      assertThat(node.mount(node.pod("prod", "web-0", "web", "- name: missing")).isOk()).isFalse();
      assertThat(node.mount(stored(node)).isOk()).isTrue();
      node.store.secrets().remove("db/password");
      assertThat(node.mount(stored(node)).isOk()).isFalse();

      // Events are written in their order: the first one would be there too.
      DoubleNode.await(() -> cluster.calls(EVENT) == 1);
      assertThat(cluster.bodies()).hasSize(1);
    }
  }

  @Test
  void writesNoEventWhereItIsToldNotTo() {
    int before;
    try (DoubleNode node = node("--pod-events=false")) {
      assertThat(node.mount(stored(node)).isOk()).isTrue();
      node.store.secrets().remove("db/password");
      assertThat(node.mount(stored(node)).isOk()).isFalse();
      before = cluster.calls().size();
    }

    assertThat(before).isZero();
    assertThat(cluster.calls()).isEmpty();
  }

  /** It is asked for a token, for ends and for an Event, and answers none of it. */
  @Test
  void mountsOnWhileNobodyAnswersInTheApiServersPlace() {
    cluster.close();
    try (DoubleNode node = node("--token-requests")) {
      assertThat(node.mount(node.pod("prod", "web-0", "web", MINTED)).isOk()).isTrue();
      Ended without = node.mount(node.pod("prod", "web-9", "other", STORED).withoutToken());
      assertThat(node.mount(stored(node)).isOk()).isTrue();
      node.store.secrets().remove("db/password");
      assertThat(node.mount(stored(node)).isOk()).isFalse();
      node.store.secrets().put("db/password", "again");

      assertThat(without.text()).contains("Kubernetes API: ", "the connection is refused");
      assertThat(node.mount(stored(node)).files()).containsEntry("db/password", "again");
      assertThat(node.process.isAlive()).isTrue();
    }
  }
}
