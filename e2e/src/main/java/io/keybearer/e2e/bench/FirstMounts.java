package io.keybearer.e2e.bench;

import io.keybearer.e2e.store.StoreServer;
import io.keybearer.e2e.store.StoreSettings;
import io.keybearer.proto.MountRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * First mounts of service accounts and secrets that nobody has asked for before, while code and
 * connections are warm.
 */
final class FirstMounts {

  private static final int WARM = 60;
  private static final int ROUNDS = 31;
  private static final int[] OBJECTS = {1, 30, 100};
  private static final String[] GOALS = {"<= 46", "<= 50", "<= 62"};

  private final DoubleProcess process;
  private final Duration latency;
  private int number;

  FirstMounts(DoubleProcess process, Duration latency) {
    this.process = process;
    this.latency = latency;
  }

  /** With a login, and a proof beside the reads, over cleartext: what Vault asks for. */
  void unproven(Table table) {
    measure(table, StoreSettings.cleartext(), true, "HTTP/1.1, unproven", GOALS);
  }

  /** With a login and references that are shared as they stand, over TLS: as the others do. */
  void shared(Table table) {
    measure(table, StoreSettings.overTls(), false, "TLS, shared", GOALS);
  }

  private void measure(
      Table table, StoreSettings settings, boolean unproven, String how, String[] goals) {
    try (StoreServer store = new StoreServer(settings)) {
      store.faults().baseLatency(latency);
      for (int i = 0; i < WARM; i++) {
        millis(store, OBJECTS[OBJECTS.length - 1], unproven);
      }
      for (int i = 0; i < OBJECTS.length; i++) {
        store.log().clear();
        List<Double> took = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
          took.add(millis(store, OBJECTS[i], unproven));
        }
        requireColdOverWarmConnections(store, OBJECTS[i], unproven);
        String what = "first mount, " + OBJECTS[i] + " objects, " + how;
        table.row(what, Figures.median(took), "ms", goals[i]);
      }
    }
  }

  private double millis(StoreServer store, int objects, boolean unproven) {
    String name = "n" + number++;
    String more = "";
    if (unproven) {
      store.secrets().proof("kv-" + name, true);
      more = ", unproven: kv-" + name;
    }
    String yaml = DoubleProcess.secrets(store, name, objects, more, 50);
    MountRequest request = BenchPod.of(name, "sa-" + name, yaml).mount(store);
    long begin = System.nanoTime();
    process.mount(request, objects);
    return (System.nanoTime() - begin) / 1e6;
  }

  /** What would make the figure one of something else. */
  private static void requireColdOverWarmConnections(
      StoreServer store, int objects, boolean unproven) {
    boolean cold =
        store.log().counts().logins() == ROUNDS
            && store.log().counts().reads() == (long) ROUNDS * objects
            && store.log().counts().proofs() == (unproven ? ROUNDS : 0);
    if (!cold || store.log().connections() > objects) {
      throw new IllegalStateException(
          store.log().counts() + " over " + store.log().connections() + " new connections");
    }
  }
}
