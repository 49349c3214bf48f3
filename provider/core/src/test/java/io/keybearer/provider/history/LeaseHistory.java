package io.keybearer.provider.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.keybearer.provider.MountId;
import io.keybearer.provider.TurnedTicker;
import io.keybearer.provider.reader.MemoryLedger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.stateful.Action;

/** What happens on a node whose processes come and go, while its pods hold leases. */
final class LeaseHistory {

  private static final Duration GRACE = Duration.ofMinutes(20);

  /** One thing that happens. */
  interface LeaseStep extends Action<LeaseHistory> {

    /** Lets it happen, after another one or in the middle of a call. */
    void happen(LeaseHistory history);

    @Override
    default LeaseHistory run(LeaseHistory history) {
      happen(history);
      history.check();
      return history;
    }
  }

  /** A volume is mounted or republished by the owner or by the one before it. */
  record Mount(int volume, boolean byOwner, List<LeaseStep> meanwhile) implements LeaseStep {
    @Override
    public void happen(LeaseHistory history) {
      history.store.meanwhile(() -> meanwhile.forEach(step -> step.happen(history)));
      history.mount(volume, byOwner);
      history.store.meanwhile(() -> {});
    }
  }

  /** Time passes. */
  record Pass(int seconds) implements LeaseStep {
    @Override
    public void happen(LeaseHistory history) {
      history.ticker.turn(Duration.ofSeconds(seconds));
      Thread.interrupted();
    }
  }

  /** Somebody edits what a volume asks for. */
  record Edit(int volume, Set<String> names) implements LeaseStep {
    @Override
    public void happen(LeaseHistory history) {
      history.names.put(volume, names);
    }
  }

  /** All processes are killed, and another one starts. */
  record Restart() implements LeaseStep {
    @Override
    public void happen(LeaseHistory history) {
      history.running.forEach(LeaseProcess::kill);
      history.running.clear();
      history.start();
    }
  }

  /** Another process starts beside the one that runs, and takes the sockets. */
  record Surge() implements LeaseStep {
    @Override
    public void happen(LeaseHistory history) {
      if (history.running.size() > 1) {
        history.running.remove(0).kill();
      }
      history.running.forEach(old -> old.owner(false));
      history.start();
    }
  }

  /** The process that lost the sockets ends. */
  record EndOld() implements LeaseStep {
    @Override
    public void happen(LeaseHistory history) {
      if (history.running.size() > 1) {
        history.running.remove(0).kill();
      }
    }
  }

  /** A pod ends, and another of its place begins. */
  record EndPod(int volume) implements LeaseStep {
    @Override
    public void happen(LeaseHistory history) {
      history.endPod(volume);
    }
  }

  /** Every call of the store fails from now on, or none. */
  record Fail(boolean now) implements LeaseStep {
    @Override
    public void happen(LeaseHistory history) {
      history.store.fails(now);
    }
  }

  /** The store renews no lease from now on, or each. */
  record Refuse(boolean now) implements LeaseStep {
    @Override
    public void happen(LeaseHistory history) {
      history.store.refuses(now);
    }
  }

  private final TurnedTicker ticker = new TurnedTicker();
  private final MemoryLedger ledger = new MemoryLedger();
  private final LeaseStore store;
  private final boolean endsTold;
  private final List<LeaseProcess> running = new ArrayList<>();
  private final Map<Integer, Integer> incarnations = new HashMap<>();
  private final Map<Integer, Set<String>> names = new HashMap<>();
  private final Map<MountId, Long> calls = new HashMap<>();
  private final Set<MountId> answered = new HashSet<>();

  LeaseHistory(Duration mostLife, boolean endsTold) {
    this.store = new LeaseStore(ticker, () -> ledger.records().values(), mostLife);
    this.endsTold = endsTold;
    start();
  }

  private void start() {
    LeaseProcess process = new LeaseProcess(store, ticker, ledger);
    running.add(process);
    process.reader().endsTold(endsTold);
    for (int volume = 0; volume < 3; volume++) {
      process.reader().podSeen(mount(volume).podUid());
    }
    process.reader().takeOver();
  }

  private MountId mount(int volume) {
    return new MountId("pod " + volume + "." + incarnations.getOrDefault(volume, 0), "/target");
  }

  private void mount(int volume, boolean byOwner) {
    LeaseProcess process = running.get(byOwner ? running.size() - 1 : 0);
    MountId mount = mount(volume);
    process.reader().podSeen(mount.podUid());
    Set<String> wanted = names.getOrDefault(volume, Set.of("a", "b"));
    process.mount(mount, wanted, told -> told(volume, mount, told));
    calls.put(mount, store.now());
  }

  private void told(int volume, MountId mount, Map<String, String> told) {
    // A pod that has ended meanwhile may hear of what was given back already.
    if (mount.equals(mount(volume))) {
      answered.add(mount);
      told.forEach((name, version) -> judge(mount, name, version));
      store.leases().stream()
          .filter(lease -> store.mount(lease).equals(mount) && !told.containsKey(lease.name()))
          .forEach(LeaseStore.Made::unwant);
    }
  }

  private void judge(MountId mount, String name, String version) {
    LeaseStore.Made lease =
        store.leases().stream()
            .filter(made -> made.version().equals(version))
            .findFirst()
            .orElseThrow();
    if (!store.mount(lease).equals(mount) || !lease.name().equals(name)) {
      store.violations().add("somebody else's: " + lease);
    }
    if (!store.isTaken(lease)) {
      store.violations().add("not taken any more: " + lease + " at " + store.now() / 1_000_000);
    }
  }

  private void endPod(int volume) {
    MountId ended = mount(volume);
    incarnations.merge(volume, 1, Integer::sum);
    if (endsTold) {
      store.isOver(ended);
      List.copyOf(running).forEach(process -> process.reader().podEnded(ended.podUid()));
    }
  }

  private void check() {
    store.kept().forEach(LeaseStore.Made::know);
    // A mount that never got its files and has not come back is given up.
    store.leases().stream()
        .filter(lease -> !answered.contains(store.mount(lease)))
        .filter(lease -> store.now() - lastCall(lease) >= Duration.ofSeconds(150).toNanos())
        .forEach(LeaseStore.Made::unwant);
    assertThat(store.violations()).isEmpty();
  }

  private long lastCall(LeaseStore.Made lease) {
    return calls.getOrDefault(store.mount(lease), store.now());
  }

  /** All pods have ended, and nobody told; then nothing is left. */
  void end() {
    store.fails(false);
    running.forEach(LeaseProcess::kill);
    running.clear();
    LeaseProcess last = new LeaseProcess(store, ticker, ledger);
    last.reader().endsTold(true);
    last.reader().takeOver();
    ticker.turn(GRACE);
    assertThat(store.violations()).isEmpty();
    assertThat(store.leases().stream().filter(store::isTaken)).as("leases left").isEmpty();
    assertThat(ledger.records()).as("records left").isEmpty();
  }
}
