package io.keybearer.provider.history;

import io.keybearer.provider.Deadline;
import io.keybearer.provider.Fault;
import io.keybearer.provider.MountFailure;
import io.keybearer.provider.PodIdentity;
import io.keybearer.provider.ReadOutcome;
import io.keybearer.provider.Reason;
import io.keybearer.provider.Renewal;
import io.keybearer.provider.Scope;
import io.keybearer.provider.ScriptedBackend;
import io.keybearer.provider.SecretRef;
import io.keybearer.provider.SecretValue;
import io.keybearer.provider.SessionLife;
import io.keybearer.provider.TurnedTicker;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** The store of a history: it knows who may read what, and remembers who read it, and when. */
final class ModelStore {

  /** What the references are that only the store can tell about. */
  enum Nature {
    STORED,
    MOUNTS_OWN,
    MADE,
    /** Made, though the store says that they are stored. */
    LIES
  }

  static final Duration LEASE = Duration.ofMinutes(10);
  private static final Duration SLOWNESS = Duration.ofSeconds(20);
  private static final int DEEPEST = 4;

  private final TurnedTicker ticker;
  private final long start;
  private final Nature nature;
  private final List<StoreRead> reads = new ArrayList<>();
  private final List<ModelSession> sessions = new ArrayList<>();
  private final List<Lease> leases = new ArrayList<>();
  private final Map<String, Volume.Token> tokens = new HashMap<>();
  private final Set<String> denied = new HashSet<>();
  private final Set<Secret> deleted = new HashSet<>();
  private final Map<String, Integer> logins = new HashMap<>();
  private final Map<String, Moment> refusals = new HashMap<>();
  private final Deque<Runnable> meanwhile = new ArrayDeque<>();
  private final List<String> violations = new ArrayList<>();
  private Consumer<Runnable> freely = Runnable::run;
  private Outage outage = Outage.NONE;
  private Moment lastFault = new Moment(Long.MIN_VALUE / 2, -1);
  private Moment lastPassingFault = lastFault;
  private Moment lastConnectFault = lastFault;
  private Moment lastSuccess = lastFault;
  private Moment lastUnanswered = lastFault;
  private Duration sessionLife = SessionLife.endless().time();
  private boolean renews = true;
  private boolean proves = true;
  private boolean hasProven;
  private int stableVersion;
  private int departures;
  private int depth;
  private long numbers;

  ModelStore(TurnedTicker ticker, Nature nature) {
    this.ticker = ticker;
    this.start = ticker.nanos();
    this.nature = nature;
  }

  static String identity(PodIdentity pod, String role, String secret) {
    return pod.namespace() + "/" + pod.serviceAccount() + "/" + role + "/" + secret;
  }

  Moment now() {
    return new Moment(nanos(), numbers++);
  }

  long nanos() {
    return ticker.nanos() - start;
  }

  List<StoreRead> reads() {
    return reads;
  }

  List<Lease> leases() {
    return leases;
  }

  Nature nature() {
    return nature;
  }

  /** What the history has found that must never be. */
  List<String> violations() {
    return violations;
  }

  int logins(String identity) {
    return logins.getOrDefault(identity, 0);
  }

  Optional<Moment> lastRefusal(String identity) {
    return Optional.ofNullable(refusals.get(identity));
  }

  boolean hasProven() {
    return hasProven;
  }

  void restarted() {
    hasProven = false;
  }

  Outage outage() {
    return outage;
  }

  Moment lastFault() {
    return lastFault;
  }

  Moment lastPassingFault() {
    return lastPassingFault;
  }

  /** Whether connecting failed when it was tried last. */
  boolean maybeGated() {
    return lastSuccess.isBefore(lastConnectFault);
  }

  void outage(Outage now) {
    outage = now;
  }

  void sessionLife(Duration life) {
    sessionLife = life;
  }

  void renews(boolean now) {
    renews = now;
  }

  void proves(boolean now) {
    proves = now;
  }

  void know(Volume.Token token) {
    tokens.put(token.text(), token);
  }

  void deny(String identity, Secret secret, boolean now) {
    boolean changed =
        now ? denied.add(identity + "|" + secret) : denied.remove(identity + "|" + secret);
    if (changed && secret == Secret.STABLE) {
      stableVersion++;
    }
  }

  void delete(Secret secret, boolean now) {
    boolean changed = now ? deleted.add(secret) : deleted.remove(secret);
    if (changed && secret == Secret.STABLE) {
      stableVersion++;
    }
  }

  void change() {
    stableVersion++;
  }

  void revokeSessions() {
    sessions.forEach(ModelSession::revoke);
  }

  /** A call has ended: what is under way may be for nobody. */
  void departed(boolean answered) {
    departures++;
    if (!answered) {
      lastUnanswered = now();
    }
  }

  /** When a call last ended without an answer: a request may go on that carries more than its. */
  Moment lastUnanswered() {
    return lastUnanswered;
  }

  int departures() {
    return departures;
  }

  /** What lets something happen while a request is under way. */
  void meanwhileBy(Consumer<Runnable> how) {
    freely = how;
  }

  /** What happens at the next calls, one at a time. */
  void meanwhile(List<Runnable> steps) {
    meanwhile.addAll(steps);
  }

  void nothingMeanwhile() {
    meanwhile.clear();
  }

  private void happen() {
    Runnable next = meanwhile.poll();
    if (next != null && depth < DEEPEST) {
      depth++;
      freely.accept(next);
      depth--;
    }
    // The one thread may have been asked to stop what nobody waits for any more: it goes on.
    Thread.interrupted();
  }

  private void answerOrFail(Deadline deadline) throws MountFailure {
    if (outage == Outage.SLOW && depth < DEEPEST) {
      depth++;
      Duration left = deadline.remaining();
      freely.accept(() -> ticker.turn(left.compareTo(SLOWNESS) < 0 ? left : SLOWNESS));
      depth--;
      Thread.interrupted();
      if (deadline.hasPassed()) {
        noteFault(Fault.Kind.BROKEN);
        throw MountFailure.of(Reason.TIMED_OUT, "too slow", "wait")
            .because(Fault.of(Fault.Kind.BROKEN));
      }
    } else if (outage.kind() != Fault.Kind.NONE) {
      noteFault(outage.kind());
      throw outage.failure();
    }
    lastSuccess = now();
  }

  private void noteFault(Fault.Kind kind) {
    lastFault = now();
    if (kind.passing()) {
      lastPassingFault = lastFault;
    }
    if (kind.connecting()) {
      lastConnectFault = lastFault;
    } else {
      lastSuccess = lastFault;
    }
  }

  ModelSession open(int process, String identity, String token, Deadline deadline)
      throws MountFailure {
    happen();
    answerOrFail(deadline);
    logins.merge(identity, 1, Integer::sum);
    Volume.Token known = tokens.get(token);
    if (known == null || !known.isTaken(nanos())) {
      refusals.put(identity, now());
      throw MountFailure.of(Reason.LOGIN_FAILED, "this token is not taken", "get another");
    }
    String opener = token.substring(0, token.indexOf('#'));
    ModelSession session =
        new ModelSession(process, identity, opener, sessionLife, nanos() + sessionLife.toNanos());
    sessions.add(session);
    happen();
    return session;
  }

  Map<SecretRef, ReadOutcome> read(
      ModelSession session, Set<SecretRef> references, Deadline deadline) throws MountFailure {
    Map<SecretRef, StoreRead> begun = new LinkedHashMap<>();
    for (SecretRef reference : references) {
      Secret secret = ((Secret.Reference) reference).secret();
      StoreRead read = new StoreRead(reads.size(), session, secret, now(), departures);
      reads.add(read);
      begun.put(reference, read);
    }
    try {
      happen();
      Map<SecretRef, ReadOutcome> answers = evaluate(session, begun, deadline);
      happen();
      return answers;
    } finally {
      begun.values().forEach(read -> read.end(now()));
    }
  }

  private Map<SecretRef, ReadOutcome> evaluate(
      ModelSession session, Map<SecretRef, StoreRead> begun, Deadline deadline)
      throws MountFailure {
    try {
      answerOrFail(deadline);
    } catch (MountFailure fault) {
      boolean late = outage == Outage.SLOW;
      begun.values().forEach(r -> r.result(late ? StoreRead.Result.MAYBE : outage.result()));
      throw fault;
    }
    if (!session.isTaken(nanos())) {
      begun.values().forEach(read -> read.result(StoreRead.Result.REFUSED));
      throw MountFailure.of(Reason.LOGIN_FAILED, "this session is not taken", "log in");
    }
    Map<SecretRef, ReadOutcome> answers = new LinkedHashMap<>();
    begun.forEach((reference, read) -> answers.put(reference, answer(read)));
    return answers;
  }

  private ReadOutcome answer(StoreRead read) {
    if (deleted.contains(read.secret())) {
      read.result(StoreRead.Result.MISSING);
      return new ReadOutcome.Failed(MountFailure.of(Reason.NOT_FOUND, "no such secret", "add it"));
    }
    if (denied.contains(read.key())) {
      read.result(StoreRead.Result.DENIED);
      return new ReadOutcome.Failed(MountFailure.of(Reason.ACCESS_DENIED, "denied", "see policy"));
    }
    boolean makes =
        read.secret() == Secret.LEASE
            || (read.secret().isUnproven() && (nature == Nature.MADE || nature == Nature.LIES));
    String version =
        switch (read.secret()) {
          case STABLE -> "s" + stableVersion;
          case PINNED -> "p";
          default -> "v" + read.number();
        };
    read.gives(version, makes ? Optional.of(make(read)) : Optional.empty());
    SecretValue value =
        SecretValue.of(read.secret().name(), version, ScriptedBackend.bytes(read.content()));
    return new ReadOutcome.Value(makes ? value.mintedFor(LEASE) : value);
  }

  private Lease make(StoreRead read) {
    long until = Math.min(nanos() + LEASE.toNanos(), read.session().expires());
    boolean ofOpener = read.secret() == Secret.LEASE || nature == Nature.MADE;
    Lease lease =
        new Lease(
            read,
            nanos(),
            until,
            ofOpener ? Optional.of(read.session().opener()) : Optional.empty());
    leases.add(lease);
    read.session().leases().add(lease);
    return lease;
  }

  Scope prove(Deadline deadline) throws MountFailure {
    happen();
    answerOrFail(deadline);
    if (!proves) {
      throw MountFailure.of(Reason.ACCESS_DENIED, "no proof for this session", "see policy");
    }
    boolean shared = nature == Nature.STORED || nature == Nature.LIES;
    hasProven |= shared;
    happen();
    return shared ? Scope.SHARED : Scope.MOUNT;
  }

  Renewal renew(ModelSession session, Set<SecretRef> minted, Deadline deadline)
      throws MountFailure {
    happen();
    answerOrFail(deadline);
    if (!session.isTaken(nanos())) {
      throw MountFailure.of(Reason.LOGIN_FAILED, "this session is not taken", "log in");
    }
    if (!renews) {
      return Renewal.of(SessionLife.of(Duration.ZERO));
    }
    session.renew(nanos() + sessionLife.toNanos());
    Map<SecretRef, Duration> values = new HashMap<>();
    for (Lease lease : session.leases()) {
      SecretRef reference = new Secret.Reference(lease.read().secret());
      if (minted.contains(reference) && lease.expires() > nanos()) {
        lease.renew(Math.min(nanos() + LEASE.toNanos(), session.expires()));
        values.put(reference, Duration.ofNanos(lease.expires() - nanos()));
      } else if (minted.contains(reference)) {
        values.putIfAbsent(reference, Duration.ZERO);
      }
    }
    return new Renewal(SessionLife.of(sessionLife), values);
  }

  void end(ModelSession session, Deadline deadline) throws MountFailure {
    answerOrFail(deadline);
    session.end(now());
  }
}
