package io.keybearer.provider.history;

import io.keybearer.provider.Backend;
import io.keybearer.provider.ByteAllowance;
import io.keybearer.provider.Credentials;
import io.keybearer.provider.Deadline;
import io.keybearer.provider.Fault;
import io.keybearer.provider.Login;
import io.keybearer.provider.MountFailure;
import io.keybearer.provider.MountId;
import io.keybearer.provider.MountPlan;
import io.keybearer.provider.MountRequest;
import io.keybearer.provider.NodeFacts;
import io.keybearer.provider.ReadOutcome;
import io.keybearer.provider.Reason;
import io.keybearer.provider.Renewal;
import io.keybearer.provider.ScriptedBackend;
import io.keybearer.provider.SecretBytes;
import io.keybearer.provider.SecretRef;
import io.keybearer.provider.SecretValue;
import io.keybearer.provider.Session;
import io.keybearer.provider.SessionKey;
import io.keybearer.provider.SessionLife;
import io.keybearer.provider.TurnedTicker;
import io.keybearer.provider.reader.KeptMount;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** A store that makes leases, as several processes of one node see it, one at a time. */
final class LeaseStore {

  static final Duration LEASE = Duration.ofMinutes(10);
  static final Duration SESSION = Duration.ofMinutes(20);

  /** What the store made. */
  static final class Made {
    private final int number;
    private final String name;
    private final int session;
    private final long made;
    private long expires;
    private long keptUntil;
    private boolean refused;
    private boolean known;
    private boolean unwanted;

    Made(int number, String name, int session, long made) {
      this.number = number;
      this.name = name;
      this.session = session;
      this.made = made;
      this.expires = made + LEASE.toNanos();
    }

    String name() {
      return name;
    }

    String version() {
      return "lease " + number;
    }

    /** Every process can find it where it was written down. */
    void know() {
      known = true;
    }

    boolean isKnown() {
      return known;
    }

    /** Its volume does not want it any more. */
    void unwant() {
      unwanted = true;
    }

    @Override
    public String toString() {
      return version() + " of " + name + " in session " + session + " at " + made / 1_000_000;
    }
  }

  /** Who has logged in. */
  private static final class Opened {
    private final MountId mount;
    private long expires;
    private boolean ended;

    Opened(MountId mount, long expires) {
      this.mount = mount;
      this.expires = expires;
    }
  }

  private final TurnedTicker ticker;
  private final Supplier<Collection<KeptMount>> ledger;
  private final long start;
  private final long mostLife;
  private final List<Opened> sessions = new ArrayList<>();
  private final List<Made> leases = new ArrayList<>();
  private final List<String> violations = new ArrayList<>();
  private final Set<MountId> over = new HashSet<>();
  private Runnable meanwhile = () -> {};
  private boolean fails;
  private boolean refuses;

  LeaseStore(TurnedTicker ticker, Supplier<Collection<KeptMount>> ledger, Duration mostLife) {
    this.ticker = ticker;
    this.ledger = ledger;
    this.start = ticker.nanos();
    this.mostLife = mostLife.toNanos();
  }

  long now() {
    return ticker.nanos() - start;
  }

  List<Made> leases() {
    return leases;
  }

  List<String> violations() {
    return violations;
  }

  void fails(boolean now) {
    fails = now;
  }

  void refuses(boolean now) {
    refuses = now;
  }

  /** Every process was told that a mount's pod has ended. */
  void isOver(MountId mount) {
    over.add(mount);
  }

  /** What happens in the middle of the next call. */
  void meanwhile(Runnable step) {
    meanwhile = step;
  }

  private void happen() {
    Runnable next = meanwhile;
    meanwhile = () -> {};
    next.run();
    Thread.interrupted();
  }

  /** Each pod has one volume, and says in its token who it is. */
  private static MountId mount(Credentials credentials) {
    String json = new String(credentials.serviceAccountTokens().reveal(), StandardCharsets.UTF_8);
    return new MountId(json.split("\"", -1)[5].substring("token of ".length()), "/target");
  }

  MountId mount(Made lease) {
    return sessions.get(lease.session).mount;
  }

  boolean isTaken(Made lease) {
    Opened session = sessions.get(lease.session);
    return !session.ended && session.expires > now() && lease.expires > now();
  }

  /** Whether nothing that was written down calls for another one in its place. */
  private boolean isGood(Made lease) {
    Opened session = sessions.get(lease.session);
    long left = Math.min(session.expires, lease.keptUntil) - now();
    return isTaken(lease)
        && !lease.refused
        && !lease.unwanted
        && !over.contains(mount(lease))
        && left > LEASE.toNanos() / 10;
  }

  private Made make(String name, int session) {
    MountId mount = sessions.get(session).mount;
    kept();
    held(name, mount)
        .filter(this::isGood)
        .ifPresent(
            held ->
                violations.add(
                    "made again though it was good: " + held + " at " + now() / 1_000_000));
    Made lease = new Made(leases.size(), name, session, now());
    leases.add(lease);
    return lease;
  }

  /** What is written down now; of that, when each ends is what a process may act on. */
  List<Made> kept() {
    List<Made> kept = new ArrayList<>();
    for (KeptMount record : ledger.get()) {
      for (KeptMount.KeptValue value : record.values()) {
        String version = value.value().items().get(0).version();
        Duration left = Duration.between(ticker.instant(), value.life().ends());
        leases.stream()
            .filter(lease -> lease.version().equals(version))
            .peek(lease -> lease.keptUntil = now() + left.toNanos())
            .forEach(kept::add);
      }
    }
    return kept;
  }

  /**
   * What a volume holds under that name: what was known before has been replaced, if it lives on.
   */
  private Optional<Made> held(String name, MountId mount) {
    return leases.stream()
        .filter(made -> made.name.equals(name) && mount(made).equals(mount))
        .filter(Made::isKnown)
        .reduce((earlier, later) -> later);
  }

  private void answerOrFail() throws MountFailure {
    if (fails) {
      throw MountFailure.of(Reason.STORE_UNAVAILABLE, "down", "wait")
          .because(Fault.of(Fault.Kind.SERVER_ERROR));
    }
  }

  private Opened session(int number) throws MountFailure {
    Opened session = sessions.get(number);
    if (session.ended || session.expires <= now()) {
      throw MountFailure.of(Reason.LOGIN_FAILED, "this session is not taken", "log in");
    }
    return session;
  }

  /** The store's driver in one process. */
  Backend in(LeaseProcess process) {
    return new InProcess(process);
  }

  private final class InProcess implements Backend {

    private final LeaseProcess process;

    InProcess(LeaseProcess process) {
      this.process = process;
    }

    @Override
    public String name() {
      return "leases";
    }

    @Override
    public Set<String> parameters() {
      return Set.of();
    }

    @Override
    public MountPlan plan(MountRequest request, NodeFacts node) {
      throw new IllegalStateException("nobody plans here");
    }

    @Override
    public Session open(Login login, Credentials credentials, Deadline deadline)
        throws MountFailure, InterruptedException {
      process.requireAlive();
      answerOrFail();
      sessions.add(new Opened(mount(credentials), now() + SESSION.toNanos()));
      int number = sessions.size() - 1;
      happen();
      process.requireAlive();
      return new InSession(process, number);
    }

    @Override
    public Optional<Session> resume(SessionKey key, SecretBytes state) {
      String number = new String(state.reveal(), StandardCharsets.UTF_8);
      return Optional.of(new InSession(process, Integer.parseInt(number)));
    }

    @Override
    public int requestsAtOnce() {
      return 10;
    }

    @Override
    public boolean repeatsLogins() {
      return true;
    }
  }

  private final class InSession implements Session {

    private final LeaseProcess process;
    private final int number;

    InSession(LeaseProcess process, int number) {
      this.process = process;
      this.number = number;
    }

    @Override
    public Map<SecretRef, ReadOutcome> read(
        Set<SecretRef> references, Deadline deadline, ByteAllowance arrived)
        throws MountFailure, InterruptedException {
      process.requireAlive();
      answerOrFail();
      session(number);
      Map<SecretRef, ReadOutcome> answers = new LinkedHashMap<>();
      for (SecretRef reference : references) {
        Made lease = make(ScriptedBackend.nameOf(reference), number);
        String version = lease.version();
        SecretValue value =
            SecretValue.of(lease.name, version, ScriptedBackend.bytes(version)).mintedFor(LEASE);
        answers.put(reference, new ReadOutcome.Value(value));
      }
      happen();
      process.requireAlive();
      return answers;
    }

    @Override
    public SessionLife life() {
      return SessionLife.of(SESSION);
    }

    @Override
    public Renewal renew(Set<SecretRef> minted, Deadline deadline)
        throws MountFailure, InterruptedException {
      process.requireAlive();
      if (!process.isOwner()) {
        violations.add("renewed by who is not the owner");
      }
      answerOrFail();
      Opened session = session(number);
      session.expires = now() + SESSION.toNanos();
      Map<SecretRef, Duration> lives = new HashMap<>();
      for (SecretRef reference : minted) {
        leases.stream()
            .filter(lease -> lease.session == number && isNamed(lease, reference))
            // What its process did not live to write down is known to nobody.
            .filter(Made::isKnown)
            .reduce((earlier, later) -> later)
            .ifPresent(lease -> lives.put(reference, renew(lease)));
      }
      return new Renewal(SessionLife.of(SESSION), lives);
    }

    private static boolean isNamed(Made lease, SecretRef reference) {
      return ScriptedBackend.Reference.own(lease.name)
          .lastingName()
          .equals(reference.lastingName());
    }

    private Duration renew(Made lease) {
      if (refuses || lease.expires <= now()) {
        lease.refused = true;
        return Duration.ZERO;
      }
      lease.expires = Math.min(now() + LEASE.toNanos(), lease.made + mostLife);
      return Duration.ofNanos(lease.expires - now());
    }

    @Override
    public Optional<SecretBytes> state() {
      return Optional.of(ScriptedBackend.bytes(Integer.toString(number)));
    }

    @Override
    public void end(Deadline deadline) throws MountFailure, InterruptedException {
      process.requireAlive();
      if (!process.isOwner()) {
        violations.add("given back by who is not the owner");
      }
      answerOrFail();
      session(number).ended = true;
    }
  }
}
