package io.keybearer.provider.mount;

import static org.assertj.core.api.Assertions.assertThat;

import io.keybearer.provider.Deadline;
import io.keybearer.provider.MountFailure;
import io.keybearer.provider.Reason;
import io.keybearer.provider.Ticker;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;

/** A queue whose mounts end when the test says so. */
final class MountQueueModel {

  private final MountQueue.Bounds bounds;
  private final Ticker ticker;
  final MountQueue queue;
  final Queue<Runnable> threads = new ArrayDeque<>();
  final List<Mount> all = new ArrayList<>();
  final List<Mount> running = new ArrayList<>();
  final List<String> order = new ArrayList<>();

  MountQueueModel(MountQueue.Bounds bounds, Ticker ticker) {
    this.bounds = bounds;
    this.ticker = ticker;
    this.queue = new MountQueue(bounds, threads::add);
  }

  /** A mount that runs until it is finished. */
  Mount mount(String namespace, Set<String> addresses) {
    Mount mount = new Mount(this, namespace, addresses, 60);
    mount.held = true;
    return mount;
  }

  /** Lets the mount enter; whether it runs now. */
  boolean hold(Mount mount) {
    queue.enter(mount);
    return running.contains(mount);
  }

  /** Lets mounts of these addresses enter; how many of them run now. */
  int holdingAll(int count, String namespace, String... addresses) {
    assertThat(addresses).hasSize(count);
    int started = 0;
    for (String address : addresses) {
      started += hold(mount(namespace, Set.of(address))) ? 1 : 0;
    }
    return started;
  }

  /** Lets a mount enter that ends by itself once it may run. */
  Mount enter(String namespace, String address) {
    return enter(namespace, address, 60);
  }

  Mount enter(String namespace, String address, int seconds) {
    Mount mount = new Mount(this, namespace, Set.of(address), seconds);
    queue.enter(mount);
    return mount;
  }

  void finish(String namespace) {
    finish(running.stream().filter(m -> m.namespace().equals(namespace)).findFirst().orElseThrow());
  }

  void finishSome(int index) {
    if (index < running.size()) {
      finish(running.get(index));
    }
  }

  void finishAll() {
    startThreads();
    while (!running.isEmpty()) {
      finish(running.get(0));
    }
  }

  private void finish(Mount mount) {
    running.remove(mount);
    mount.ended.run();
    startThreads();
  }

  private void startThreads() {
    while (!threads.isEmpty()) {
      threads.remove().run();
    }
  }

  /** Whether rule 17 lets a mount start that enters now. */
  boolean mayStart(String namespace, String address) {
    int free = bounds.running() - running.size();
    return all.stream().noneMatch(m -> m.waits() && m.namespace().equals(namespace))
        && running.stream().filter(m -> m.namespace().equals(namespace)).count() < free
        && running.stream().filter(m -> m.addresses().contains(address)).count() < free;
  }

  void assertBounds() {
    assertThat(running.size()).isLessThanOrEqualTo(bounds.running());
    List<Mount> waiting = all.stream().filter(Mount::waits).toList();
    assertThat(waiting.size()).isLessThanOrEqualTo(bounds.waiting());
    Map<String, Integer> byNamespace = new HashMap<>();
    waiting.forEach(m -> byNamespace.merge(m.namespace(), 1, Integer::sum));
    assertThat(byNamespace.values()).allMatch(count -> count <= bounds.waitingOfNamespace());
    assertThat(queue.unanswered()).isEqualTo(running.size() + waiting.size());
  }

  void assertNothingIsCounted() {
    for (int i = 0; i < bounds.running(); i++) {
      assertThat(hold(mount("last-" + i, Set.of("last-" + i)))).isTrue();
    }
    finishAll();
  }

  static class Mount implements MountQueue.Turn {

    private final MountQueueModel model;
    private final String namespace;
    private final Set<String> addresses;
    private final Deadline deadline;
    final List<MountFailure> refusals = new ArrayList<>();
    private boolean held;
    int runs;
    private Runnable ended = () -> {};

    Mount(MountQueueModel model, String namespace, Set<String> addresses, int seconds) {
      this.model = model;
      this.namespace = namespace;
      this.addresses = addresses;
      this.deadline = Deadline.after(Duration.ofSeconds(seconds), model.ticker);
      model.all.add(this);
    }

    @Override
    public String namespace() {
      return namespace;
    }

    @Override
    public Set<String> addresses() {
      return addresses;
    }

    @Override
    public Deadline deadline() {
      return deadline;
    }

    @Override
    public void run(Runnable whenEnded) {
      runs++;
      model.order.add(addresses.iterator().next());
      if (held) {
        model.running.add(this);
        ended = whenEnded;
      } else {
        whenEnded.run();
      }
    }

    @Override
    public void refuse(MountFailure failure) {
      refusals.add(failure);
    }

    boolean waits() {
      return runs == 0 && refusals.isEmpty();
    }

    void assertWaits() {
      assertThat(waits()).isTrue();
    }

    void assertRefused(String message) {
      assertThat(runs).isZero();
      assertThat(refusals).hasSize(1);
      assertThat(refusals.get(0)).hasMessage(message);
      assertThat(refusals.get(0).reason()).isEqualTo(Reason.BUSY);
    }
  }
}
