package io.keybearer.e2e.bench;

import io.keybearer.e2e.process.ProviderClient;
import io.keybearer.proto.MountRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One Mount of five files again and again, which is answered from memory, beside calls that do
 * nothing and a bare provider.
 */
final class FromMemory {

  private static final int CALLS = 8_000;
  private static final int CALLERS = 16;
  private static final int ROUNDS = 5;
  private static final int FILES = 5;

  private final Table table;
  private final ProviderClient client;

  FromMemory(Table table, ProviderClient client) {
    this.table = table;
    this.client = client;
  }

  /**
   * The rows of a request.
   *
   * @param what what they say of it
   */
  void measure(MountRequest request, Floor floor, String what, String goal) {
    Runnable mount = () -> mount(client, request);
    Optional<Runnable> bare = floor.client().map(other -> () -> mount(other, request));
    Load.calls(CALLS, CALLERS, mount);
    Load.calls(CALLS, CALLERS, client::version);
    bare.ifPresent(call -> Load.calls(CALLS, CALLERS, call));
    List<Double> rates = new ArrayList<>();
    List<Double> versions = new ArrayList<>();
    List<Double> floors = new ArrayList<>();
    for (int i = 0; i < ROUNDS; i++) {
      rates.add(Load.calls(CALLS, CALLERS, mount).callsPerSecond());
      versions.add(Load.calls(CALLS, CALLERS, client::version).callsPerSecond());
      bare.ifPresent(call -> floors.add(Load.calls(CALLS, CALLERS, call).callsPerSecond()));
    }
    String many = what + ", 16 callers";
    table.row(many, Figures.median(rates), "/s", goal);
    table.row(many + " / Version", Figures.median(rates) / Figures.median(versions), "x", "");
    if (!floors.isEmpty()) {
      double ratio = Figures.median(rates) / Figures.median(floors);
      table.row(many + " / bare Go provider", ratio, "x", ">= 0.8");
    }
    long p50 = Load.calls(CALLS / 4, 1, mount).p50Nanos();
    table.row(what + ", one caller, p50", p50 / 1e6, "ms", "");
  }

  private static void mount(ProviderClient client, MountRequest request) {
    int files = client.mount(request, DoubleProcess.KUBELET).getFilesCount();
    if (files != FILES) {
      throw new IllegalStateException("an answer of " + files + " files");
    }
  }
}
