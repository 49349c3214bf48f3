package io.keybearer.e2e.bench;

import io.grpc.StatusRuntimeException;
import io.keybearer.e2e.store.StoreFault;
import io.keybearer.e2e.store.StoreServer;
import io.keybearer.e2e.store.StoreSettings;
import io.keybearer.proto.MountRequest;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** 300 pods of 20 namespaces that mount at once after a node's start, with and without a fault. */
final class NodeStart {

  private static final int PODS = 300;
  private static final int NAMESPACES = 20;
  private static final int SECRETS = 5;
  private static final int ROUNDS = 3;
  private static final Duration HANGING = Duration.ofSeconds(20);

  private final Path folder;
  private final Duration latency;
  private int number;

  NodeStart(Path folder, Duration latency) {
    this.folder = folder;
    this.latency = latency;
  }

  /** The time of the last mount of the 19 namespaces whose store is well. */
  void measure(Table table) throws IOException {
    List<Double> well = new ArrayList<>();
    List<Double> hanging = new ArrayList<>();
    for (int i = 0; i < ROUNDS; i++) {
      well.add(lastMillis(false));
      hanging.add(lastMillis(true));
    }
    String what = "node start, 285 of 300 pods, last mount";
    table.row(what, Figures.median(well), "ms", "");
    table.row(what + ", the other 15 hang", Figures.median(hanging), "ms", "");
    table.row(
        what + ", with / without", Figures.median(hanging) / Figures.median(well), "x", "about 1");
  }

  private double lastMillis(boolean hangs) throws IOException {
    ExecutorService callers = Executors.newFixedThreadPool(PODS);
    try (DoubleProcess process = DoubleProcess.start(folder.resolve("node-" + number++));
        StoreServer store = new StoreServer(StoreSettings.cleartext());
        StoreServer other = new StoreServer(StoreSettings.cleartext())) {
      store.faults().baseLatency(latency);
      other.faults().baseLatency(latency);
      if (hangs) {
        other.faults().plant(call -> true, StoreFault.hang());
      }
      List<CompletableFuture<Long>> well = new ArrayList<>();
      List<MountRequest> requests = requests(store, other);
      List<CompletableFuture<Long>> rest = new ArrayList<>();
      long begin = System.nanoTime();
      for (int i = 0; i < PODS; i++) {
        MountRequest request = requests.get(i);
        boolean mayFail = i % NAMESPACES == 0;
        (mayFail ? rest : well)
            .add(CompletableFuture.supplyAsync(() -> ended(process, request, mayFail), callers));
      }
      long last = well.stream().mapToLong(CompletableFuture::join).max().orElseThrow();
      other.faults().clear();
      rest.forEach(CompletableFuture::join);
      return (last - begin) / 1e6;
    } finally {
      callers.shutdownNow();
    }
  }

  private static List<MountRequest> requests(StoreServer store, StoreServer other) {
    String yaml = DoubleProcess.secrets(store, "start", SECRETS, "", 50);
    DoubleProcess.secrets(other, "start", SECRETS, "", 50);
    List<MountRequest> requests = new ArrayList<>();
    for (int i = 0; i < PODS; i++) {
      String namespace = "ns-" + i % NAMESPACES;
      BenchPod pod = new BenchPod(namespace, "pod-" + i, "sa-" + i % (3 * NAMESPACES), yaml);
      requests.add(pod.mount(i % NAMESPACES == 0 ? other : store));
    }
    return requests;
  }

  private static long ended(DoubleProcess process, MountRequest request, boolean mayFail) {
    try {
      process.client().mount(request, mayFail ? HANGING : DoubleProcess.KUBELET);
    } catch (StatusRuntimeException e) {
      if (!mayFail) {
        throw e;
      }
    }
    return System.nanoTime();
  }
}
