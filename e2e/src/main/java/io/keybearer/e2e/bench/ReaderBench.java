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

/** What a store that answers in 20 ms is asked for, and how long its reader takes. */
final class ReaderBench {

  private static final Duration LATENCY = Duration.ofMillis(20);
  private static final int PODS = 100;
  private static final int SECRETS = 10;
  private static final int CYCLES = 10;
  private static final int CALLERS = 16;
  private static final List<String> GOALS = List.of("<= 46", "<= 50", "<= 62");

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
      firstMounts(process);
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

  /**
   * With a login, and over cleartext with a proof beside the reads, as Vault asks for, or over TLS
   * with references that are shared as they stand, as the others do.
   */
  private void firstMounts(DoubleProcess process) {
    FirstMounts first = new FirstMounts(table, process.client());
    try (StoreServer store = store()) {
      first.measure(new DoubleMounts(store, true), ", HTTP/1.1, unproven", GOALS);
    }
    try (StoreServer store = store(StoreSettings.overTls())) {
      first.measure(new DoubleMounts(store, false), ", TLS, shared", GOALS);
    }
  }

  private static StoreServer store() {
    return store(StoreSettings.cleartext());
  }

  private static StoreServer store(StoreSettings settings) {
    StoreServer store = new StoreServer(settings);
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
    Load.around(requests, 1 + CYCLES, CALLERS, request -> process.mount(request, SECRETS));
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
    try (Floor floor = Floor.start(folder)) {
      new FromMemory(table, process.client())
          .measure(request, floor, "republish from memory with a token", "");
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
    Load.around(requests, 1, CALLERS, request -> process.mount(request, 1));
    table.row("the same after 1,000 mounts, 16 MiB of values", process.resident(), "MiB", "");
    Load.around(requests, 3, CALLERS, request -> process.mount(request, 1));
    table.row("the same after 3,000 republishes more", process.resident(), "MiB", "");
    if (!process.isAlive()) {
      throw new IllegalStateException("the process did not survive");
    }
  }
}
