package io.keybearer.provider.vault.contract;

import io.keybearer.provider.Alarms;
import io.keybearer.provider.Credentials;
import io.keybearer.provider.Deadline;
import io.keybearer.provider.DirectThreads;
import io.keybearer.provider.Freshness;
import io.keybearer.provider.MountRequest;
import io.keybearer.provider.NodeFacts;
import io.keybearer.provider.PodIdentity;
import io.keybearer.provider.SecretBytes;
import io.keybearer.provider.Ticker;
import io.keybearer.provider.TurnedTicker;
import io.keybearer.provider.http.AllowedAddresses;
import io.keybearer.provider.http.AllowedFiles;
import io.keybearer.provider.http.HttpLimits;
import io.keybearer.provider.http.HttpStack;
import io.keybearer.provider.http.Proxies;
import io.keybearer.provider.http.TlsSettings;
import io.keybearer.provider.mount.Cancellation;
import io.keybearer.provider.mount.InFlightBytes;
import io.keybearer.provider.mount.MountAnswer;
import io.keybearer.provider.mount.MountCaller;
import io.keybearer.provider.mount.MountPipeline;
import io.keybearer.provider.mount.MountQueue;
import io.keybearer.provider.reader.SecretReader;
import io.keybearer.provider.token.ServiceAccountTokens;
import io.keybearer.provider.vault.VaultBackend;
import io.keybearer.provider.vault.VaultDialect;
import io.keybearer.provider.vault.VaultSettings;
import io.keybearer.provider.vault.VersionKeys;
import io.keybearer.provider.vault.fake.PodTokens;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.crypto.spec.SecretKeySpec;

/**
 * A node on which pods mount volumes: the whole way of a Mount, with the store at its end and real
 * connections behind it. In real time it has threads; in turned time a mount does its own work, and
 * lets time pass where it would wait.
 */
final class MountNode implements AutoCloseable {

  private static final NodeFacts FACTS = new NodeFacts("node-1", 1_000, Freshness.Limits.usual());
  private static final Duration BUDGET = Duration.ofSeconds(110);
  private static final int MOST_ANSWER_BYTES = 4 * 1024 * 1024 - 64 * 1024;
  private static final byte[] VERSION_KEY = "a".repeat(32).getBytes(StandardCharsets.US_ASCII);

  private final PodTokens tokens;
  private final VaultDialect dialect;
  private final Optional<TurnedTicker> turned;
  private final SecretReader.Time time;
  private final HttpStack stack;
  private final VaultBackend backend;
  private final SecretReader reader;
  private final MountPipeline pipeline;
  private final InFlightBytes inFlight = new InFlightBytes(24 * 1024 * 1024);
  private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(2);
  private final Map<List<Object>, Credentials> credentials = new HashMap<>();

  private MountNode(
      PodTokens tokens,
      VaultDialect dialect,
      VaultSettings settings,
      Optional<TurnedTicker> turned,
      boolean makesTokens) {
    this.tokens = tokens;
    this.dialect = dialect;
    this.turned = turned;
    timer.setRemoveOnCancelPolicy(true);
    this.time =
        turned
            .map(ticker -> new SecretReader.Time(ticker, ticker, ticker))
            .orElseGet(
                () -> new SecretReader.Time(Ticker.system(), this::later, InstantSource.system()));
    this.stack =
        new HttpStack(
            HttpLimits.usual(), Proxies.none(), settings.allowedAddresses(), time.ticker());
    this.backend = new VaultBackend(dialect, settings, () -> stack, time.ticker(), time.clock());
    this.reader = reader(makesTokens);
    Executor threads = turned.isPresent() ? Runnable::run : timer;
    this.pipeline =
        new MountPipeline(
            FACTS,
            reader,
            new MountQueue(new MountQueue.Bounds(64, 1_024, 128), threads),
            MOST_ANSWER_BYTES,
            time);
  }

  private SecretReader reader(boolean makesTokens) {
    SecretReader.Bounds bounds = new SecretReader.Bounds(100, 128, 1024 * 1024, 16 * 1024 * 1024);
    if (turned.isPresent()) {
      return new SecretReader(name -> backend, bounds, time, new DirectThreads());
    }
    return makesTokens
        ? new SecretReader(
            name -> backend,
            bounds,
            time,
            Optional.of(
                (pod, audience, deadline) ->
                    ServiceAccountTokens.token(
                        tokens.issue(
                            PodTokens.Pod.of(pod.namespace(), pod.serviceAccount()), audience),
                        "")),
            SecretReader.Lasting.nothing())
        : new SecretReader(name -> backend, bounds, time);
  }

  /** A node of that dialect in the machine's own time. */
  static MountNode of(PodTokens tokens, VaultDialect dialect) {
    return of(tokens, dialect, settings());
  }

  static MountNode of(PodTokens tokens, VaultDialect dialect, VaultSettings settings) {
    return new MountNode(tokens, dialect, settings, Optional.empty(), false);
  }

  /** A node that has tokens made where the driver brings none. */
  static MountNode makingTokens(PodTokens tokens, VaultDialect dialect) {
    return new MountNode(tokens, dialect, settings(), Optional.empty(), true);
  }

  /** A node in a time that tests turn. */
  static MountNode turned(PodTokens tokens, TurnedTicker ticker) {
    return new MountNode(tokens, VaultDialect.VAULT, settings(), Optional.of(ticker), false);
  }

  /** What an administrator leaves who sets nothing. */
  static VaultSettings settings() {
    return settings(TlsSettings.usual(), AllowedAddresses.any(), Path.of("/nowhere"));
  }

  static VaultSettings settings(TlsSettings tls, AllowedAddresses allowed, Path versionKey) {
    return new VaultSettings(
        "",
        "kubernetes",
        "",
        tls,
        new VersionKeys(
            versionKey, () -> new SecretKeySpec(VERSION_KEY, "HmacSHA256"), Ticker.system()),
        allowed,
        new AllowedFiles(List.of(Path.of("/"))),
        true);
  }

  private Alarms.Alarm later(Duration pause, Runnable work) {
    var due = timer.schedule(work, pause.toNanos(), TimeUnit.NANOSECONDS);
    return () -> due.cancel(false);
  }

  SecretReader reader() {
    return reader;
  }

  /** Mounts a volume of that class into a pod, or asks for it again; waits for the answer. */
  Mounted mount(PodTokens.Pod pod, SecretClass of) {
    CompletableFuture<MountAnswer> answer = begin(pod, of);
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
  CompletableFuture<MountAnswer> begin(PodTokens.Pod pod, SecretClass of) {
    return begin(pod, of, BUDGET);
  }

  /** The same of a caller that waits so long. */
  CompletableFuture<MountAnswer> begin(PodTokens.Pod pod, SecretClass of, Duration budget) {
    MountRequest request =
        new MountRequest(
            new PodIdentity(pod.namespace(), pod.name(), pod.uid(), pod.account()),
            "app",
            "/pods/" + pod.uid() + "/" + of.volume(),
            0644,
            of.parameters());
    Caller caller = new Caller(inFlight.open(() -> {}), credentials(pod, of));
    try {
      pipeline.mount(backend, request, Deadline.after(budget, time.ticker()), caller);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    return caller.answer;
  }

  /** The driver has one token for about an hour. */
  private Credentials credentials(PodTokens.Pod pod, SecretClass of) {
    return credentials.computeIfAbsent(
        List.of(pod, of.secret()),
        each -> {
          String audience = dialect.socket();
          String json =
              "{\"%s\":{\"token\":\"%s\"}}".formatted(audience, tokens.issue(pod, audience));
          Map<String, SecretBytes> secrets = new HashMap<>();
          of.secret().forEach((key, value) -> secrets.put(key, bytes(value)));
          return new Credentials(bytes(json), secrets);
        });
  }

  /** What pods are given new tokens of from now on. */
  void forgetTokens() {
    credentials.clear();
  }

  private static SecretBytes bytes(String text) {
    return SecretBytes.copyOf(text.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public void close() {
    reader.close();
    timer.shutdownNow();
    stack.close();
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
