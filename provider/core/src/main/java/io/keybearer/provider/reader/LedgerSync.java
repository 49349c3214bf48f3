package io.keybearer.provider.reader;

import io.keybearer.provider.Deadline;
import io.keybearer.provider.MountFailure;
import io.keybearer.provider.MountId;
import io.keybearer.provider.PodIdentity;
import io.keybearer.provider.Session;
import io.keybearer.provider.reader.KeptMount.KeptSession;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Keeps memory and the ledger in step: takes over what others have written, and writes down what
 * has changed here. Not under the lock, but for {@link #writeLater}.
 */
final class LedgerSync {

  private static final Duration LONGEST_WRITE = Duration.ofSeconds(5);
  private static final Duration LOOK_AGAIN = Duration.ofSeconds(30);

  private final ReaderState state;
  private final Keeping keeping;
  private final SecretReader.Lasting lasting;
  private final Deque<MountId> toWrite = new ArrayDeque<>();
  private boolean writing;
  private volatile boolean wasOwner = true;

  LedgerSync(ReaderState state, Keeping keeping, SecretReader.Lasting lasting) {
    this.state = state;
    this.keeping = keeping;
    this.lasting = lasting;
  }

  private MintLedger ledger() {
    return lasting.ledger();
  }

  /** Whether the driver finds this process: it looks at files. */
  boolean isOwner() {
    wasOwner = lasting.owner().getAsBoolean();
    return wasOwner;
  }

  /** Whether it did when that was looked at last. */
  boolean wasOwner() {
    return wasOwner;
  }

  /** Takes over what another process has changed, if it has. Two looks at a file, mostly one. */
  void refresh(MountId mount) {
    String known = keeping.stamp(mount);
    if (!known.isEmpty() && !ledger().stamp(mount).equals(known)) {
      look(mount);
    }
  }

  private void look(MountId mount) {
    long before = state.lock().compute(() -> keeping.revision(mount));
    String stamp = ledger().stamp(mount);
    Optional<KeptMount> record = ledger().read(mount);
    KeptMount nothing = KeptMount.of(mount, new PodIdentity("", "", mount.podUid(), ""));
    apply(snapshot(record.orElse(nothing), record.isPresent() ? stamp : "", before));
  }

  /** Takes over what a record says. */
  void apply(Snapshot snapshot) {
    state.lock().change(() -> keeping.apply(snapshot));
  }

  /** A record that this process holds, with its sessions that were not known. */
  Snapshot snapshot(KeptMount record) {
    long before = state.lock().compute(() -> keeping.revision(record.mount()));
    return snapshot(record, ledger().stamp(record.mount()), before);
  }

  private Snapshot snapshot(KeptMount record, String stamp, long before) {
    Map<String, Session> resumed = new HashMap<>();
    for (KeptSession kept : state.lock().compute(() -> keeping.unknown(record))) {
      resume(kept).ifPresent(session -> resumed.put(kept.id(), session));
    }
    return new Snapshot(record, stamp, before, resumed);
  }

  private Optional<Session> resume(KeptSession kept) {
    return state.knows(kept.key().backend())
        ? state.backend(kept.key().backend()).resume(kept.key(), kept.state())
        : Optional.empty();
  }

  /** Begins to take over what processes have left behind, and goes on with that; by any thread. */
  void takeOver() {
    if (lasting.ledger().keeps()) {
      state.execute(this::takeOverOnce);
    }
  }

  private void takeOverOnce() {
    try {
      if (isOwner()) {
        lookAtAll();
        state.lock().change(keeping::giveBackUnused);
      }
    } finally {
      // Whatever a store makes of one record, the others are looked at again.
      state.alarms().in(LOOK_AGAIN, this::takeOver);
    }
  }

  private void lookAtAll() {
    for (MountId mount : ledger().mounts()) {
      if (!ledger().stamp(mount).equals(keeping.stamp(mount))) {
        look(mount);
      }
    }
  }

  /** Writes down what has changed; under the lock. */
  void writeLater(MountId mount) {
    if (!toWrite.contains(mount)) {
      toWrite.add(mount);
    }
    if (!writing) {
      writing = true;
      state.lock().afterwards(() -> state.execute(this::writeAll));
    }
  }

  private void writeAll() {
    Optional<MountId> next = next();
    while (next.isPresent()) {
      write(next.get());
      next = next();
    }
  }

  private Optional<MountId> next() {
    return state
        .lock()
        .compute(
            () -> {
              Optional<MountId> next = Optional.ofNullable(toWrite.poll());
              writing = next.isPresent();
              return next;
            });
  }

  private void write(MountId mount) {
    try (MintLedger.Hold hold =
        ledger().hold(mount, Deadline.after(LONGEST_WRITE, state.ticker()))) {
      hold.update(record -> state.lock().compute(() -> keeping.reflect(record)));
      apply(snapshot(hold.record()));
    } catch (MountFailure busy) {
      state.alarms().in(LONGEST_WRITE, () -> state.lock().change(() -> keeping.changed(mount)));
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
    }
  }
}
