package io.keybearer.provider.history;

import io.keybearer.provider.Alarms;
import io.keybearer.provider.Backend;
import io.keybearer.provider.Deadline;
import io.keybearer.provider.DirectThreads;
import io.keybearer.provider.Freshness;
import io.keybearer.provider.Login;
import io.keybearer.provider.MountFailure;
import io.keybearer.provider.MountId;
import io.keybearer.provider.MountPlan;
import io.keybearer.provider.PlannedObject;
import io.keybearer.provider.PodCredentials;
import io.keybearer.provider.PodIdentity;
import io.keybearer.provider.ReadOutcome;
import io.keybearer.provider.ScriptedBackend;
import io.keybearer.provider.ScriptedBackend.Reference;
import io.keybearer.provider.TurnedTicker;
import io.keybearer.provider.reader.MemoryLedger;
import io.keybearer.provider.reader.MintLedger;
import io.keybearer.provider.reader.PlannedMount;
import io.keybearer.provider.reader.ReadKey;
import io.keybearer.provider.reader.SecretReader;
import io.keybearer.provider.reader.TimedOutcome;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/** One process of the node, until it is killed. */
final class LeaseProcess {

  private final TurnedTicker ticker;
  private final MemoryLedger node;
  private final MintLedger ledger;
  private final SecretReader reader;
  private final Login login;
  private boolean owner = true;
  private boolean alive = true;

  LeaseProcess(LeaseStore store, TurnedTicker ticker, MemoryLedger node) {
    this.ticker = ticker;
    this.node = node;
    this.ledger = node.ofProcess();
    this.login = new ScriptedBackend("leases", 1, 10).login("web", "https://store");
    Backend backend = store.in(this);
    this.reader =
        new SecretReader(
            name -> backend,
            new SecretReader.Bounds(10, 10, 1_000, 1_000_000),
            new SecretReader.Time(ticker, this::in, ticker),
            new SecretReader.Lasting(ledger, () -> owner, news -> {}),
            new DirectThreads());
  }

  private Alarms.Alarm in(Duration pause, Runnable work) {
    return ticker.in(
        pause,
        () -> {
          if (alive) {
            work.run();
          }
        });
  }

  SecretReader reader() {
    return reader;
  }

  boolean isOwner() {
    return owner;
  }

  void owner(boolean now) {
    owner = now;
  }

  boolean isAlive() {
    return alive;
  }

  void requireAlive() throws InterruptedException {
    if (!alive) {
      throw new InterruptedException("the process is gone");
    }
  }

  void kill() {
    alive = false;
    node.killed(ledger);
    reader.close();
  }

  /**
   * Mounts a volume.
   *
   * @param answered told of its files, by name and version, be it after this has returned; not if
   *     it fails or is never answered
   */
  void mount(MountId mount, Set<String> names, Consumer<Map<String, String>> answered) {
    PlannedMount planned = planned(mount, names);
    try {
      Deadline deadline = Deadline.after(Duration.ofSeconds(110), ticker);
      reader.read(
          planned,
          PodCredentials.of("token of " + mount.podUid()),
          new SecretReader.Call(ticker.nanos(), () -> deadline, bytes -> {}),
          outcomes -> told(planned, outcomes, answered));
    } catch (MountFailure failure) {
      throw new AssertionError(failure);
    }
  }

  private PlannedMount planned(MountId mount, Set<String> names) {
    List<PlannedObject> objects =
        new TreeSet<>(names)
            .stream().map(name -> ScriptedBackend.object(Reference.own(name), login)).toList();
    return new PlannedMount(
        mount,
        new PodIdentity("shop", mount.podUid(), mount.podUid(), "web"),
        String.join(",", new TreeSet<>(names)),
        new Freshness(Duration.ofSeconds(60), Duration.ZERO, true, List.of()),
        new MountPlan(objects, List.of()));
  }

  private void told(
      PlannedMount planned,
      Map<ReadKey, TimedOutcome> outcomes,
      Consumer<Map<String, String>> answered) {
    if (!alive) {
      return;
    }
    Map<String, String> told = new HashMap<>();
    outcomes.forEach(
        (key, outcome) -> {
          if (outcome.outcome() instanceof ReadOutcome.Value read) {
            told.put(
                ScriptedBackend.nameOf(key.reference()), read.value().items().get(0).version());
          }
        });
    if (told.size() == outcomes.size()) {
      reader.answered(planned);
      answered.accept(told);
    } else {
      reader.failed(planned);
    }
  }
}
