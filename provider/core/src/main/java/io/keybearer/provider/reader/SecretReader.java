package io.keybearer.provider.reader;

import io.keybearer.provider.Alarms;
import io.keybearer.provider.Backend;
import io.keybearer.provider.ByteAllowance;
import io.keybearer.provider.Credentials;
import io.keybearer.provider.Deadline;
import io.keybearer.provider.Login;
import io.keybearer.provider.MountFailure;
import io.keybearer.provider.SecretRef;
import io.keybearer.provider.Ticker;
import io.keybearer.provider.cluster.TokenRequests;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Reads what plans name, for every store, and decides alone what is read at all: what memory has,
 * what is under way for others, what is tried again and what is not. A store only answers requests.
 * Nobody waits in it: outcomes are told once they are there.
 */
public final class SecretReader implements AutoCloseable {

  /**
   * The bounds of reading.
   *
   * @param readsOfMount requests that one mount has out at once
   * @param readsOfAddress requests that one address gets at once
   * @param mostValueBytes the size of one value
   * @param memoryBytes the size of all values in memory
   */
  public record Bounds(int readsOfMount, int readsOfAddress, int mostValueBytes, int memoryBytes) {}

  /**
   * Time, which tests turn.
   *
   * @param ticker measures it
   * @param alarms do things later
   * @param clock tells it to people and tokens
   */
  public record Time(Ticker ticker, Alarms alarms, InstantSource clock) {}

  /**
   * What outlives this process, and who hears of what can't.
   *
   * @param ledger where it is kept
   * @param owner whether this process is the one that the driver finds: only that one renews what
   *     is in the ledger and gives it back. It may look at files
   * @param news told of what pods should hear of
   */
  public record Lasting(MintLedger ledger, BooleanSupplier owner, MintNews.Listener news) {

    /** Nothing: what was minted ends with the process, or by itself, and nobody is told. */
    public static Lasting nothing() {
      return new Lasting(MintLedger.none(), () -> true, news -> {});
    }
  }

  /**
   * The call that a mount came with.
   *
   * @param arrived when, in the ticker's nanoseconds
   * @param deadline until when it waits; later ones may come, as others join it
   * @param allowance told of the bytes that come for it, from stores and from memory
   */
  public record Call(long arrived, Supplier<Deadline> deadline, ByteAllowance allowance) {}

  /**
   * What memory has for a mount.
   *
   * @param republish whether the mount's pod has files that were made under the same parameters
   * @param outcomes one for each distinct reference
   */
  public record Recalled(boolean republish, Map<ReadKey, TimedOutcome> outcomes) {}

  /** A mount that waits for its outcomes. */
  @FunctionalInterface
  public interface Reading {

    /** Waits no longer: nobody will be told anything. */
    void leave();
  }

  /** Platform threads that only wait need little; the default of 1 MiB is reserved for each. */
  private static final long STACK_BYTES = 256 * 1024;

  private final ExecutorService threads;
  private final ReaderState state;
  private final PodProofs proofs;

  /**
   * A reader over these stores.
   *
   * @param backends the store of a name; called for names that plans and the ledger hold, and fails
   *     with an {@link IllegalArgumentException} for one that there is none of
   */
  public SecretReader(Function<String, Backend> backends, Bounds bounds, Time time) {
    this(backends, bounds, time, RequestedTokens.none(time), Lasting.nothing(), readThreads());
  }

  /**
   * A reader that has tokens made where the driver brings none, and keeps what was minted beyond
   * its own life.
   *
   * @param backends the store of a name, as above
   * @param tokens makes them, for the pod that a login is for; nothing where they are not to be
   *     made
   */
  public SecretReader(
      Function<String, Backend> backends,
      Bounds bounds,
      Time time,
      Optional<TokenRequests> tokens,
      Lasting lasting) {
    this(
        backends,
        bounds,
        time,
        tokens
            .map(requests -> RequestedTokens.of(requests, time))
            .orElseGet(() -> RequestedTokens.none(time)),
        lasting,
        readThreads());
  }

  private static ExecutorService readThreads() {
    return new ThreadPoolExecutor(
        // Lanes bound the number of threads; idle ones end after a few seconds. Only a reader that
        // was closed takes no more, and nobody waits for it then.
        0,
        Integer.MAX_VALUE,
        5,
        TimeUnit.SECONDS,
        new SynchronousQueue<>(),
        named(),
        new ThreadPoolExecutor.DiscardPolicy());
  }

  /**
   * The same, with requests on these threads.
   *
   * @param threads as many as lanes allow requests; stopped with this reader
   */
  public SecretReader(
      Function<String, Backend> backends, Bounds bounds, Time time, ExecutorService threads) {
    this(backends, bounds, time, Lasting.nothing(), threads);
  }

  /** The same, which keeps what was minted beyond its own life. */
  public SecretReader(
      Function<String, Backend> backends,
      Bounds bounds,
      Time time,
      Lasting lasting,
      ExecutorService threads) {
    this(backends, bounds, time, RequestedTokens.none(time), lasting, threads);
  }

  SecretReader(
      Function<String, Backend> backends,
      Bounds bounds,
      Time time,
      RequestedTokens tokens,
      Lasting lasting,
      ExecutorService threads) {
    this.threads = threads;
    this.state = new ReaderState(backends, bounds, time, tokens, lasting, threads);
    this.proofs = new PodProofs(time.ticker(), lasting.ledger().key());
  }

  /**
   * Takes over what earlier processes have left in the ledger, and again and again what others
   * leave there, while this one is the owner. To be called once the driver finds this process.
   */
  public void takeOver() {
    state.keeping().sync().takeOver();
  }

  /** Whether the mount's pod has files that were made under the same parameters. */
  public boolean isRepublish(PlannedMount mount) {
    return state
        .lock()
        .compute(() -> state.records().of(mount.mount()).isAnswered(mount.parameters()));
  }

  /**
   * Reads what a mount's plan names: tells one outcome for each distinct reference, failures
   * included, once and by the deadline, on a thread that may not wait.
   *
   * @param credentials of the pod, for sessions that have to be opened
   * @param whenRead told the outcomes
   * @throws MountFailure if the credentials are not the pod's own
   */
  public Reading read(
      PlannedMount mount,
      Credentials credentials,
      Call call,
      Consumer<Map<ReadKey, TimedOutcome>> whenRead)
      throws MountFailure {
    Supplier<MountMemory> memory = memory(mount, credentials, call.arrived());
    MountReading reading =
        state
            .lock()
            .compute(
                () -> {
                  MountReading begun =
                      new MountReading(state, memory.get(), credentials, call, whenRead);
                  begun.begin();
                  return begun;
                });
    return () -> state.lock().change(reading::leave);
  }

  /**
   * The outcomes of the whole plan, if memory has all of them. Never waits.
   *
   * @param arrived told of the bytes that come for this mount
   * @throws MountFailure if the credentials are not the pod's own, or there is no room
   */
  public Optional<Recalled> recall(
      PlannedMount mount, Credentials credentials, ByteAllowance arrived) throws MountFailure {
    Supplier<MountMemory> memory = memory(mount, credentials, state.ticker().nanos());
    Optional<Recalled> recalled = state.lock().compute(() -> recall(memory.get()));
    if (recalled.isPresent()) {
      arrived.add(recalled.get().outcomes().values().stream().mapToLong(TimedOutcome::bytes).sum());
    }
    return recalled;
  }

  /** What takes time about it is done before there is a lock to hold. */
  private Supplier<MountMemory> memory(PlannedMount mount, Credentials credentials, long arrived)
      throws MountFailure {
    PodProof proof = proofs.of(credentials, mount.pod());
    state.keeping().sync().refresh(mount.mount());
    Map<String, Long> generations = new HashMap<>();
    for (Login login : mount.plan().reads().keySet()) {
      generations.computeIfAbsent(login.key().backend(), name -> state.backend(name).generation());
    }
    return () -> new MountMemory(state, mount, proof, generations, arrived);
  }

  private static Optional<Recalled> recall(MountMemory memory) {
    Map<ReadKey, TimedOutcome> outcomes = new HashMap<>();
    for (Map.Entry<Login, Set<SecretRef>> read : memory.planned().plan().reads().entrySet()) {
      MountLogin login = memory.of(read.getKey());
      for (SecretRef reference : read.getValue()) {
        Optional<TimedOutcome> known = memory.find(login, reference);
        if (known.isEmpty()) {
          return Optional.empty();
        }
        outcomes.put(new ReadKey(read.getKey().key(), reference), known.get());
      }
    }
    return Optional.of(new Recalled(memory.isRepublish(), outcomes));
  }

  /** Told that a mount was answered with files. */
  public void answered(PlannedMount mount) {
    state
        .lock()
        .change(
            () -> {
              state.visited(mount.mount());
              boolean first = state.records().of(mount.mount()).answered(mount.parameters());
              state.mints().answered(mount.mount(), mount.plan());
              if (first) {
                state.keeping().changed(mount.mount());
              }
            });
  }

  /** Told that a mount has failed, whatever it had read. */
  public void failed(PlannedMount mount) {
    state
        .lock()
        .change(
            () -> {
              state.visited(mount.mount());
              state.records().of(mount.mount()).failed();
              state.mints().failed(mount.mount());
            });
  }

  /** Does that once, when the first value of all has been made by a store for a mount. */
  public void whenFirstMinted(Runnable work) {
    state.lock().change(() -> state.mints().whenFirst(work));
  }

  /** Told that a pod runs: what stores have made for it is kept, however long it does not come. */
  public void podSeen(String podUid) {
    state
        .lock()
        .change(
            () -> {
              state.mints().podSeen(podUid);
              state.signs().podSeen(podUid);
            });
  }

  /** Told that a pod has ended: what stores have made for it is given back. */
  public void podEnded(String podUid) {
    state
        .lock()
        .change(
            () -> {
              state.signs().podEnded(podUid);
              state.mints().podEnded(podUid);
            });
  }

  /**
   * Told whether ends of pods are told from now on; at first they are not. While they are, what was
   * made for a pod that nobody has seen is given back after five minutes without a call. While they
   * are not, nothing is given back for its silence: what used to come back and does not any more is
   * only renewed no longer.
   */
  public void endsTold(boolean now) {
    state
        .lock()
        .change(
            () -> {
              if (state.signs().endsTold(now) && now) {
                state.renewals().giveUpNobody();
              }
            });
  }

  /** What became of what stores have made, since this process has started. */
  public MintCounts mintCounts() {
    return state.lock().compute(() -> state.telling().counts().held(state.mints().count()));
  }

  /** The bytes of values in memory, entries included. */
  public long memoryBytes() {
    return state.lock().compute(() -> state.memory().bytes());
  }

  private static ThreadFactory named() {
    AtomicInteger number = new AtomicInteger();
    return task -> {
      Thread thread = new Thread(null, task, "read-" + number.incrementAndGet(), STACK_BYTES);
      thread.setDaemon(true);
      return thread;
    };
  }

  /** Stops the threads; reads under way are interrupted. */
  @Override
  public void close() {
    threads.shutdownNow();
  }
}
