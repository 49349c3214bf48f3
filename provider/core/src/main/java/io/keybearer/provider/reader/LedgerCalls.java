package io.keybearer.provider.reader;

import io.keybearer.provider.ByteAllowance;
import io.keybearer.provider.Deadline;
import io.keybearer.provider.MountFailure;
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
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Requests with a record of the ledger in hand, on threads that may wait: logins, reads of what is
 * minted, giving back. Not under the lock.
 */
final class LedgerCalls {

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
  private final LedgerSync sync;

  LedgerCalls(ReaderState state, Keeping keeping, LedgerSync sync, SecretReader.Lasting lasting) {
    this.state = state;
    this.keeping = keeping;
    this.sync = sync;
    this.lasting = lasting;
  }

  private boolean isKept(SessionId id) {
    return !id.isShared() && lasting.ledger().keeps();
  }

  private MintLedger ledger() {
    return lasting.ledger();
  }

  /** Whether this process may renew that session and give it back. */
  boolean mayKeepUp(OpenSession session) {
    if (session.keptAs().isEmpty()) {
      return true;
    }
    return sync.isOwner();
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
      Snapshot seen = sync.snapshot(hold.record());
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
      return new Opened(session, kept.id(), false, Optional.of(sync.snapshot(hold.record())));
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
      Snapshot before = sync.snapshot(hold.record());
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
      return new Answers(outcomes, keptAs, made, Optional.of(sync.snapshot(hold.record())));
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

  /** Gives a session back, if it lives and that is for this process to do; whether it did. */
  boolean end(SessionId id, OpenSession session, Deadline deadline)
      throws MountFailure, InterruptedException {
    if (session.keptAs().isEmpty()) {
      boolean lives = state.lock().compute(() -> session.ends() - state.ticker().nanos() > 0);
      if (lives) {
        session.session().end(deadline);
      }
      return lives;
    }
    if (!mayKeepUp(session)) {
      return false;
    }
    try (MintLedger.Hold hold = ledger().hold(id.mount(), deadline)) {
      endOrFail(session, deadline);
      hold.update(record -> record.withoutSession(session.keptAs()));
      sync.apply(sync.snapshot(hold.record()));
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
}
