package io.keybearer.daemonset.kubernetes;

import static io.keybearer.daemonset.kubernetes.TestCluster.NODE;
import static io.keybearer.daemonset.kubernetes.TestCluster.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.keybearer.provider.MountFailure;
import io.keybearer.provider.cluster.PodEnds;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PodStatusWatchTest {

  private static final String LIST = "list secretproviderclasspodstatuses";
  private static final String WATCH = "watch secretproviderclasspodstatuses";
  private static final Duration STEP = Duration.ofMillis(500);

  @TempDir Path folder;

  private final List<String> told = new CopyOnWriteArrayList<>();
  private final AtomicInteger works = new AtomicInteger();
  private TestCluster cluster;
  private PodEnds.Listening listening = () -> {};

  @BeforeEach
  void start() throws IOException {
    cluster = TestCluster.in(folder);
  }

  @AfterEach
  void stop() {
    listening.close();
    cluster.close();
  }

  @Test
  void tellsThePodsOfThisNodeAlone() {
    cluster.mounted("prod", "web-0-prod-db", "object-1", "pod-1", NODE);
    cluster.mounted("prod", "web-1-prod-db", "object-2", "pod-2", "node-2");
    listen();
    tells("seen pod-1");

    cluster.mounted("test", "job-test-db", "object-3", "pod-3", NODE);
    cluster.mounted("test", "job-test-tls", "object-4", "pod-4", "node-2");
    tells("seen pod-1", "seen pod-3");
  }

  @Test
  void tellsTheEndOfAPodWhenItsObjectIsGoneForGood() {
    cluster.mounted("prod", "web-0-prod-db", "object-1", "pod-1", NODE);
    listen();
    tells("seen pod-1");
    cluster.collected("prod", "web-0-prod-db");

    cluster.turnUntil("it ends", STEP, () -> told.size() == 2);

    assertThat(told).containsExactly("seen pod-1", "ended pod-1");
    assertThat(cluster.server().calls())
        .filteredOn(call -> call.equals(LIST + " prod/"))
        .hasSize(2);
  }

  @Test
  void tellsNoEndOfAPodWhoseObjectWentToAnotherNode() {
    cluster.mounted("prod", "web-0-prod-db", "object-1", "pod-1", NODE);
    cluster.mounted("prod", "web-1-prod-db", "object-2", "pod-2", NODE);
    listen();
    tells("seen pod-1", "seen pod-2");
    cluster.mounted("prod", "web-0-prod-db", "object-1", "pod-9", "node-2");
    cluster.collected("prod", "web-1-prod-db");

    cluster.turnUntil("the other one ends", STEP, () -> told.size() == 3);

    assertThat(told).containsExactly("seen pod-1", "seen pod-2", "ended pod-2");
  }

  @Test
  void listsInPages() {
    for (int i = 0; i < 250; i++) {
      cluster.mounted("prod", "web-%03d".formatted(i), "object-" + i, "pod-" + i, NODE);
    }
    listen();

    eventually("all are seen", () -> told.size() == 250);
    assertThat(cluster.server().calls(LIST)).isEqualTo(3);
  }

  @Test
  void goesOnWhereAWatchEnded() {
    listen();
    eventually("it watches", () -> cluster.server().calls(WATCH) == 1);
    cluster.mounted("prod", "web-0-prod-db", "object-1", "pod-1", NODE);
    tells("seen pod-1");
    cluster.time().turn(Duration.ofMinutes(4));
    cluster.faults().endWatches();

    eventually("it watches again", () -> cluster.server().calls(WATCH) == 2);
    cluster.mounted("prod", "web-1-prod-db", "object-2", "pod-2", NODE);
    tells("seen pod-1", "seen pod-2");
    assertThat(cluster.server().calls(LIST)).isEqualTo(1);
  }

  @Test
  void goesOnAfterAPauseWhereAWatchWasCut() {
    cluster.mounted("prod", "web-0-prod-db", "object-1", "pod-1", NODE);
    listen();
    eventually("it watches", () -> cluster.server().calls(WATCH) == 1);
    cluster.faults().cutWatches();
    eventually("it pauses", () -> cluster.time().alarms() == 1);
    cluster.mounted("prod", "web-1-prod-db", "object-2", "pod-2", NODE);

    cluster.time().turn(Duration.ofSeconds(1));

    tells("seen pod-1", "seen pod-2");
    assertThat(cluster.server().calls(LIST)).isEqualTo(1);
  }

  @Test
  void listsAnewWhatTheServerHasForgotten() {
    forgets();
  }

  @Test
  void listsAnewWhatTheServerHasForgottenWhenItSaysSoAtOnce() {
    cluster.faults().tellGoneAsStatus();
    forgets();
  }

  private void forgets() {
    cluster.mounted("prod", "web-0-prod-db", "object-1", "pod-1", NODE);
    cluster.mounted("prod", "web-1-prod-db", "object-2", "pod-2", NODE);
    listen();
    tells("seen pod-1", "seen pod-2");
    eventually("it watches", () -> cluster.server().calls(WATCH) == 1);
    cluster.faults().silence(true);
    cluster.collected("prod", "web-0-prod-db");
    cluster.state().compact();
    cluster.faults().cutWatches();
    cluster.faults().silence(false);

    cluster.turnUntil("the end is noticed", STEP, () -> told.size() == 3);

    assertThat(told).containsExactly("seen pod-1", "seen pod-2", "ended pod-1");
  }

  @Test
  void triesEverMoreRarelyWhileTheServerFails() {
    cluster.faults().fail(1000, 500, 0);
    listen();
    eventually("it pauses", () -> cluster.time().alarms() == 1);

    Duration turned = Duration.ZERO;
    while (turned.compareTo(Duration.ofMinutes(10)) < 0) {
      cluster.time().turn(STEP);
      turned = turned.plus(STEP);
      eventually("it pauses", () -> cluster.time().alarms() == 1);
    }

    // Six pauses up to half a minute, then one of half a minute to a minute each.
    assertThat(cluster.server().calls(LIST)).isBetween(14L, 30L);
    cluster.faults().fail(0, 500, 0);
    cluster.mounted("prod", "web-0-prod-db", "object-1", "pod-1", NODE);
    cluster.turnUntil("it works again", STEP, () -> !told.isEmpty());
    assertThat(told).containsExactly("seen pod-1");
  }

  @Test
  void waitsAsLongAsTheServerAsksFor() {
    cluster.faults().fail(1, 429, 30);
    listen();
    eventually("it pauses", () -> cluster.time().alarms() == 1);

    cluster.time().turn(Duration.ofSeconds(29));
    assertThat(cluster.server().calls(LIST)).isEqualTo(1);
    cluster.turnUntil("it asks again", STEP, () -> cluster.server().calls(WATCH) == 1);
  }

  @Test
  void saysOnceThatItMayNotAndTriesRarely() {
    cluster.faults().deny(LIST);
    listen();
    eventually("it pauses", () -> cluster.time().alarms() == 1);
    assertThat(told)
        .containsExactly(
            "cannot tell: Keybearer may not list"
                + " secretproviderclasspodstatuses.secrets-store.csi.x-k8s.io; grant its service"
                + " account the verb list on"
                + " secretproviderclasspodstatuses.secrets-store.csi.x-k8s.io");

    cluster.time().turn(Duration.ofMinutes(9));
    assertThat(cluster.server().calls(LIST)).isEqualTo(1);
    cluster.time().turn(Duration.ofMinutes(1));
    eventually("it tries again", () -> cluster.server().calls(LIST) == 2);
    eventually("it pauses", () -> cluster.time().alarms() == 1);
    assertThat(told).hasSize(1);
    assertThat(works).hasValue(0);

    cluster.faults().allowAll();
    cluster.mounted("prod", "web-0-prod-db", "object-1", "pod-1", NODE);
    cluster.time().turn(Duration.ofMinutes(10));
    eventually("it is seen", () -> told.size() == 2);
    eventually("it says so", () -> works.get() == 1);
  }

  @Test
  void saysThatItCanTellOnceItHasLookedAndAfterItCouldNot() {
    listen();
    eventually("it watches", () -> cluster.server().calls(WATCH) == 1);
    assertThat(works).hasValue(1);

    cluster.faults().deny(WATCH);
    cluster.faults().endWatches();
    cluster.turnUntil("it may not", STEP, () -> told.size() == 1);
    assertThat(works).hasValue(1);

    cluster.faults().allowAll();
    cluster.turnUntil("it tries again", Duration.ofMinutes(1), () -> watches() > 2);
    cluster.mounted("prod", "web-0-prod-db", "object-1", "pod-1", NODE);
    eventually("it is seen", () -> told.size() == 2);
    assertThat(works).hasValue(2);
  }

  private long watches() {
    return cluster.server().calls(WATCH);
  }

  @Test
  void saysThatTheDriverIsNotInstalled() {
    cluster.faults().installDriver(false);
    listen();

    tells(
        "cannot tell: the API server knows no"
            + " secretproviderclasspodstatuses.secrets-store.csi.x-k8s.io; install the Secrets"
            + " Store CSI driver");
  }

  @Test
  void endsItsThreadWhenNobodyListensAnyMore() {
    listen();
    eventually("it watches", () -> cluster.server().calls(WATCH) == 1);
    assertThat(watchThreads()).isEqualTo(1);

    listening.close();

    eventually("the thread ends", () -> watchThreads() == 0);
    cluster.mounted("prod", "web-0-prod-db", "object-1", "pod-1", NODE);
    assertThat(told).isEmpty();
    assertThat(cluster.time().alarms()).isZero();
  }

  @Test
  void endsItsThreadInAPauseToo() {
    cluster.faults().deny(LIST);
    listen();
    eventually("it pauses", () -> cluster.time().alarms() == 1);

    listening.close();

    eventually("the thread ends", () -> watchThreads() == 0);
  }

  private static long watchThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals("pod-ends") && thread.isAlive())
        .count();
  }

  private void listen() {
    listening = cluster.api().podEnds().listen(new Told());
  }

  private void tells(String... lines) {
    eventually("it tells " + List.of(lines), () -> told.size() == lines.length);
    assertThat(told).containsExactly(lines);
  }

  private final class Told implements PodEnds.Listener {

    @Override
    public void podSeen(String podUid) {
      told.add("seen " + podUid);
    }

    @Override
    public void podEnded(String podUid) {
      told.add("ended " + podUid);
    }

    @Override
    public void canTell() {
      works.incrementAndGet();
    }

    @Override
    public void cannotTell(MountFailure why) {
      told.add("cannot tell: " + why.getMessage());
    }
  }
}
