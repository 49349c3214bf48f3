package io.keybearer.daemonset.kubernetes;

import static io.keybearer.daemonset.kubernetes.TestCluster.POD;
import static io.keybearer.daemonset.kubernetes.TestCluster.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.keybearer.provider.PodIdentity;
import io.keybearer.provider.cluster.PodEvents;
import io.keybearer.provider.cluster.PodEvents.Severity;
import io.keybearer.provider.text.JsonNode;
import io.keybearer.provider.text.JsonTree;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PodEventWriterTest {

  private static final String CREATE = "create events";
  private static final String PATCH = "patch events";

  @TempDir Path folder;

  private TestCluster cluster;
  private PodEvents events;

  @BeforeEach
  void start() throws IOException {
    cluster = TestCluster.in(folder);
    events = cluster.api().podEvents();
  }

  @AfterEach
  void stop() {
    cluster.close();
  }

  @Test
  void writesAnEventOfThePod() throws Exception {
    events.tell(POD, Severity.WARNING, "SecretAccessDenied", "object \"db\": not allowed");
    created(1);

    JsonNode event = JsonTree.read("event", cluster.server().bodies().get(0));
    assertThat(event.text("apiVersion")).isEqualTo("v1");
    assertThat(event.text("kind")).isEqualTo("Event");
    assertThat(event.text("metadata", "name")).matches("web-0\\.[0-9a-f]{16}");
    assertThat(event.texts("metadata")).containsEntry("namespace", "prod").hasSize(2);
    assertThat(event.texts("involvedObject"))
        .isEqualTo(
            Map.of(
                "apiVersion", "v1",
                "kind", "Pod",
                "namespace", "prod",
                "name", "web-0",
                "uid", "pod-uid-1"));
    assertThat(event.texts("source"))
        .isEqualTo(Map.of("component", "keybearer", "host", TestCluster.NODE));
    assertThat(event.text("type")).isEqualTo("Warning");
    assertThat(event.text("reason")).isEqualTo("SecretAccessDenied");
    assertThat(event.text("message")).isEqualTo("object \"db\": not allowed");
    assertThat(event.text("firstTimestamp")).isEqualTo("2026-11-21T10:00:00Z");
    assertThat(event.text("lastTimestamp")).isEqualTo("2026-11-21T10:00:00Z");
    assertThat(event.at("count")).contains(new JsonNode.Numeral("1"));
  }

  @Test
  void countsWhatComesAgainWithinTenMinutes() {
    tell("first");
    created(1);
    for (int i = 0; i < 5; i++) {
      cluster.time().turn(Duration.ofMinutes(1));
      tell("again " + i);
    }
    cluster.time().turn(Duration.ofMinutes(4));
    assertThat(cluster.server().calls(PATCH)).isZero();

    cluster.time().turn(Duration.ofMinutes(1));
    patched(1);

    assertThat(cluster.server().calls(CREATE)).isEqualTo(1);
    assertThat(stored())
        .containsEntry("count", 6L)
        .containsEntry("message", "again 4")
        .containsEntry("firstTimestamp", "2026-11-21T10:00:00Z")
        .containsEntry("lastTimestamp", "2026-11-21T10:05:00Z");
  }

  @Test
  void writesAtOnceWhatComesAgainAfterTenMinutes() {
    tell("first");
    created(1);
    cluster.time().turn(Duration.ofMinutes(11));
    tell("second");
    patched(1);
    cluster.time().turn(Duration.ofMinutes(1));
    tell("third");

    assertThat(cluster.server().calls(PATCH)).isEqualTo(1);
    cluster.time().turn(Duration.ofMinutes(9));
    patched(2);
    assertThat(stored()).containsEntry("count", 3L);
  }

  @Test
  void keepsPodsAndReasonsApart() {
    tell("first");
    events.tell(POD, Severity.NORMAL, "SecretRotated", "version 2");
    events.tell(
        new PodIdentity("prod", "web-0", "pod-uid-2", "web"), Severity.WARNING, "Denied", "first");

    created(3);
  }

  @Test
  void writesAnEventAnewThatTheServerHasForgotten() {
    tell("first");
    created(1);
    cluster
        .state()
        .list(object -> object.key().plural().equals("events"))
        .forEach(event -> cluster.state().remove(event.key()));
    cluster.time().turn(Duration.ofMinutes(10));
    tell("second");

    created(2);
    assertThat(stored()).containsEntry("count", 2L);
  }

  @Test
  void dropsWhatCanNotBeWrittenAndCountsIt() {
    cluster.faults().fail(1, 500, 0);
    tell("first");
    eventually("it is dropped", () -> cluster.api().droppedEvents() == 1);

    cluster.time().turn(Duration.ofMinutes(10));
    tell("second");
    created(2);
    assertThat(stored()).containsEntry("count", 2L).containsEntry("message", "second");
  }

  @Test
  void leavesANamespaceAloneThatTakesNone() {
    cluster.faults().deny(CREATE);
    tell("first");
    eventually("it is dropped", () -> cluster.api().droppedEvents() == 1);
    events.tell(POD, Severity.WARNING, "Other", "second");
    eventually("it is dropped", () -> cluster.api().droppedEvents() == 2);
    assertThat(cluster.server().calls(CREATE)).isEqualTo(1);

    cluster.faults().allowAll();
    events.tell(
        new PodIdentity("test", "job", "pod-uid-3", "job"), Severity.WARNING, "Denied", "third");
    created(2);
    cluster.time().turn(Duration.ofMinutes(10));
    events.tell(POD, Severity.WARNING, "Other", "fourth");
    created(3);
  }

  @Test
  void neverMakesTheCallerWait() {
    cluster.faults().fail(10_000, 429, 60);
    long began = System.nanoTime();
    for (int i = 0; i < 2_000; i++) {
      events.tell(
          new PodIdentity("prod", "web-" + i, "uid-" + i, "web"), Severity.WARNING, "Denied", "no");
    }

    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(5));
    eventually("most are dropped", () -> cluster.api().droppedEvents() >= 1_700);
  }

  @Test
  void saysNothingOfACallerWithoutAPod() {
    events.tell(new PodIdentity("", "", "", ""), Severity.WARNING, "Denied", "first");
    cluster.api().close();

    assertThat(cluster.server().calls()).isEmpty();
  }

  @Test
  void writesWhatWaitsBeforeItEnds() {
    tell("first");
    created(1);
    tell("second");
    cluster.api().close();

    assertThat(cluster.server().calls(PATCH)).isEqualTo(1);
    assertThat(stored()).containsEntry("count", 2L);
  }

  @Test
  void cutsAMessageThatIsTooLongForTheServer() throws Exception {
    tell("ö".repeat(2_000));
    created(1);

    String message = JsonTree.read("event", cluster.server().bodies().get(0)).text("message");
    assertThat(message).isEqualTo("ö".repeat(510) + "…");
  }

  @Test
  void namesTheEventOfAPodWithTheLongestName() {
    String name = "a".repeat(229) + "." + "b".repeat(23);
    events.tell(new PodIdentity("prod", name, "uid", "web"), Severity.NORMAL, "Denied", "first");
    created(1);

    List<FakeObject> written =
        cluster.state().list(object -> object.key().plural().equals("events"));
    assertThat(written.get(0).key().name()).matches("a{229}\\.[0-9a-f]{16}");
  }

  private void tell(String message) {
    events.tell(POD, Severity.WARNING, "Denied", message);
  }

  private void created(int times) {
    written(CREATE, times);
  }

  private void patched(int times) {
    written(PATCH, times);
  }

  private void written(String call, int times) {
    eventually(call + " " + times, () -> cluster.server().calls(call) == times);
    eventually("it is taken", () -> cluster.server().answered() == cluster.server().calls().size());
  }

  /** What the API server holds of the only Event of {@link TestCluster#POD}. */
  private Map<String, Object> stored() {
    List<FakeObject> found = cluster.state().list(object -> object.key().plural().equals("events"));
    assertThat(found).hasSize(1);
    return found.get(0).rest();
  }
}
