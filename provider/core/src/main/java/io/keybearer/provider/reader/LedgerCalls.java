package io.keybearer.provider.reader;

import io.keybearer.provider.ByteAllowance;
import io.keybearer.provider.Deadline;
import io.keybearer.provider.MountFailure;
import io.keybearer.provider.MountId;
import io.keybearer.provider.PodIdentity;
import io.keybearer.provider.ReadOutcome;
import io.keybearer.provider.Reason;
import io.keybearer.provider.SecretBytes;
import io.keybearer.provider.SecretRef;
import io.keybearer.provider.SecretValue;
import io.keybearer.provider.Session;
import io.keybearer.provider.reader.KeptMount.KeptSession;
import io.keybearer.provider.reader.KeptMount.KeptValue;
import io.keybearer.provider.reader.KeptMount.Life;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What is done with a record of the ledger in hand, on threads that may wait: logins, reads of what
 * is minted, giving back, and writing down what has changed. Not under the lock.
 */
final class LedgerCalls {

  private static final Duration LONGEST_WRITE = Duration.ofSeconds(5);
  private static final Duration LOOK_AGAIN = Duration.ofSeconds(30);

  /**
   * A session that was opened or gone on with.
   *
   * @param keptAs its id in the ledger, empty where it is in none
   * @param seen the ledger's record then
   */
  record Opened(Session session, String keptAs, boolean resumed, Optional<Snapshot> seen) {}

  /**
   * What a request brought.
   *
   * @param outcomes of what was read
   * @param keptAs the ids in the ledger of what was minted for these
   * @param madeElsewhere what another process has minted meanwhile
   * @param seen the ledger's record then
   */
  record Answers(
      Map<SecretRef, ReadOutcome> outcomes,
      Map<SecretRef, String> keptAs,
      Set<SecretRef> madeElsewhere,
      Optional<Snapshot> seen) {}

  private final ReaderState state;
  private final Keeping keeping;
  private final SecretReader.Lasting lasting;
  private final Deque<MountId> toWrite = new ArrayDeque<>();
  private boolean writing;
  private volatile boolean wasOwner = true;

  LedgerCalls(ReaderState state, Keeping keeping, SecretReader.Lasting lasting) {
    this.state = state;
    this.keeping = keeping;
    this.lasting = lasting;
  }

  private boolean isKept(SessionId id) {
    return !id.isShared() && lasting.ledger().keeps();
  }

  private MintLedger ledger() {
    return lasting.ledger();
  }

  /** Whether the node's sockets were this process's own when that was looked at last. */
  boolean wasOwner() {
    return wasOwner;
  }

  /** Whether this process may renew that session and give it back. */
  boolean mayKeepUp(OpenSession session) {
    if (session.keptAs().isEmpty()) {
      return true;
    }
    wasOwner = lasting.owner().getAsBoolean();
    return wasOwner;
  }

  /** A request that opens a session. */
  @FunctionalInterface
  interface Login {

    /** Logs in. */
    Session open(Deadline deadline) throws MountFailure, InterruptedException;
  }

  /** Goes on with a session of the ledger, or opens one and writes it there before it is used. */
  Opened open(SessionId id, PodIdentity pod, Login login, Deadline deadline)
      throws MountFailure, InterruptedException {
    if (!isKept(id)) {
      return new Opened(login.open(deadline), "", false, Optional.empty());
    }
    try (MintLedger.Hold hold = ledger().hold(id.mount(), deadline)) {
      Snapshot seen = snapshot(hold.record());
      Optional<Opened> resumed = resumed(id, seen);
      if (resumed.isPresent()) {
        return resumed.get();
      }
      Instant began = state.now();
      Session session = login.open(deadline);
      Optional<SecretBytes> goesOn = session.state();
      if (goesOn.isEmpty()) {
        return new Opened(session, "", false, Optional.of(seen));
      }
      Duration life = session.life().time();
      KeptSession kept =
          new KeptSession(
              state.lock().compute(keeping::newName),
              id.key(),
              id.serviceAccountUid(),
              id.secrets(),
              session.life().reusable(),
              goesOn.get(),
              new Life(began, began.plus(life), life, true));
      hold.update(record -> record.of(pod).with(kept));
      return new Opened(session, kept.id(), false, Optional.of(snapshot(hold.record())));
    }
  }

  private Optional<Opened> resumed(SessionId id, Snapshot seen) {
    return state
        .lock()
        .compute(
            () -> {
              keeping.apply(seen);
              long now = state.ticker().nanos();
              return seen.record().sessions().stream()
                  .filter(kept -> isOf(kept, id) && kept.reusable())
                  .filter(
                      kept ->
                          keeping
                              .known(id.mount(), kept.id())
                              .filter(open -> open.isUsable(now))
                              .isPresent())
                  .reduce((earlier, later) -> later)
                  .map(
                      kept -> {
                        OpenSession open = keeping.known(id.mount(), kept.id()).orElseThrow();
                        return new Opened(open.session(), kept.id(), true, Optional.of(seen));
                      });
            });
  }

  private static boolean isOf(KeptSession kept, SessionId id) {
    return kept.key().equals(id.key())
        && kept.serviceAccountUid().equals(id.serviceAccountUid())
        && kept.secrets().equals(id.secrets());
  }

  /** Reads in a session, but for what another process has minted meanwhile. */
  Answers read(
      SessionId id,
      OpenSession session,
      Set<SecretRef> references,
      Deadline deadline,
      ByteAllowance arrived)
      throws MountFailure, InterruptedException {
    boolean mayMint = references.stream().anyMatch(reference -> !reference.repeatable());
    if (!isKept(id) || session.keptAs().isEmpty() || !mayMint) {
      Map<SecretRef, ReadOutcome> outcomes = session.session().read(references, deadline, arrived);
      return new Answers(outcomes, Map.of(), Set.of(), Optional.empty());
    }
    try (MintLedger.Hold hold = ledger().hold(id.mount(), deadline)) {
      Snapshot before = snapshot(hold.record());
      Set<SecretRef> made = madeElsewhere(id, before, references);
      Set<SecretRef> left = new HashSet<>(references);
      left.removeAll(made);
      if (left.isEmpty()) {
        return new Answers(Map.of(), Map.of(), made, Optional.of(before));
      }
      Instant began = state.now();
      Map<SecretRef, ReadOutcome> outcomes = session.session().read(left, deadline, arrived);
      Map<SecretRef, KeptValue> minted = minted(session, outcomes, began);
      if (!minted.isEmpty()) {
        hold.update(record -> with(record, id, session, minted));
      }
      Map<SecretRef, String> keptAs = new HashMap<>();
      minted.forEach((reference, value) -> keptAs.put(reference, value.id()));
      return new Answers(outcomes, keptAs, made, Optional.of(snapshot(hold.record())));
    }
  }

  private Set<SecretRef> madeElsewhere(SessionId id, Snapshot seen, Set<SecretRef> references) {
    return state
        .lock()
        .compute(
            () -> {
              keeping.apply(seen);
              Set<SecretRef> made = new HashSet<>();
              for (SecretRef reference : references) {
                if (state.mints().find(new EntryKey(id, reference)).isPresent()) {
                  made.add(reference);
                }
              }
              return made;
            });
  }

  private Map<SecretRef, KeptValue> minted(
      OpenSession session, Map<SecretRef, ReadOutcome> outcomes, Instant began) {
    Map<SecretRef, KeptValue> minted = new LinkedHashMap<>();
    outcomes.forEach(
        (reference, outcome) -> {
          if (outcome instanceof ReadOutcome.Value read && isKept(read.value())) {
            Duration life = read.value().mintedFor();
            minted.put(
                reference,
                new KeptValue(
                    state.lock().compute(keeping::newName),
                    session.keptAs(),
                    reference.lastingName(),
                    read.value(),
                    new Life(began, began.plus(life), life, true),
                    false));
          }
        });
    return minted;
  }

  private boolean isKept(SecretValue value) {
    return value.isMinted() && value.bytes() <= state.bounds().mostValueBytes();
  }

  private static KeptMount with(
      KeptMount record, SessionId id, OpenSession session, Map<SecretRef, KeptValue> minted) {
    if (record.session(session.keptAs()).isEmpty()) {
      // It was proven meanwhile that it serves others too.
      return record;
    }
    KeptMount changed = record;
    for (KeptValue value : minted.values()) {
      changed =
          changed
              .withoutValues(
                  earlier ->
                      earlier.name().equals(value.name())
                          && record
                              .session(earlier.session())
                              .filter(kept -> kept.key().equals(id.key()))
                              .isPresent())
              .with(value);
    }
    Optional<SecretBytes> goesOn = session.session().state();
    return changed.sessions(
        kept -> kept.id().equals(session.keptAs()) ? kept.with(goesOn.orElse(kept.state())) : kept);
  }

  /** Gives a session back, if that is for this process to do; whether it did. */
  boolean end(SessionId id, OpenSession session, Deadline deadline)
      throws MountFailure, InterruptedException {
    if (session.keptAs().isEmpty()) {
      session.session().end(deadline);
      return true;
    }
    if (!mayKeepUp(session)) {
      return false;
    }
    try (MintLedger.Hold hold = ledger().hold(id.mount(), deadline)) {
      endOrFail(session, deadline);
      hold.update(record -> record.withoutSession(session.keptAs()));
      apply(snapshot(hold.record()));
      return true;
    }
  }

  private static void endOrFail(OpenSession session, Deadline deadline)
      throws MountFailure, InterruptedException {
    try {
      session.session().end(deadline);
    } catch (MountFailure failure) {
      // A session that the store does not know is one that need not be given back.
      if (failure.reason() != Reason.LOGIN_FAILED) {
        throw failure;
      }
    }
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

  private void apply(Snapshot snapshot) {
    state.lock().change(() -> keeping.apply(snapshot));
  }

  private Snapshot snapshot(KeptMount record) {
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
      wasOwner = lasting.owner().getAsBoolean();
      if (wasOwner) {
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
