package io.keybearer.provider.reader;

import io.keybearer.provider.Alarms;
import io.keybearer.provider.Credentials;
import io.keybearer.provider.Deadline;
import io.keybearer.provider.MountFailure;
import io.keybearer.provider.Quoted;
import io.keybearer.provider.ReadOutcome;
import io.keybearer.provider.Reason;
import io.keybearer.provider.Scope;
import io.keybearer.provider.SecretRef;
import io.keybearer.provider.SecretValue;
import io.keybearer.provider.reader.TimedOutcome.Source;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The reads of one mount, until there is an outcome for each. Under the lock. */
final class MountReading {

  /** A reference that has no outcome yet. */
  private static final class Want {
    private final MountLogin login;
    private final SecretRef reference;
    private Optional<SharedRead> read = Optional.empty();

    Want(MountLogin login, SecretRef reference) {
      this.login = login;
      this.reference = reference;
    }
  }

  private final ReaderState state;
  private final MountMemory memory;
  private final Credentials credentials;
  private final SecretReader.Call call;
  private final Consumer<Map<ReadKey, TimedOutcome>> whenRead;
  private final Map<ReadKey, Want> wants = new LinkedHashMap<>();
  private final Map<ReadKey, TimedOutcome> outcomes = new HashMap<>();
  private final Set<SessionReads> sessions = new LinkedHashSet<>();
  private Alarms.Alarm expiry = () -> {};
  private final long began;
  private long unpaid;
  private int requests;
  private boolean over;

  MountReading(
      ReaderState state,
      MountMemory memory,
      Credentials credentials,
      SecretReader.Call call,
      Consumer<Map<ReadKey, TimedOutcome>> whenRead) {
    this.state = state;
    this.memory = memory;
    this.credentials = credentials;
    this.call = call;
    this.began = state.ticker().nanos();
    this.whenRead = whenRead;
  }

  /** Takes from memory what it can, and starts reading the rest. */
  void begin() {
    memory
        .planned()
        .plan()
        .reads()
        .forEach((login, references) -> want(memory.of(login), references));
    List.copyOf(wants.values()).forEach(this::place);
    pump();
    expireLater();
    endIfComplete();
  }

  MountMemory memory() {
    return memory;
  }

  Credentials credentials() {
    return credentials;
  }

  Deadline deadline() {
    return call.deadline().get();
  }

  private void want(MountLogin login, Set<SecretRef> references) {
    references.forEach(
        reference ->
            wants.put(new ReadKey(login.login().key(), reference), new Want(login, reference)));
  }

  private void place(Want want) {
    Optional<TimedOutcome> known = memory.find(want.login, want.reference).or(() -> noRoom(want));
    if (known.isPresent()) {
      settle(want, known.get().outcome(), Source.MEMORY, known.get().bytes());
      return;
    }
    Scope scope = memory.scopeToRead(want.login, want.reference);
    Scopes.Question question = memory.question(want.login, want.reference);
    SessionId own = want.login.own();
    boolean asks = scope == Scope.UNPROVEN && state.scopes().ask(question, own);
    if (scope == Scope.UNPROVEN
        && !asks
        && state.scopes().await(question, own, () -> placeAndPump(want))) {
      return;
    }
    SessionId id = memory.entry(want.login, want.reference, scope).session();
    SessionReads session = state.session(id, want.login.login());
    sessions.add(session);
    want.read = Optional.of(session.join(want.reference, scope, this));
    if (asks) {
      session.ask(question, want.reference);
    }
  }

  /** Nothing is asked for that could not be kept. */
  private Optional<TimedOutcome> noRoom(Want want) {
    if (want.reference.repeatable()) {
      return Optional.empty();
    }
    EntryKey key = new EntryKey(want.login.own(), want.reference);
    return state
        .mints()
        .noRoomFor(key, memory.planned().pod())
        .map(full -> new TimedOutcome(new ReadOutcome.Failed(full), Source.MEMORY, Duration.ZERO));
  }

  private void placeAndPump(Want want) {
    if (!over) {
      place(want);
      pump();
      endIfComplete();
    }
  }

  /** A read that turned out not to serve this mount is begun anew. */
  void placeAgain(SharedRead read) {
    Want want = wants.get(new ReadKey(read.home().login().key(), read.reference()));
    if (want != null) {
      read.leave(this);
      want.read = Optional.empty();
      placeAndPump(want);
    }
  }

  /** Starts what can be, of what it wants and of what others waited for its room with. */
  void pump() {
    List.copyOf(sessions).forEach(SessionReads::pump);
  }

  /** Told that a read it waits for belongs to that session now. */
  void reads(SessionReads session) {
    sessions.add(session);
  }

  boolean hasRoomForRequest() {
    return requests < state.bounds().readsOfMount();
  }

  void requestStarted() {
    requests++;
  }

  void requestEnded() {
    requests--;
  }

  /** Takes a value that a read has brought. */
  void read(EntryKey entry, SecretValue value, SharedRead read) {
    Want want = want(entry);
    if (want != null) {
      state.refusals().forget(memory.refused(want.login, entry));
      boolean paid = read.request().filter(set -> set.isPaidBy(this)).isPresent();
      settle(want, new ReadOutcome.Value(value), Source.STORE, paid ? 0 : value.bytes());
      endIfComplete();
    }
  }

  /** Takes a failure, or an older value where that will do. */
  void failed(EntryKey entry, MountFailure failure) {
    Want want = want(entry);
    if (want == null) {
      return;
    }
    if (Refusals.isRefusal(failure)) {
      state.refusals().remember(memory.refused(want.login, entry), failure);
    }
    Optional<SecretValue> stale = memory.findStale(want.login, want.reference, failure);
    if (stale.isPresent()) {
      settle(want, new ReadOutcome.Value(stale.get()), Source.STALE, stale.get().bytes());
    } else {
      settle(want, new ReadOutcome.Failed(failure), Source.STORE, 0);
    }
    endIfComplete();
  }

  /** Ends all that has no outcome yet with this failure. */
  void failAll(MountFailure failure) {
    for (Want want : List.copyOf(wants.values())) {
      settle(want, new ReadOutcome.Failed(failure), Source.STORE, 0);
    }
    endIfComplete();
  }

  /** Nobody waits for this mount any more. */
  void leave() {
    over = true;
    expiry.cancel();
    List.copyOf(wants.values()).forEach(want -> want.read.ifPresent(read -> read.leave(this)));
    pump();
  }

  private @Nullable Want want(EntryKey entry) {
    return over ? null : wants.get(new ReadKey(entry.session().key(), entry.reference()));
  }

  private void settle(Want want, ReadOutcome outcome, Source source, long bytes) {
    ReadKey key = new ReadKey(want.login.login().key(), want.reference);
    if (wants.remove(key, want)) {
      Duration took = Duration.ofNanos(state.ticker().nanos() - began);
      outcomes.put(key, new TimedOutcome(outcome, source, took));
      unpaid += bytes;
      if (outcome instanceof ReadOutcome.Value && source != Source.STALE) {
        memory.record().got(key);
      }
      want.read.ifPresent(read -> read.leave(this));
    }
  }

  private void expireLater() {
    if (!over) {
      expiry =
          state.alarms().in(deadline().remaining(), () -> state.lock().change(this::expireInTime));
    }
  }

  private void expireInTime() {
    if (!deadline().hasPassed()) {
      expireLater();
      return;
    }
    for (Want want : List.copyOf(wants.values())) {
      Scope scope = memory.scope(want.login, want.reference);
      failed(memory.entry(want.login, want.reference, scope), late(want));
    }
    endIfComplete();
  }

  /** What the last try met tells more than that there was no time for another. */
  private MountFailure late(Want want) {
    Duration waited = Duration.ofNanos(state.ticker().nanos() - began);
    return want.read
        .flatMap(read -> read.home().lastFailure(read))
        .orElseGet(
            () ->
                MountFailure.of(
                    Reason.TIMED_OUT,
                    Quoted.of(want.login.login().key().target())
                        + " gave no answer in "
                        + waited.toMillis()
                        + " ms",
                    "see whether it is reachable from this node and not overloaded"));
  }

  /** Tells the mount once there is an outcome for each of its references. */
  void endIfComplete() {
    if (wants.isEmpty() && !over) {
      over = true;
      expiry.cancel();
      pump();
      state.lock().afterwards(this::deliver);
    }
  }

  private void deliver() {
    try {
      call.allowance().add(unpaid);
    } catch (MountFailure noRoom) {
      outcomes.replaceAll(
          (key, read) ->
              new TimedOutcome(new ReadOutcome.Failed(noRoom), read.source(), read.took()));
    }
    whenRead.accept(outcomes);
  }

  /** Pays for bytes that have arrived for it and others; not under the lock. */
  void pay(long bytes) throws MountFailure {
    call.allowance().add(bytes);
  }
}
