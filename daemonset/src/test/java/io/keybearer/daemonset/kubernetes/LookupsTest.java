package io.keybearer.daemonset.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.keybearer.provider.Deadline;
import io.keybearer.provider.MountFailure;
import io.keybearer.provider.PodIdentity;
import io.keybearer.provider.Reason;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LookupsTest {

  private static final String GET = "get serviceaccounts";

  @TempDir Path folder;

  private TestCluster cluster;

  @BeforeEach
  void start() throws IOException {
    cluster = TestCluster.in(folder);
    cluster.state().put(account("one"));
  }

  @AfterEach
  void stop() {
    cluster.close();
  }

  private static FakeObject account(String role) {
    return FakeObject.of("serviceaccounts", "prod", "web", "uid").withAnnotation("role", role);
  }

  @Test
  void asksOnceForAHundredMounts() throws Exception {
    ExecutorService mounts = Executors.newFixedThreadPool(100);
    try {
      List<Callable<Map<String, String>>> asking = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        asking.add(this::annotations);
      }
      for (Future<Map<String, String>> answer : mounts.invokeAll(asking)) {
        assertThat(answer.get()).containsEntry("role", "one");
      }
    } finally {
      mounts.shutdownNow();
    }
    assertThat(cluster.server().calls(GET)).isEqualTo(1);
  }

  @Test
  void asksAgainAfterAMinute() throws Exception {
    annotations();
    cluster.state().put(account("two"));

    cluster.time().turn(Duration.ofSeconds(59));
    assertThat(annotations()).containsEntry("role", "one");
    cluster.time().turn(Duration.ofSeconds(1));
    assertThat(annotations()).containsEntry("role", "two");
  }

  @Test
  void asksSoonAgainForWhatWasMissing() throws Exception {
    cluster.state().remove(account("one").key());
    assertThat(failure().reason()).isEqualTo(Reason.NOT_FOUND);
    cluster.state().put(account("two"));

    cluster.time().turn(Duration.ofSeconds(4));
    assertThat(failure().reason()).isEqualTo(Reason.NOT_FOUND);
    cluster.time().turn(Duration.ofSeconds(1));
    assertThat(annotations()).containsEntry("role", "two");
    assertThat(cluster.server().calls(GET)).isEqualTo(2);
  }

  @Test
  void doesNotInsistOnWhatItMayNot() throws Exception {
    cluster.faults().deny(GET);
    for (int i = 0; i < 10; i++) {
      assertThat(failure().reason()).isEqualTo(Reason.ACCESS_DENIED);
      cluster.time().turn(Duration.ofSeconds(2));
    }
    assertThat(cluster.server().calls(GET)).isEqualTo(1);

    cluster.faults().allowAll();
    cluster.time().turn(Duration.ofSeconds(10));
    assertThat(annotations()).containsEntry("role", "one");
  }

  @Test
  void keepsNoFailureThatPasses() throws Exception {
    cluster.faults().fail(1, 500, 0);
    assertThat(failure().reason()).isEqualTo(Reason.STORE_UNAVAILABLE);

    assertThat(annotations()).containsEntry("role", "one");
  }

  @Test
  void looksAnewForAPodOfTheSameName() throws Exception {
    cluster
        .state()
        .put(FakeObject.of("pods", "prod", "web-0", "pod-uid-1").withLabel("version", "1"));
    assertThat(cluster.api().pods().labels(TestCluster.POD, cluster.deadline()))
        .containsEntry("version", "1");
    cluster
        .state()
        .put(FakeObject.of("pods", "prod", "web-0", "pod-uid-2").withLabel("version", "2"));

    PodIdentity next = new PodIdentity("prod", "web-0", "pod-uid-2", "web");
    assertThat(cluster.api().pods().labels(next, cluster.deadline())).containsEntry("version", "2");
  }

  @Test
  void goesOnForOthersWhenTheOneThatAskedHasNoTimeLeft() throws Exception {
    cluster.faults().fail(1, 429, 30);
    assertThat(failure().reason()).isEqualTo(Reason.STORE_UNAVAILABLE);
    ExecutorService mounts = Executors.newFixedThreadPool(2);
    try {
      // The first waits for the server to be asked again, and holds what the second waits for.
      Future<Map<String, String>> first = mounts.submit(() -> annotations(Duration.ofSeconds(40)));
      TestCluster.eventually("the first waits", () -> cluster.time().alarms() == 1);
      Future<Map<String, String>> second = mounts.submit(() -> annotations(Duration.ofSeconds(50)));
      first.cancel(true);
      TestCluster.eventually("the second asks", () -> cluster.time().alarms() == 1);
      cluster.turnUntil("it is answered", Duration.ofSeconds(1), second::isDone);
      assertThat(second.get()).containsEntry("role", "one");
    } finally {
      mounts.shutdownNow();
    }
  }

  private Map<String, String> annotations() throws MountFailure, InterruptedException {
    return annotations(Duration.ofSeconds(20));
  }

  private Map<String, String> annotations(Duration time) throws MountFailure, InterruptedException {
    return cluster
        .api()
        .serviceAccounts()
        .annotations("prod", "web", Deadline.after(time, cluster.time()));
  }

  private MountFailure failure() {
    return catchThrowableOfType(MountFailure.class, this::annotations);
  }
}
