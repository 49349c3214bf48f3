package io.keybearer.provider.mounting;

import io.keybearer.provider.Alarms;
import io.keybearer.provider.Backend;
import io.keybearer.provider.Credentials;
import io.keybearer.provider.Deadline;
import io.keybearer.provider.DirectThreads;
import io.keybearer.provider.Freshness;
import io.keybearer.provider.MountRequest;
import io.keybearer.provider.NodeFacts;
import io.keybearer.provider.Ticker;
import io.keybearer.provider.TurnedTicker;
import io.keybearer.provider.cluster.TokenRequests;
import io.keybearer.provider.mount.Cancellation;
import io.keybearer.provider.mount.InFlightBytes;
import io.keybearer.provider.mount.MountAnswer;
import io.keybearer.provider.mount.MountCaller;
import io.keybearer.provider.mount.MountPipeline;
import io.keybearer.provider.mount.MountQueue;
import io.keybearer.provider.reader.SecretReader;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/**
 * A node on which pods mount volumes of one store: the whole way of a Mount, with the store at its
 * end. In real time it has threads; in turned time a mount does its own work, and lets time pass
 * where it would wait.
 */
public final class MountingNode implements AutoCloseable {

  private static final NodeFacts FACTS = new NodeFacts("node-1", 1_000, Freshness.Limits.usual());
  private static final Duration BUDGET = Duration.ofSeconds(110);
  private static final int MOST_ANSWER_BYTES = 4 * 1024 * 1024 - 64 * 1024;

  private final Optional<TurnedTicker> turned;
  private final SecretReader.Time time;
  private final Backend backend;
  private final SecretReader reader;
  private final MountPipeline pipeline;
  private final InFlightBytes inFlight = new InFlightBytes(24 * 1024 * 1024);
  private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(2);

  /**
   * A node.
   *
   * @param turned the time that tests turn; nothing for the machine's own
   * @param store makes the store, in that time
   * @param tokens makes tokens that the driver does not bring
   */
  public MountingNode(
      Optional<TurnedTicker> turned,
      Function<SecretReader.Time, Backend> store,
      Optional<TokenRequests> tokens) {
    this.turned = turned;
    timer.setRemoveOnCancelPolicy(true);
    this.time =
        turned
            .map(ticker -> new SecretReader.Time(ticker, ticker, ticker))
            .orElseGet(
                () -> new SecretReader.Time(Ticker.system(), this::later, InstantSource.system()));
    this.backend = store.apply(time);
    SecretReader.Bounds bounds = new SecretReader.Bounds(100, 128, 1024 * 1024, 16 * 1024 * 1024);
    if (turned.isPresent()) {
      this.reader = new SecretReader(name -> backend, bounds, time, new DirectThreads());
    } else {
      this.reader =
          new SecretReader(name -> backend, bounds, time, tokens, SecretReader.Lasting.nothing());
    }
    Executor threads = turned.isPresent() ? Runnable::run : timer;
    this.pipeline =
        new MountPipeline(
            FACTS,
            reader,
            new MountQueue(new MountQueue.Bounds(64, 1_024, 128), threads),
            MOST_ANSWER_BYTES,
            time);
  }

  private Alarms.Alarm later(Duration pause, Runnable work) {
    var due = timer.schedule(work, pause.toNanos(), TimeUnit.NANOSECONDS);
    return () -> due.cancel(false);
  }

  /** The reader of this node. */
  public SecretReader reader() {
    return reader;
  }

  /** Mounts a volume, or asks for it again; waits for the answer. */
  public Mounted mount(MountRequest request, Credentials credentials) {
    CompletableFuture<MountAnswer> answer = begin(request, credentials);
    for (int second = 0; !answer.isDone() && second < 2 * BUDGET.toSeconds(); second++) {
      if (turned.isEmpty()) {
        break;
      }
      turned.get().turn(Duration.ofSeconds(1));
    }
    try {
      return new Mounted(answer.get(BUDGET.toSeconds() + 10, TimeUnit.SECONDS));
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      throw new IllegalStateException("a mount without an answer", e);
    }
  }

  /** The same, without waiting. */
  public CompletableFuture<MountAnswer> begin(MountRequest request, Credentials credentials) {
    return begin(request, credentials, BUDGET);
  }

  /** The same of a caller that waits so long. */
  public CompletableFuture<MountAnswer> begin(
      MountRequest request, Credentials credentials, Duration budget) {
    Caller caller = new Caller(inFlight.open(() -> {}), credentials);
    try {
      pipeline.mount(backend, request, Deadline.after(budget, time.ticker()), caller);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    return caller.answer;
  }

  @Override
  public void close() {
    reader.close();
    timer.shutdownNow();
  }

  /** The driver's side of one call. */
  private static final class Caller implements MountCaller {

    private final CompletableFuture<MountAnswer> answer = new CompletableFuture<>();
    private final Cancellation cancellation = new Cancellation();
    private final InFlightBytes.Account account;
    private final Credentials credentials;

    Caller(InFlightBytes.Account account, Credentials credentials) {
      this.account = account;
      this.credentials = credentials;
    }

    @Override
    public void answer(MountAnswer given) {
      account.close();
      answer.complete(given);
    }

    @Override
    public void run(Runnable work) {
      try {
        work.run();
      } catch (RuntimeException defect) {
        answer.completeExceptionally(defect);
      }
    }

    @Override
    public Cancellation cancellation() {
      return cancellation;
    }

    @Override
    public Credentials credentials() {
      return credentials;
    }

    @Override
    public InFlightBytes.Account inFlight() {
      return account;
    }
  }
}
