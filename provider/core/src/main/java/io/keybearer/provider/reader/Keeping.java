package io.keybearer.provider.reader;

import io.keybearer.provider.MountId;
import io.keybearer.provider.Session;
import io.keybearer.provider.reader.KeptMount.KeptSession;
import io.keybearer.provider.reader.KeptMount.KeptValue;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What this process knows of the ledger's records: it takes over what others have written there,
 * and says what has become of its own. Under the lock, but for {@link #stamp}. It waits for
 * nothing; {@link LedgerCalls} does.
 */
final class Keeping {

  private static final Duration UNUSED = MountRecord.KEEP_FOR_RETRY;
  private static final Duration LONGEST_CALL = Duration.ofMinutes(1);

  /** A session that is in a record. */
  private static final class KnownSession {
    private final SessionId id;
    private final OpenSession open;
    private long needed;

    KnownSession(SessionId id, OpenSession open, long needed) {
      this.id = id;
      this.open = open;
      this.needed = needed;
    }

    OpenSession open() {
      return open;
    }
  }

  /** What is known of one record. */
  private static final class KnownRecord {
    private long revision;
    private final Map<String, KnownSession> sessions = new HashMap<>();
    private final Set<String> goneSessions = new HashSet<>();
    private final Set<String> goneValues = new HashSet<>();
  }

  private final ReaderState state;
  private final LedgerSync sync;
  private final LedgerCalls calls;

  /** Tells what this process has written from what others have. */
  private final String process = UUID.randomUUID().toString().substring(0, 8);

  private final Map<MountId, KnownRecord> records = new HashMap<>();
  private final Map<MountId, String> stamps = new ConcurrentHashMap<>();
  private final Map<String, Long> underWay = new HashMap<>();
  private long names;

  Keeping(ReaderState state, SecretReader.Lasting lasting) {
    this.state = state;
    this.sync = new LedgerSync(state, this, lasting);
    this.calls = new LedgerCalls(state, this, sync, lasting);
  }

  LedgerSync sync() {
    return sync;
  }

  LedgerCalls calls() {
    return calls;
  }

  /** A new id for something that is about to be written to a record, and then to be known. */
  String newName() {
    long now = state.ticker().nanos();
    underWay.values().removeIf(since -> now - since > LONGEST_CALL.toNanos());
    String name = process + "-" + ++names;
    underWay.put(name, now);
    return name;
  }

  /** The stamp of the record that is known of a mount, empty if none is; by any thread. */
  String stamp(MountId mount) {
    return stamps.getOrDefault(mount, "");
  }

  /** The revision that is known of a mount's record. */
  long revision(MountId mount) {
    KnownRecord known = records.get(mount);
    return known == null ? 0 : known.revision;
  }

  /** The session of a record that is open here, if it is. */
  Optional<OpenSession> known(MountId mount, String name) {
    return Optional.ofNullable(records.get(mount))
        .map(known -> known.sessions.get(name))
        .map(KnownSession::open);
  }

  /** The sessions of a record that others have opened and nobody here knows. */
  List<KeptSession> unknown(KeptMount record) {
    KnownRecord known = records.getOrDefault(record.mount(), new KnownRecord());
    return record.sessions().stream()
        .filter(kept -> !known.sessions.containsKey(kept.id()))
        .filter(kept -> !known.goneSessions.contains(kept.id()))
        .filter(kept -> !isUnderWay(kept.id()))
        .toList();
  }

  /**
   * Whether this process has just written that, and is about to know it. A login that nobody waited
   * for any more is never known, and is taken over like another process's.
   */
  private boolean isUnderWay(String name) {
    Long since = underWay.get(name);
    return since != null && state.ticker().nanos() - since <= LONGEST_CALL.toNanos();
  }

  /** Told of a session that this process has written to a record. */
  void opened(SessionId id, OpenSession session) {
    if (!session.keptAs().isEmpty()) {
      underWay.remove(session.keptAs());
      KnownRecord known = records.computeIfAbsent(id.mount(), m -> new KnownRecord());
      known.sessions.putIfAbsent(
          session.keptAs(), new KnownSession(id, session, state.ticker().nanos()));
    }
  }

  /** Takes over what a record says, unless something later is known. */
  void apply(Snapshot snapshot) {
    KeptMount record = snapshot.record();
    MountId mount = record.mount();
    long revision = revision(mount);
    boolean later =
        snapshot.isAbsent() ? snapshot.before() == revision : record.revision() - revision >= 0;
    if (!later) {
      return;
    }
    KnownRecord known = records.computeIfAbsent(mount, m -> new KnownRecord());
    known.revision = record.revision();
    boolean isNew = known.sessions.isEmpty();
    takeSessions(known, snapshot);
    takeValues(known, record);
    MountRecord visited = isNew ? state.records().of(mount) : state.records().withoutCall(mount);
    visited.learn(record.visits());
    if (isNew && !known.sessions.isEmpty()) {
      visited.adopted();
    }
    if (state.mints().hasEnded(mount.podUid())) {
      state.mints().end(mount);
    }
    if (record.sessions().isEmpty()) {
      records.remove(mount);
      stamps.remove(mount);
    } else if (record.sessions().stream().allMatch(kept -> isSettled(kept, known))) {
      stamps.put(mount, snapshot.stamp());
    } else {
      // It is looked at again.
      stamps.remove(mount);
    }
    state.renewals().again(mount);
  }

  private boolean isSettled(KeptSession kept, KnownRecord known) {
    return known.sessions.containsKey(kept.id()) || !isUnderWay(kept.id());
  }

  private void takeSessions(KnownRecord known, Snapshot snapshot) {
    KeptMount record = snapshot.record();
    for (KeptSession kept : record.sessions()) {
      LeasedTime time = time(kept.life());
      KnownSession session = known.sessions.get(kept.id());
      Session resumed = snapshot.resumed().get(kept.id());
      if (session != null) {
        session.open.time().learn(time);
      } else if (resumed != null) {
        OpenSession open = OpenSession.resumed(resumed, kept, time, state.ticker().nanos());
        known.sessions.put(
            kept.id(), new KnownSession(id(kept, record.mount()), open, state.ticker().nanos()));
      }
    }
    Set<String> left =
        record.sessions().stream().map(KeptSession::id).collect(Collectors.toUnmodifiableSet());
    known.sessions.entrySet().stream()
        .filter(each -> !left.contains(each.getKey()))
        .toList()
        .forEach(
            gone -> {
              // Somebody has given it back.
              gone.getValue().open().supersede();
              known.sessions.remove(gone.getKey());
            });
  }

  private void takeValues(KnownRecord known, KeptMount record) {
    MountId mount = record.mount();
    Map<String, Map.Entry<EntryKey, Mint>> held = new HashMap<>();
    state.mints().held(mount).entrySet().forEach(made -> held.put(made.getValue().keptAs(), made));
    for (KeptValue kept : record.values()) {
      Map.Entry<EntryKey, Mint> made = held.remove(kept.id());
      KnownSession session = known.sessions.get(kept.session());
      if (made != null) {
        made.getValue().learn(time(kept.life()), kept.refused());
      } else if (session != null
          && !isUnderWay(kept.id())
          && !known.goneValues.contains(kept.id())) {
        EntryKey key = new EntryKey(session.id, new AdoptedReference(kept.name()));
        Mint mint =
            new Mint(record.pod(), kept.value(), session.open(), time(kept.life()), kept.id());
        mint.learn(mint.time(), kept.refused());
        state.mints().adopt(key, mint);
      }
    }
    held.remove("");
    held.values().forEach(gone -> state.mints().takenAway(gone.getKey(), gone.getValue()));
  }

  private LeasedTime time(KeptMount.Life life) {
    return LeasedTime.of(life, state.now(), state.ticker().nanos());
  }

  private SessionId id(KeptSession kept, MountId mount) {
    long generation = state.backend(kept.key().backend()).generation();
    return new SessionId(kept.key(), kept.serviceAccountUid(), kept.secrets(), generation, mount);
  }

  /** Told that a value of a record is held no longer. */
  void forget(MountId mount, String keptAs) {
    KnownRecord known = records.get(mount);
    if (known != null && !keptAs.isEmpty()) {
      known.goneValues.add(keptAs);
      changed(mount);
    }
  }

  /** Told that a session leaves the ledger: it has ended, or serves others too from now on. */
  void forget(SessionId id, OpenSession session) {
    KnownRecord known = records.get(id.mount());
    if (known != null && known.sessions.remove(session.keptAs()) != null) {
      known.goneSessions.add(session.keptAs());
      session.isNotKept();
      changed(id.mount());
    }
  }

  /** Told that what a record says of a mount is not so any more: it is written again. */
  void changed(MountId mount) {
    if (records.containsKey(mount)) {
      sync.writeLater(mount);
    }
  }

  /** What a record has to say now. */
  KeptMount reflect(KeptMount record) {
    KnownRecord known = records.get(record.mount());
    if (known == null) {
      return record;
    }
    KeptMount changed = record.withoutValues(value -> known.goneValues.contains(value.id()));
    for (String gone : known.goneSessions) {
      changed = changed.withoutSession(gone);
    }
    known.goneValues.clear();
    known.goneSessions.clear();
    Map<String, Mint> held = new HashMap<>();
    state.mints().held(record.mount()).values().forEach(mint -> held.put(mint.keptAs(), mint));
    return changed
        .visited(state.records().withoutCall(record.mount()).visits())
        .sessions(kept -> reflect(kept, known.sessions.get(kept.id())))
        .values(kept -> reflect(kept, held.get(kept.id())));
  }

  private KeptSession reflect(KeptSession kept, @Nullable KnownSession now) {
    return now == null ? kept : kept.lives(kept(now.open().time()));
  }

  private KeptValue reflect(KeptValue kept, @Nullable Mint now) {
    return now == null ? kept : kept.lives(kept(now.time()), now.isRefused());
  }

  private KeptMount.Life kept(LeasedTime time) {
    return time.kept(state.now(), state.ticker().nanos());
  }

  /**
   * Whether this process sees to that session: it is in no record, or the node's sockets are ours.
   */
  boolean leads(OpenSession session) {
    return session.keptAs().isEmpty() || sync.wasOwner();
  }

  /**
   * Gives back what holds nothing and whose mount has not come back, and lets go what has ended.
   */
  void giveBackUnused() {
    long now = state.ticker().nanos();
    for (KnownRecord known : List.copyOf(records.values())) {
      List.copyOf(known.sessions.values()).forEach(session -> giveBackUnused(session, now));
    }
  }

  private void giveBackUnused(KnownSession session, long now) {
    if (session.open.holdsMints() || state.isOpen(session.id, session.open)) {
      session.needed = now;
    } else if (session.open.ends() - now <= 0) {
      forget(session.id, session.open);
    } else if (now - session.needed >= UNUSED.toNanos()) {
      state.upkeep().giveBack(session.id, session.open);
    }
  }
}
