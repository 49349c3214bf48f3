package io.keybearer.provider.reader;

import io.keybearer.provider.Backend;
import io.keybearer.provider.ByteAllowance;
import io.keybearer.provider.Credentials;
import io.keybearer.provider.Deadline;
import io.keybearer.provider.Login;
import io.keybearer.provider.MountFailure;
import io.keybearer.provider.MountPlan;
import io.keybearer.provider.ReadOutcome;
import io.keybearer.provider.Reason;
import io.keybearer.provider.SecretRef;
import io.keybearer.provider.SecretValue;
import io.keybearer.provider.Ticker;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/**
 * Reads what plans name, for every store: one read for each distinct reference, in parallel, inside
 * the mount's deadline. It alone decides on threads, sets and time; a store only answers requests.
 */
public final class SecretReader implements AutoCloseable {

  /**
   * The bounds of reading.
   *
   * @param readsOfMount requests that one mount has out at once
   * @param readsOfAddress requests that one address gets at once
   * @param mostValueBytes the size of one value
   */
  public record Bounds(int readsOfMount, int readsOfAddress, int mostValueBytes) {}

  /** Platform threads that only wait need little; the default of 1 MiB is reserved for each. */
  private static final long STACK_BYTES = 256 * 1024;

  private final Function<String, Backend> backends;
  private final Bounds bounds;
  private final Ticker ticker;
  private final ExecutorService threads;
  private final Map<String, RequestLane> lanes = new ConcurrentHashMap<>();

  /**
   * A reader over these stores.
   *
   * @param backends the store of a name; called for names that plans hold
   */
  public SecretReader(Function<String, Backend> backends, Bounds bounds, Ticker ticker) {
    this.backends = backends;
    this.bounds = bounds;
    this.ticker = ticker;
    this.threads =
        // Lanes bound the number of threads; idle ones end after a few seconds.
        new ThreadPoolExecutor(
            0, Integer.MAX_VALUE, 5, TimeUnit.SECONDS, new SynchronousQueue<>(), named());
  }

  /**
   * One outcome for each distinct reference of the plan, failures included.
   *
   * @param credentials of the pod, for sessions that have to be opened
   * @param arrived told of the bytes that arrive from stores for this mount
   * @throws InterruptedException if the mount's own thread is stopped
   */
  public Map<ReadKey, TimedOutcome> read(
      MountPlan plan, Credentials credentials, Deadline deadline, ByteAllowance arrived)
      throws InterruptedException {
    return new MountReading(this, plan, credentials, deadline, arrived).read();
  }

  /** The outcomes of the whole plan, if all of them are known without waiting. */
  public Optional<Map<ReadKey, TimedOutcome>> recall(MountPlan plan) {
    long started = ticker.nanos();
    Map<ReadKey, TimedOutcome> outcomes = new HashMap<>();
    for (Map.Entry<Login, Set<SecretRef>> read : plan.reads().entrySet()) {
      Login login = read.getKey();
      Map<SecretRef, SecretValue> known = backend(login).recall(read.getValue());
      if (known.size() < read.getValue().size()) {
        return Optional.empty();
      }
      Duration took = Duration.ofNanos(ticker.nanos() - started);
      known.forEach(
          (reference, value) ->
              outcomes.put(
                  new ReadKey(login.key(), reference),
                  new TimedOutcome(bounded(value), TimedOutcome.Source.MEMORY, took)));
    }
    return Optional.of(outcomes);
  }

  /** The value, or why it is too large. */
  ReadOutcome bounded(SecretValue value) {
    int most = bounds.mostValueBytes();
    return value.bytes() <= most
        ? new ReadOutcome.Value(value)
        : new ReadOutcome.Failed(
            MountFailure.of(
                Reason.INVALID_PARAMETERS,
                "the value has " + value.bytes() + " bytes, and one value may have " + most,
                "store less in it, or raise --max-value-bytes"));
  }

  Backend backend(Login login) {
    return backends.apply(login.key().backend());
  }

  Bounds bounds() {
    return bounds;
  }

  Ticker ticker() {
    return ticker;
  }

  /** Runs a request when its address may get another. */
  void run(StoreRequest<?> request) {
    lanes.compute(
        request.login().target(),
        (target, known) -> {
          RequestLane lane = known == null ? lane(request.login()) : known;
          lane.run(request);
          return lane;
        });
  }

  /** Drops what a mount has cancelled. */
  void leave(Set<String> targets) {
    for (String target : targets) {
      lanes.computeIfPresent(
          target,
          (name, lane) -> {
            lane.forgetCancelled();
            return lane;
          });
    }
  }

  private RequestLane lane(Login login) {
    String target = login.target();
    int most = Math.min(bounds.readsOfAddress(), backend(login).requestsAtOnce());
    // Tenants name addresses: a lane goes with its last request.
    return new RequestLane(
        threads,
        most,
        () -> lanes.computeIfPresent(target, (name, lane) -> lane.isIdle() ? null : lane));
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
