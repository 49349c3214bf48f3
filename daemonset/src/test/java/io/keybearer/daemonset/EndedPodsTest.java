package io.keybearer.daemonset;

import static org.assertj.core.api.Assertions.assertThat;

import io.keybearer.daemonset.kubernetes.FakeCluster;
import io.keybearer.daemonset.kubernetes.KubernetesApi;
import io.keybearer.daemonset.kubernetes.KubernetesSettings;
import io.keybearer.provider.Credentials;
import io.keybearer.provider.Deadline;
import io.keybearer.provider.Freshness;
import io.keybearer.provider.MountFailure;
import io.keybearer.provider.MountId;
import io.keybearer.provider.MountRequest;
import io.keybearer.provider.NodeFacts;
import io.keybearer.provider.PodIdentity;
import io.keybearer.provider.SecretBytes;
import io.keybearer.provider.Ticker;
import io.keybearer.provider.TurnedTicker;
import io.keybearer.provider.http.AllowedAddresses;
import io.keybearer.provider.http.HttpLimits;
import io.keybearer.provider.http.HttpStack;
import io.keybearer.provider.http.Proxies;
import io.keybearer.provider.reader.PlannedMount;
import io.keybearer.provider.reader.SecretReader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From the API server's objects to what is given back to a store. */
class EndedPodsTest {

  private static final String LIST = "list secretproviderclasspodstatuses";
  private static final Duration STEP = Duration.ofSeconds(5);
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(20);

  private final TurnedTicker time = new TurnedTicker();
  private final MintingBackend store = new MintingBackend();
  private final SecretReader reader =
      new SecretReader(
          name -> store,
          new SecretReader.Bounds(8, 8, 1_000, 1_000),
          new SecretReader.Time(time, time, time));
  private final HttpStack stack =
      new HttpStack(HttpLimits.usual(), Proxies.none(), AllowedAddresses.any(), Ticker.system());
  private final FakeCluster cluster;
  private final KubernetesApi api;
  private final EndedPods ends;

  EndedPodsTest(@TempDir Path folder) {
    cluster = FakeCluster.in(folder);
    api =
        new KubernetesApi(
            KubernetesSettings.of(Map.of(), cluster.kubeconfig().toString(), "node-1", false),
            stack,
            time,
            time,
            time);
    ends = EndedPods.await(api.podEnds(), reader, Runnable::run);
  }

  @AfterEach
  void stop() {
    ends.close();
    api.close();
    reader.close();
    stack.close();
    cluster.close();
  }

  /** A volume of that pod is mounted, and the store makes a value for it. */
  private void mount(String podUid) throws MountFailure, InterruptedException {
    PodIdentity pod = new PodIdentity("prod", podUid + "-name", podUid, "web");
    MountRequest request = new MountRequest(pod, "db", "/target", 0644, Map.of());
    NodeFacts node = new NodeFacts("node-1", 10, Freshness.Limits.usual());
    PlannedMount mount =
        new PlannedMount(
            new MountId(podUid, "/target"),
            pod,
            "parameters",
            Freshness.of(request, node),
            store.plan(request, node));
    Deadline deadline = Deadline.after(Duration.ofSeconds(20), time);
    CountDownLatch read = new CountDownLatch(1);
    reader.read(
        mount,
        new Credentials(SecretBytes.empty(), Map.of()),
        new SecretReader.Call(time.nanos(), () -> deadline, bytes -> {}),
        outcomes -> read.countDown());
    assertThat(read.await(20, TimeUnit.SECONDS)).isTrue();
    reader.answered(mount);
  }

  private void turnUntil(String what, BooleanSupplier happened) {
    long began = System.nanoTime();
    while (!happened.getAsBoolean()) {
      time.turn(STEP);
      assertThat(System.nanoTime() - began).as(what).isLessThan(PATIENCE_NANOS);
      LockSupport.parkNanos(1_000_000);
    }
  }

  @Test
  void givesBackWhatAStoreMadeForAPodThatHasEnded() throws Exception {
    cluster.mounted("prod", "pod-1-db", "pod-1", "node-1");
    cluster.mounted("prod", "pod-2-db", "pod-2", "node-1");
    mount("pod-1");
    mount("pod-2");
    turnUntil("it watches", () -> cluster.calls("watch secretproviderclasspodstatuses") == 1);
    assertThat(store.givenBack).hasValue(0);

    cluster.collected("prod", "pod-1-db");

    turnUntil("it is given back", () -> store.givenBack.get() > 0);
    assertThat(store.givenBack).hasValue(1);
  }

  @Test
  void asksNobodyBeforeAStoreHasMadeSomething() throws Exception {
    time.turn(Duration.ofHours(1));
    assertThat(cluster.calls()).isEmpty();

    mount("pod-1");

    turnUntil("it asks", () -> cluster.calls(LIST) == 1);
  }

  @Test
  void listensOnceHoweverMuchIsMade() throws Exception {
    mount("pod-1");
    mount("pod-2");
    turnUntil("it watches", () -> cluster.calls("watch secretproviderclasspodstatuses") == 1);

    assertThat(cluster.calls(LIST)).isEqualTo(1);
  }

  @Test
  void listensToNothingOnceItIsClosed() throws Exception {
    ends.close();

    mount("pod-1");

    assertThat(cluster.calls()).isEmpty();
  }

  @Test
  void tellsOnceWhyItNoticesNothing() throws Exception {
    cluster.deny(LIST);
    try (CapturedLog log = CapturedLog.of(Logs.Format.TEXT, Logs.Level.INFO)) {
      mount("pod-1");
      turnUntil("it tries thrice", () -> cluster.calls(LIST) == 3);
      ends.close();

      assertThat(log.text().replaceFirst("^\\S+ ", ""))
          .isEqualTo(
              "WARN ends of pods are not noticed: what stores made for them lives on until it ends"
                  + " by itself cause=\"Keybearer may not list"
                  + " secretproviderclasspodstatuses.secrets-store.csi.x-k8s.io; grant its service"
                  + " account the verb list on"
                  + " secretproviderclasspodstatuses.secrets-store.csi.x-k8s.io\"\n");
    }
  }
}
