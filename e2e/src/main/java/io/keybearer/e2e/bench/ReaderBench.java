package io.keybearer.e2e.bench;

import io.keybearer.e2e.store.StoreCounts;
import io.keybearer.e2e.store.StoreServer;
import io.keybearer.e2e.store.StoreSettings;
import io.keybearer.proto.MountRequest;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** What a store that answers in 20 ms is asked for, and how long its reader takes. */
final class ReaderBench {

  private static final Duration LATENCY = Duration.ofMillis(20);
  private static final int PODS = 100;
  private static final int SECRETS = 10;
  private static final int CYCLES = 10;
  private static final int CALLERS = 16;
  private static final int ROUNDS = 5;
  private static final int CALLS = 8_000;

  private final Table table;
  private final Path folder;

  ReaderBench(Table table, Path folder) {
    this.table = table;
    this.folder = folder;
  }

  void run() throws IOException {
    try (StoreServer store = store()) {
      table.row(
          "the store alone: 100 reads, 100 connections, one thread",
          new StoreFloor(store).millis(),
          "ms",
          "a floor");
    }
    try (DoubleProcess process = DoubleProcess.start(folder.resolve("reader"))) {
      FirstMounts first = new FirstMounts(process, LATENCY);
      first.unproven(table);
      first.shared(table);
      try (StoreServer store = store()) {
        cycle(process, store, new Cycle("one", "", false));
        cycle(process, store, new Cycle("proven", ", unproven: kv", false));
        cycle(process, store, new Cycle("many", "", true));
      }
    }
    try (DoubleProcess process = DoubleProcess.start(folder.resolve("rate"));
        StoreServer store = store()) {
      fromMemory(process, store);
    }
    try (DoubleProcess process = DoubleProcess.start(folder.resolve("memory"));
        StoreServer store = store()) {
      memory(process, store);
    }
    new NodeStart(folder, LATENCY).measure(table);
  }

  private static StoreServer store() {
    StoreServer store = new StoreServer(StoreSettings.cleartext());
    store.faults().baseLatency(LATENCY);
    return store;
  }

  /**
   * How pods share.
   *
   * @param more what each object says beside its path
   * @param each whether each pod has a service account of its own
   */
  private record Cycle(String name, String more, boolean each) {

    String text() {
      return each
          ? "100 service accounts"
          : more.isEmpty() ? "one service account" : "one service account, unproven";
    }
  }

  private void cycle(DoubleProcess process, StoreServer store, Cycle cycle) {
    store.secrets().proof("kv", true);
    String yaml = DoubleProcess.secrets(store, cycle.name(), SECRETS, cycle.more(), 50);
    List<MountRequest> requests = new ArrayList<>();
    for (int i = 0; i < PODS; i++) {
      String account = cycle.name() + (cycle.each() ? i : "");
      requests.add(BenchPod.of(cycle.name() + "-" + i, account, yaml).mount(store));
    }
    store.log().clear();
    AtomicInteger next = new AtomicInteger();
    Load.calls(
        PODS * (1 + CYCLES),
        CALLERS,
        () -> process.mount(requests.get(next.getAndIncrement() % PODS), SECRETS));
    StoreCounts counts = store.log().counts();
    String what = "100 pods x 10 secrets and 10 republishes, " + cycle.text() + ", ";
    table.count(what + "reads", counts.reads(), cycle.each() ? "1,000" : "10");
    table.count(what + "logins", counts.logins(), cycle.each() ? "100" : "1");
    if (!cycle.more().isEmpty()) {
      table.count(what + "proofs", counts.proofs(), "1");
    }
  }

  private void fromMemory(DoubleProcess process, StoreServer store) throws IOException {
    String yaml = DoubleProcess.secrets(store, "rate", 5, "", 50);
    MountRequest request = BenchPod.of("rate", "rate", yaml).mount(store);
    Runnable mount = () -> process.mount(request, 5);
    try (Floor floor = Floor.start(folder)) {
      Optional<Runnable> bare =
          floor
              .client()
              .map(client -> () -> Bench.requireFive(client.mount(request, DoubleProcess.KUBELET)));
      Load.calls(CALLS, CALLERS, mount);
      Load.calls(CALLS, CALLERS, process.client()::version);
      bare.ifPresent(call -> Load.calls(CALLS, CALLERS, call));
      List<Double> rates = new ArrayList<>();
      List<Double> versions = new ArrayList<>();
      List<Double> floors = new ArrayList<>();
      for (int i = 0; i < ROUNDS; i++) {
        rates.add(Load.calls(CALLS, CALLERS, mount).callsPerSecond());
        versions.add(Load.calls(CALLS, CALLERS, process.client()::version).callsPerSecond());
        bare.ifPresent(call -> floors.add(Load.calls(CALLS, CALLERS, call).callsPerSecond()));
      }
      String what = "republish from memory with a token, 16 callers";
      table.row(what, Figures.median(rates), "/s", "");
      table.row(what + " / Version", Figures.median(rates) / Figures.median(versions), "x", "");
      if (!floors.isEmpty()) {
        double ratio = Figures.median(rates) / Figures.median(floors);
        table.row(what + " / bare Go provider", ratio, "x", ">= 0.8");
      }
      long p50 = Load.calls(CALLS / 4, 1, mount).p50Nanos();
      table.row("republish from memory with a token, one caller, p50", p50 / 1e6, "ms", "");
    }
  }

  /** As much as memory holds, and a little more: each of 1,000 pods has a value of 16 KiB. */
  private void memory(DoubleProcess process, StoreServer store) {
    table.row("resident memory with the double, idle", process.resident(), "MiB", "");
    List<MountRequest> requests = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      String name = "m" + i;
      String yaml = DoubleProcess.secrets(store, name, 1, "", 16 * 1024);
      requests.add(BenchPod.of(name, "sa-" + name, yaml).mount(store));
    }
    AtomicInteger next = new AtomicInteger();
    Runnable mount = () -> process.mount(requests.get(next.getAndIncrement() % requests.size()), 1);
    Load.calls(1_000, CALLERS, mount);
    table.row("the same after 1,000 mounts, 16 MiB of values", process.resident(), "MiB", "");
    Load.calls(3_000, CALLERS, mount);
    table.row("the same after 3,000 republishes more", process.resident(), "MiB", "");
    if (!process.isAlive()) {
      throw new IllegalStateException("the process did not survive");
    }
  }
}
