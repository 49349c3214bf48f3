package io.keybearer.provider.reader;

import io.keybearer.provider.Batch;
import io.keybearer.provider.Deadline;
import io.keybearer.provider.Login;
import io.keybearer.provider.MountFailure;
import io.keybearer.provider.MountId;
import io.keybearer.provider.Reason;
import io.keybearer.provider.Scope;
import io.keybearer.provider.SecretRef;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One session: who logs in, the login while it is open, and what is wanted and under way in it.
 * Each reference is read once for all who want it at the same time. Under the lock.
 */
final class SessionReads {

  private static final Duration KEEP_IDLE = Duration.ofMinutes(10);

  /** Of a login: that it was refused, or that there is no token for it. */
  private static final Set<Reason> TOKENS_FAIL =
      Set.of(
          Reason.LOGIN_FAILED,
          Reason.ACCESS_DENIED,
          Reason.PRECONDITION,
          Reason.INVALID_PARAMETERS,
          Reason.NOT_FOUND);

  private final ReaderState state;
  private final SessionId id;
  private final Login login;
  private final Map<SecretRef, SharedRead> reads = new LinkedHashMap<>();
  private final Map<Scopes.Question, SecretRef> questions = new LinkedHashMap<>();

  /** What was read in it though nothing has proven yet that it may be shared. */
  private final Set<SecretRef> unproven = new LinkedHashSet<>();

  private Optional<OpenSession> open = Optional.empty();
  private Optional<Opening> opening = Optional.empty();
  private boolean holdsOwn;
  private boolean pumping;
  private long lastUsed;

  SessionReads(ReaderState state, SessionId id, Login login) {
    this.state = state;
    this.id = id;
    this.login = login;
    this.lastUsed = state.ticker().nanos();
  }

  SessionId id() {
    return id;
  }

  Login login() {
    return login;
  }

  /** The read of that reference, which this mount waits for from now on. */
  SharedRead join(SecretRef reference, Scope scope, MountReading mount) {
    if (scope == Scope.UNPROVEN) {
      unproven.add(reference);
    } else {
      holdsOwn |= scope == Scope.MOUNT;
    }
    SharedRead read = reads.computeIfAbsent(reference, r -> new SharedRead(reference, this, mount));
    read.waiters().add(mount);
    return read;
  }

  /** Asks about a subject as soon as the session is open. */
  void ask(Scopes.Question question, SecretRef about) {
    questions.put(question, about);
  }

  /** Starts what can be started, once the change that is being made is complete. */
  void pump() {
    if (!pumping) {
      pumping = true;
      state.lock().atTheEnd(this::startReady);
    }
  }

  private void startReady() {
    pumping = false;
    lastUsed = state.ticker().nanos();
    List<SharedRead> ready = new ArrayList<>();
    reads.values().stream().filter(read -> read.request().isEmpty()).forEach(ready::add);
    if (ready.isEmpty() || opening.isPresent()) {
      return;
    }
    Optional<OpenSession> usable = open.filter(session -> session.isUsable(lastUsed));
    if (usable.isPresent()) {
      start(usable.get(), ready);
    } else {
      open.ifPresent(this::supersede);
      Opening next = new Opening(state, this, ready.get(0).owner());
      opening = Optional.of(next);
      next.start();
    }
  }

  private void start(OpenSession session, List<SharedRead> ready) {
    startSets(session, ready);
    questions.forEach(
        (question, about) -> new ScopeAsking(state, this, session, question, about).start());
    questions.clear();
    if (!session.isReusable()) {
      open = Optional.empty();
    }
  }

  private void startSets(OpenSession session, List<SharedRead> ready) {
    Map<Batch, List<SharedRead>> sets = new LinkedHashMap<>();
    for (SharedRead read : ready) {
      Batch batch = session.session().batch(read.reference());
      List<SharedRead> set = sets.computeIfAbsent(batch, b -> new ArrayList<>());
      if (!set.isEmpty() || read.findOwnerWithRoom()) {
        set.add(read);
      }
      if (set.size() == batch.most()) {
        new ReadSet(state, id, session, set).start();
        set.clear();
      }
    }
    for (List<SharedRead> set : sets.values()) {
      if (!set.isEmpty() && set.get(0).findOwnerWithRoom()) {
        new ReadSet(state, id, session, set).start();
      }
    }
  }

  /** Told that nobody waits for a read any more. */
  void left(SharedRead read) {
    read.request().ifPresent(ReadSet::leftByAll);
    if (read.request().isEmpty() || read.isRepeatable()) {
      reads.remove(read.reference(), read);
    }
    if (reads.isEmpty()) {
      opening.ifPresent(Opening::cancel);
      opening = Optional.empty();
      giveUpQuestions();
    }
  }

  /** Takes a read out: its request has brought an outcome. */
  void remove(SharedRead read) {
    reads.remove(read.reference(), read);
  }

  /** Reads it again, in another session: the store takes this one no longer. */
  void putBack(SharedRead read) {
    read.putBack();
    reads.put(read.reference(), read);
  }

  /** The latest deadline of all who wait, at least that one. */
  Deadline latest(Deadline least) {
    Deadline latest = least;
    for (SharedRead read : reads.values()) {
      latest = read.latest(latest);
    }
    return latest;
  }

  /** What the last try of a read met, or of the login that it waits for. */
  Optional<MountFailure> lastFailure(SharedRead read) {
    return read.request().isPresent()
        ? read.request().get().lastFailure()
        : opening.flatMap(Opening::lastFailure);
  }

  /** Told that a login has succeeded. What another process had minted answers those who wait. */
  void opened(OpenSession session) {
    opening = Optional.empty();
    open = Optional.of(session);
    for (SharedRead read : List.copyOf(reads.values())) {
      if (read.request().isEmpty()
          && state.mints().find(new EntryKey(id, read.reference())).isPresent()) {
        List.copyOf(read.waiters()).forEach(waiter -> waiter.placeAgain(read));
      }
    }
    pump();
  }

  /**
   * Told that a login has failed. What is about one pod's tokens is not about the others': they try
   * their own. Everything else would fail alike for all.
   */
  void notOpened(Opening failed, MountFailure failure) {
    opening = Optional.empty();
    for (SharedRead read : List.copyOf(reads.values())) {
      EntryKey key = new EntryKey(id, read.reference());
      for (MountReading waiter : List.copyOf(read.waiters())) {
        if (isAbout(waiter, failed, failure)) {
          waiter.failed(key, failure);
        }
      }
      if (Refusals.isRefusal(failure) && read.waiters().isEmpty()) {
        state.memory().delete(key);
      }
    }
    pump();
  }

  private boolean isAbout(MountReading waiter, Opening failed, MountFailure failure) {
    if (waiter.memory().tokensOf(login).equals(failed.tokens())) {
      return true;
    }
    if (TOKENS_FAIL.contains(failure.reason())) {
      return false;
    }
    // Who brought tokens needs none made, and does not care that none could be.
    return failed.hadTokens() || !waiter.memory().hasTokensFor(login);
  }

  /** Told that the store takes a session no longer, or that only one mount may use it. */
  void drop(OpenSession session) {
    if (open.filter(now -> now == session).isPresent()) {
      open = Optional.empty();
    }
  }

  /** Whether that session is the one that is open. */
  boolean isOpen(OpenSession session) {
    return open.filter(now -> now == session).isPresent();
  }

  private void supersede(OpenSession session) {
    open = Optional.empty();
    session.supersede();
    if (!session.holdsMints() && !id.isShared()) {
      state.upkeep().giveBack(id, session);
    }
  }

  /** Ends the session if nobody has used it for long; whether there is nothing left here. */
  boolean endIfIdle() {
    boolean idle =
        reads.isEmpty()
            && opening.isEmpty()
            && open.filter(OpenSession::holdsMints).isEmpty()
            && state.ticker().nanos() - lastUsed >= KEEP_IDLE.toNanos();
    if (idle) {
      open.ifPresent(session -> state.upkeep().giveBack(id, session));
    }
    return idle;
  }

  private void giveUpQuestions() {
    List<Scopes.Question> unasked = List.copyOf(questions.keySet());
    questions.clear();
    unasked.forEach(state.scopes()::givenUp);
  }

  /**
   * Moves what was proven to be stored values to the session that all may use, and the login too if
   * nothing else was read in it.
   */
  void share(Object subject, OpenSession session) {
    SessionReads shared = state.session(id.of(MountId.NOBODY), login);
    for (SecretRef reference : List.copyOf(unproven)) {
      if (reference.subject().equals(subject)) {
        unproven.remove(reference);
        state.memory().move(new EntryKey(id, reference), new EntryKey(shared.id, reference));
        Optional.ofNullable(reads.remove(reference)).ifPresent(shared::adopt);
      }
    }
    boolean mayMove = !holdsOwn && unproven.isEmpty() && !session.holdsMints();
    if (mayMove && shared.open.isEmpty() && open.filter(now -> now == session).isPresent()) {
      shared.open = open;
      open = Optional.empty();
      state.keeping().forget(id, session);
    }
  }

  private void adopt(SharedRead read) {
    read.moveTo(this);
    reads.putIfAbsent(read.reference(), read);
    read.waiters().forEach(waiter -> waiter.reads(this));
  }
}
