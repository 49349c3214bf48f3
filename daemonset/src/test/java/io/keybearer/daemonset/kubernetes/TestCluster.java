package io.keybearer.daemonset.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.keybearer.provider.Deadline;
import io.keybearer.provider.PodIdentity;
import io.keybearer.provider.Ticker;
import io.keybearer.provider.TurnedTicker;
import io.keybearer.provider.http.AllowedAddresses;
import io.keybearer.provider.http.HttpLimits;
import io.keybearer.provider.http.HttpStack;
import io.keybearer.provider.http.Proxies;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** A double of a cluster and Keybearer's way to it, in a time that tests turn. */
final class TestCluster implements AutoCloseable {

  static final PodIdentity POD = new PodIdentity("prod", "web-0", "pod-uid-1", "web");
  static final String NODE = "node-1";
  static final String NODE_LABEL = "internal.secrets-store.csi.k8s.io/node-name";
  static final String POD_STATUSES = "secretproviderclasspodstatuses";

  private static final long PATIENCE_NANOS = Duration.ofSeconds(20).toNanos();

  private final FakeKubernetes kubernetes;
  private final HttpStack stack;
  private final TurnedTicker time = new TurnedTicker();
  private final KubernetesApi api;
  private final Path token;

  private TestCluster(FakeKubernetes kubernetes, Path folder, boolean tokenRequests)
      throws IOException {
    this.kubernetes = kubernetes;
    this.stack =
        new HttpStack(HttpLimits.usual(), Proxies.none(), AllowedAddresses.any(), Ticker.system());
    this.token = Files.writeString(folder.resolve("token"), kubernetes.faults().token() + "\n");
    Path kubeconfig = Files.writeString(folder.resolve("config"), kubeconfig(kubernetes.port()));
    KubernetesSettings settings =
        new KubernetesSettings(kubeconfig.toString(), "", "", folder, NODE, tokenRequests);
    this.api = new KubernetesApi(settings, stack, time, time, time);
  }

  /** One whose files stand in that folder, and whose tokens may be asked for. */
  static TestCluster in(Path folder) throws IOException {
    return new TestCluster(FakeKubernetes.start(), folder, true);
  }

  /** One that asks for no tokens. */
  static TestCluster withoutTokenRequests(Path folder) throws IOException {
    return new TestCluster(FakeKubernetes.start(), folder, false);
  }

  private static String kubeconfig(int port) {
    return """
        apiVersion: v1
        kind: Config
        current-context: test
        contexts: [{name: test, context: {cluster: test, user: test, namespace: keybearer}}]
        clusters: [{name: test, cluster: {server: "http://127.0.0.1:%d"}}]
        users: [{name: test, user: {tokenFile: token}}]
        """
        .formatted(port);
  }

  KubernetesApi api() {
    return api;
  }

  FakeState state() {
    return kubernetes.state();
  }

  FakeFaults faults() {
    return kubernetes.faults();
  }

  FakeKubernetes server() {
    return kubernetes;
  }

  TurnedTicker time() {
    return time;
  }

  /** The file with Keybearer's own token. */
  Path token() {
    return token;
  }

  /** A deadline that no test reaches unless it turns the time. */
  Deadline deadline() {
    return Deadline.after(Duration.ofSeconds(20), time);
  }

  /** The driver writes what that pod has of a class. */
  FakeObject mounted(String namespace, String name, String uid, String podUid, String node) {
    return state()
        .put(
            FakeObject.of(POD_STATUSES, namespace, name, uid)
                .ownedBy(podUid)
                .withLabel(NODE_LABEL, node));
  }

  /** The garbage collector takes it away. */
  void collected(String namespace, String name) {
    state().remove(new FakeObject.Key(POD_STATUSES, namespace, name));
  }

  /** Waits for what other threads do. */
  static void eventually(String what, BooleanSupplier happened) {
    long began = System.nanoTime();
    while (!happened.getAsBoolean()) {
      assertThat(System.nanoTime() - began).as(what).isLessThan(PATIENCE_NANOS);
      LockSupport.parkNanos(1_000_000);
    }
  }

  /** Turns the time in small steps until other threads have done it. */
  void turnUntil(String what, Duration step, BooleanSupplier happened) {
    eventually(
        what,
        () -> {
          time.turn(step);
          return happened.getAsBoolean();
        });
  }

  @Override
  public void close() {
    api.close();
    stack.close();
    kubernetes.close();
  }
}
