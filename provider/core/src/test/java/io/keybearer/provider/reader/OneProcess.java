package io.keybearer.provider.reader;

import io.keybearer.provider.Alarms;
import io.keybearer.provider.Backend;
import io.keybearer.provider.DirectThreads;
import io.keybearer.provider.Login;
import io.keybearer.provider.TurnedTicker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** One of several processes of a node over one ledger, until it is killed. */
final class OneProcess {

  private final TurnedTicker time;
  private final Login login;
  private final MemoryLedger node;
  private final MintLedger ledger;
  private final SecretReader reader;
  private final List<MintNews> news = new ArrayList<>();
  private boolean owner = true;
  private boolean alive = true;

  OneProcess(Backend store, TurnedTicker time, Login login, MemoryLedger node) {
    this.time = time;
    this.login = login;
    this.node = node;
    this.ledger = node.ofProcess();
    this.reader =
        new SecretReader(
            name -> named(store, name),
            new SecretReader.Bounds(100, 100, 1_000_000, 1_000_000),
            new SecretReader.Time(time, this::in, time),
            new SecretReader.Lasting(ledger, () -> owner, news::add),
            new DirectThreads());
  }

  private static Backend named(Backend store, String name) {
    if (!store.name().equals(name)) {
      throw new IllegalArgumentException("no store is called " + name);
    }
    return store;
  }

  private Alarms.Alarm in(Duration pause, Runnable work) {
    return time.in(
        pause,
        () -> {
          if (alive) {
            work.run();
          }
        });
  }

  /** A mount of that pod, still to be asked for. */
  Asking pod(String name) {
    return new Asking(reader, time, name, login);
  }

  SecretReader reader() {
    return reader;
  }

  /** What it has told so far. */
  List<MintNews> news() {
    return List.copyOf(news);
  }

  /** The driver finds another process from now on, or this one again. */
  void owner(boolean now) {
    owner = now;
  }

  /** It does nothing more. */
  void kill() {
    alive = false;
    node.killed(ledger);
    reader.close();
  }
}
