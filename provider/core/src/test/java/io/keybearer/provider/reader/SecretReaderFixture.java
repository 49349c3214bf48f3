package io.keybearer.provider.reader;

import static io.keybearer.provider.ScriptedBackend.object;
import static io.keybearer.provider.ScriptedBackend.value;
import static org.assertj.core.api.Assertions.assertThat;

import io.keybearer.provider.Backend;
import io.keybearer.provider.ByteAllowance;
import io.keybearer.provider.Credentials;
import io.keybearer.provider.Deadline;
import io.keybearer.provider.Freshness;
import io.keybearer.provider.Login;
import io.keybearer.provider.MountFailure;
import io.keybearer.provider.MountPlan;
import io.keybearer.provider.MountRequest;
import io.keybearer.provider.PlannedObject;
import io.keybearer.provider.PodCredentials;
import io.keybearer.provider.ReadOutcome;
import io.keybearer.provider.Reason;
import io.keybearer.provider.ScriptedBackend;
import io.keybearer.provider.ScriptedBackend.Reference;
import io.keybearer.provider.TurnedTicker;
import io.keybearer.provider.reader.TimedOutcome.Source;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;

/** What the tests of a {@link SecretReader} share: a store, a clock and the readers they close. */
abstract class SecretReaderFixture {

  static final Credentials CREDENTIALS = PodCredentials.of("token");

  static final ByteAllowance UNBOUNDED = bytes -> {};

  final TurnedTicker ticker = new TurnedTicker();
  final ScriptedBackend store = new ScriptedBackend();
  final Login login = store.login("web", "https://store");
  private final List<SecretReader> readers = new ArrayList<>();

  /** The last mount that began. */
  SecretReader.Reading reading =
      () -> {
        throw new AssertionError("no mount has begun");
      };

  @AfterEach
  void closeReaders() {
    readers.forEach(SecretReader::close);
  }

  SecretReader reader(Backend backend) {
    return reader(backend, bounds(100, 100));
  }

  static SecretReader.Bounds bounds(int readsOfMount, int readsOfAddress) {
    return new SecretReader.Bounds(readsOfMount, readsOfAddress, 1000, 100_000);
  }

  SecretReader reader(Backend backend, SecretReader.Bounds bounds) {
    SecretReader reader =
        new SecretReader(name -> backend, bounds, new SecretReader.Time(ticker, ticker, ticker));
    readers.add(reader);
    return reader;
  }

  Map<ReadKey, TimedOutcome> read(Backend backend, MountPlan plan) throws InterruptedException {
    return read(reader(backend), plan);
  }

  Map<ReadKey, TimedOutcome> read(SecretReader reader, MountPlan plan) throws InterruptedException {
    return await(begin(reader, plan, after(60), UNBOUNDED));
  }

  /** A mount whose outcomes will be there once they are. */
  CompletableFuture<Map<ReadKey, TimedOutcome>> begin(
      SecretReader reader, MountPlan plan, Deadline deadline, ByteAllowance arrived) {
    CompletableFuture<Map<ReadKey, TimedOutcome>> outcomes = new CompletableFuture<>();
    try {
      reading =
          reader.read(
              planned(plan),
              CREDENTIALS,
              new SecretReader.Call(ticker.nanos(), () -> deadline, arrived),
              outcomes::complete);
    } catch (MountFailure failure) {
      throw new AssertionError(failure);
    }
    return outcomes;
  }

  static <T> T await(Future<T> future) throws InterruptedException {
    try {
      return future.get();
    } catch (ExecutionException e) {
      throw new AssertionError(e);
    }
  }

  static PlannedMount planned(MountPlan plan) {
    MountRequest request = ScriptedBackend.request("shop");
    return new PlannedMount(
        request.mount(),
        request.pod(),
        "parameters",
        new Freshness(Duration.ofSeconds(60), Duration.ZERO, true, List.of()),
        plan);
  }

  Deadline after(int seconds) {
    return Deadline.after(Duration.ofSeconds(seconds), ticker);
  }

  static MountPlan plan(Login login, String... references) {
    List<PlannedObject> objects = new ArrayList<>();
    for (String reference : references) {
      objects.add(object(reference, login));
    }
    return new MountPlan(objects, List.of());
  }

  static ReadKey key(Login login, String reference) {
    return new ReadKey(login.key(), new Reference(reference));
  }

  static TimedOutcome answered(String content) {
    return new TimedOutcome(value(content), Source.STORE, Duration.ZERO);
  }

  static TimedOutcome only(Map<ReadKey, TimedOutcome> outcomes) {
    assertThat(outcomes).hasSize(1);
    return outcomes.values().iterator().next();
  }

  static boolean isValue(TimedOutcome outcome) {
    return outcome.outcome() instanceof ReadOutcome.Value;
  }

  static void assertFailed(@Nullable TimedOutcome outcome, Reason reason, String message) {
    MountFailure failure = failure(Objects.requireNonNull(outcome));
    assertThat(failure).hasMessage(message);
    assertThat(failure.reason()).isEqualTo(reason);
  }

  static MountFailure failure(TimedOutcome outcome) {
    assertThat(outcome.outcome()).isInstanceOf(ReadOutcome.Failed.class);
    return ((ReadOutcome.Failed) outcome.outcome()).failure();
  }
}
