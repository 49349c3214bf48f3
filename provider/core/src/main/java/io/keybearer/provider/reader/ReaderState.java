package io.keybearer.provider.reader;

import io.keybearer.provider.Alarms;
import io.keybearer.provider.Backend;
import io.keybearer.provider.Endpoint;
import io.keybearer.provider.Login;
import io.keybearer.provider.MountId;
import io.keybearer.provider.Ticker;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;

/** What the parts of the reader share. The lock is over all of it but the lanes. */
final class ReaderState {

  private static final Duration TIDY_EVERY = Duration.ofSeconds(10);

  private final Function<String, Backend> backends;
  private final SecretReader.Bounds bounds;
  private final Ticker ticker;
  private final Alarms alarms;
  private final InstantSource clock;
  private final StateLock lock = new StateLock();
  private final RequestedTokens tokens;
  private final RequestLanes lanes;
  private final Gates gates;
  private final Refusals refusals;
  private final ValueMemory memory;
  private final MountRecords records;
  private final Scopes scopes;
  private final SessionUpkeep upkeep;
  private final Mints mints;
  private final Renewals renewals;
  private final PodSigns signs;
  private final MintTelling telling;
  private final MintSweep sweep;
  private final Keeping keeping;
  private final Executor threads;
  private final Map<SessionId, SessionReads> sessions = new HashMap<>();
  private boolean tidying;

  ReaderState(
      Function<String, Backend> backends,
      SecretReader.Bounds bounds,
      SecretReader.Time time,
      RequestedTokens tokens,
      SecretReader.Lasting lasting,
      Executor threads) {
    this.threads = threads;
    this.backends = backends;
    this.bounds = bounds;
    this.ticker = time.ticker();
    this.alarms = time.alarms();
    this.clock = time.clock();
    this.tokens = tokens;
    this.lanes = new RequestLanes(threads);
    this.gates = new Gates(ticker);
    this.refusals = new Refusals(ticker);
    this.memory = new ValueMemory(bounds.memoryBytes(), ticker);
    this.records = new MountRecords(ticker);
    this.scopes = new Scopes(ticker);
    this.upkeep = new SessionUpkeep(this);
    this.mints = new Mints(this, upkeep);
    this.renewals = new Renewals(this);
    this.signs = new PodSigns(ticker);
    this.telling = new MintTelling(lock, lasting.news());
    this.sweep = new MintSweep(this);
    this.keeping = new Keeping(this, lasting);
  }

  /** Lets go what nobody uses any more, again and again while there is anything. */
  void tidyLater() {
    if (!tidying) {
      tidying = true;
      alarms.in(TIDY_EVERY, () -> lock.change(this::tidy));
    }
  }

  private void tidy() {
    sessions.values().removeIf(SessionReads::endIfIdle);
    boolean valuesLeft = memory.forget();
    boolean mintsLeft = sweep.look();
    tidying = false;
    if (valuesLeft || mintsLeft || !sessions.isEmpty()) {
      tidyLater();
    }
  }

  /** What is wanted, under way and open in that session. */
  SessionReads session(SessionId id, Login login) {
    tidyLater();
    return sessions.computeIfAbsent(id, i -> new SessionReads(this, id, login));
  }

  /** Whether what is wanted of that session would be read in this one. */
  boolean isOpen(SessionId id, OpenSession session) {
    SessionReads reads = sessions.get(id);
    return reads != null && reads.isOpen(session);
  }

  /** Told that a mount was asked for. */
  void visited(MountId mount) {
    records.of(mount).visited();
    renewals.visited(mount);
  }

  /** Whether there is a store of that name: what another version has kept may be of another. */
  boolean knows(String backend) {
    try {
      return backends.apply(backend).name().equals(backend);
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /** Does that on a thread that may wait. */
  void execute(Runnable work) {
    threads.execute(work);
  }

  /** Runs a try when the address of its session may get another. */
  void run(SessionId session, Runnable attempt) {
    int most = Math.min(bounds.readsOfAddress(), backend(session).requestsAtOnce());
    lanes.run(session.key().target(), most, attempt);
  }

  Backend backend(SessionId session) {
    return backends.apply(session.key().backend());
  }

  Backend backend(String name) {
    return backends.apply(name);
  }

  /** What can be connected to or not, for all alike who connect in the same way. */
  record BackendEndpoint(String backend, Endpoint endpoint) {}

  BackendEndpoint endpoint(SessionId session) {
    return new BackendEndpoint(session.key().backend(), session.key().endpoint());
  }

  /** A number between zero and one. */
  double random() {
    return ThreadLocalRandom.current().nextDouble();
  }

  SecretReader.Bounds bounds() {
    return bounds;
  }

  Ticker ticker() {
    return ticker;
  }

  Alarms alarms() {
    return alarms;
  }

  Instant now() {
    return clock.instant();
  }

  StateLock lock() {
    return lock;
  }

  /** Tokens that the driver did not bring. Not under the lock. */
  RequestedTokens tokens() {
    return tokens;
  }

  RequestLanes lanes() {
    return lanes;
  }

  Gates gates() {
    return gates;
  }

  Refusals refusals() {
    return refusals;
  }

  ValueMemory memory() {
    return memory;
  }

  MountRecords records() {
    return records;
  }

  Scopes scopes() {
    return scopes;
  }

  SessionUpkeep upkeep() {
    return upkeep;
  }

  Mints mints() {
    return mints;
  }

  Renewals renewals() {
    return renewals;
  }

  PodSigns signs() {
    return signs;
  }

  MintTelling telling() {
    return telling;
  }

  Keeping keeping() {
    return keeping;
  }
}
