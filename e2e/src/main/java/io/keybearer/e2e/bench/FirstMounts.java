package io.keybearer.e2e.bench;

import io.keybearer.e2e.process.ProviderClient;
import io.keybearer.proto.MountRequest;
import java.util.ArrayList;
import java.util.List;

/**
 * First mounts of service accounts that have never asked, while code and connections are warm: one
 * at a time, of several numbers of objects.
 */
final class FirstMounts {

  /** The numbers of objects that are measured. */
  static final List<Integer> OBJECTS = List.of(1, 30, 100);

  /** The JVM compiles what was called 200 times, as it has in a process of some days. */
  private static final int WARM = 210;

  private static final int ROUNDS = 31;

  /** What is mounted from. */
  interface Source {

    /** A request for so many objects, of a service account that has never asked. */
    MountRequest unseen(int objects);

    /** Counts what is asked of it from now on. */
    void count();

    /** Fails where the mounts since then were others than those, each of so many objects. */
    void requireFirst(int mounts, int objects);
  }

  private final Table table;
  private final ProviderClient client;

  FirstMounts(Table table, ProviderClient client) {
    this.table = table;
    this.client = client;
  }

  /**
   * A row for each number of objects.
   *
   * @param how what the rows say of it
   * @param goals one for each
   */
  void measure(Source source, String how, List<String> goals) {
    warm(source);
    for (int i = 0; i < OBJECTS.size(); i++) {
      measure(source, OBJECTS.get(i), how, goals.get(i));
    }
  }

  /** Until code and connections are there. */
  void warm(Source source) {
    for (int i = 0; i < WARM; i++) {
      millis(source, OBJECTS.get(i % OBJECTS.size()));
    }
  }

  /** One row, of what was warmed. */
  void measure(Source source, int objects, String how, String goal) {
    source.count();
    List<Double> took = new ArrayList<>();
    for (int round = 0; round < ROUNDS; round++) {
      took.add(millis(source, objects));
    }
    source.requireFirst(ROUNDS, objects);
    String what = "first mount, " + objects + " objects" + how;
    table.row(what, Figures.median(took), "ms", goal);
  }

  private double millis(Source source, int objects) {
    MountRequest request = source.unseen(objects);
    long begin = System.nanoTime();
    int files = client.mount(request, DoubleProcess.KUBELET).getFilesCount();
    long took = System.nanoTime() - begin;
    if (files != objects) {
      throw new IllegalStateException("an answer of " + files + " files");
    }
    return took / 1e6;
  }
}
