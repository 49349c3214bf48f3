package io.keybearer.provider.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.keybearer.provider.Deadline;
import io.keybearer.provider.Freshness;
import io.keybearer.provider.MountFailure;
import io.keybearer.provider.MountPlan;
import io.keybearer.provider.MountRequest;
import io.keybearer.provider.NodeFacts;
import io.keybearer.provider.SecretBytes;
import io.keybearer.provider.TurnedTicker;
import io.keybearer.provider.reader.PlannedMount;
import io.keybearer.provider.reader.SecretReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;

/** Mounts of a store's secrets through the real reader, in time that a check turns. */
final class Scene implements AutoCloseable {

  static final NodeFacts NODE = new NodeFacts("node-1", 200, Freshness.Limits.usual());

  /** Longer than {@link Freshness.Limits#usual()} keeps values fresh, and refusals in mind. */
  static final Duration LATER = Duration.ofSeconds(90);

  private static final Duration BUDGET = Duration.ofSeconds(110);

  private static final Freshness FRESHNESS =
      new Freshness(Duration.ofSeconds(60), Duration.ofHours(1), true, List.of());

  private final BackendCase store;
  private final TurnedTicker time = new TurnedTicker();
  private final QueuedThreads queue = new QueuedThreads();
  private final RecordingBackend recording;
  private final SecretReader reader;

  /** A scene without threads: requests are sent one after another. */
  Scene(BackendCase store) {
    this.store = store;
    this.recording = new RecordingBackend(store.backend());
    this.reader = reader(queue);
  }

  /** A scene whose requests run on these threads. */
  Scene(BackendCase store, ExecutorService threads) {
    this.store = store;
    this.recording = new RecordingBackend(store.backend());
    this.reader = reader(threads);
  }

  private SecretReader reader(ExecutorService threads) {
    return new SecretReader(
        name -> recording,
        new SecretReader.Bounds(100, 100, 1_000_000, 10_000_000),
        new SecretReader.Time(time, time, time),
        threads);
  }

  /** What the reader has asked of the store. */
  RecordingBackend asked() {
    return recording;
  }

  /** Puts a secret of each of these names, whose content nothing may print. */
  static void put(BackendCase store, String... names) {
    for (String name : names) {
      store.put(name, content(name));
    }
  }

  /** The content of the secret of that name. */
  static SecretBytes content(String name) {
    return bytes("canary-content-of-" + name);
  }

  static SecretBytes bytes(String text) {
    return SecretBytes.copyOf(text.getBytes(StandardCharsets.UTF_8));
  }

  /** What the store plans for these secrets. */
  static MountPlan plan(BackendCase store, Pod pod, String... names) throws MountFailure {
    return store.backend().plan(store.request(pod, List.of(names)), NODE);
  }

  /** Begins a mount whose outcomes will be there once they are. */
  Mounted begin(Pod pod, String... names) throws MountFailure {
    MountRequest request = store.request(pod, List.of(names));
    PlannedMount planned =
        new PlannedMount(
            request.mount(),
            request.pod(),
            List.of(names).toString(),
            FRESHNESS,
            recording.plan(request, NODE));
    Deadline deadline = Deadline.after(BUDGET, time);
    return new Mounted(
        reader,
        planned,
        store.credentials(pod),
        new SecretReader.Call(time.nanos(), () -> deadline, bytes -> {}));
  }

  /** A mount that has its outcomes. */
  Mounted mount(Pod pod, String... names) throws MountFailure {
    Mounted mounted = begin(pod, names);
    finish(List.of(mounted));
    return mounted;
  }

  /** Lets these mounts end: sends their requests, and lets time pass as long as that takes. */
  void finish(List<Mounted> mounts) {
    queue.run();
    for (int second = 0; !mounts.stream().allMatch(Mounted::isOver); second++) {
      assertThat(second).as("seconds until each mount has its outcomes").isLessThan(150);
      pass(Duration.ofSeconds(1));
    }
  }

  void pass(Duration duration) {
    time.turn(duration);
    queue.run();
  }

  @Override
  public void close() {
    reader.close();
  }
}
