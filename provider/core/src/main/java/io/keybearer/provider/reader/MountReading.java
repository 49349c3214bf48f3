package io.keybearer.provider.reader;

import io.keybearer.provider.ByteAllowance;
import io.keybearer.provider.Credentials;
import io.keybearer.provider.Deadline;
import io.keybearer.provider.Login;
import io.keybearer.provider.MountFailure;
import io.keybearer.provider.MountPlan;
import io.keybearer.provider.Quoted;
import io.keybearer.provider.ReadOutcome;
import io.keybearer.provider.Reason;
import io.keybearer.provider.SecretRef;
import io.keybearer.provider.SecretValue;
import io.keybearer.provider.Session;
import io.keybearer.provider.reader.TimedOutcome.Source;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * The reads of one mount. Requests run on other threads and report to a queue; only the mount's own
 * thread touches the state here, and it leaves at the deadline whatever they do.
 */
final class MountReading {

  private final SecretReader reader;
  private final Credentials credentials;
  private final Deadline deadline;
  private final ByteAllowance arrived;
  private final long started;
  private final Map<Login, Set<SecretRef>> wanted = new LinkedHashMap<>();
  private final Map<ReadKey, TimedOutcome> outcomes = new HashMap<>();
  private final Deque<StoreRequest<?>> ready = new ArrayDeque<>();
  private final Set<StoreRequest<?>> running = new LinkedHashSet<>();
  private final BlockingQueue<StoreRequest<?>> finished = new LinkedBlockingQueue<>();

  MountReading(
      SecretReader reader,
      MountPlan plan,
      Credentials credentials,
      Deadline deadline,
      ByteAllowance arrived) {
    this.reader = reader;
    this.credentials = credentials;
    this.deadline = deadline;
    this.arrived = arrived;
    this.started = reader.ticker().nanos();
    plan.reads().forEach((login, references) -> wanted.put(login, new LinkedHashSet<>(references)));
  }

  Map<ReadKey, TimedOutcome> read() throws InterruptedException {
    wanted.forEach(this::recall);
    wanted.values().removeIf(Set::isEmpty);
    wanted.forEach(this::openSession);
    try {
      while (!(ready.isEmpty() && running.isEmpty())) {
        startReady();
        StoreRequest<?> next = finished.poll(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS);
        if (next == null) {
          break;
        }
        running.remove(next);
        next.settle();
      }
    } finally {
      running.forEach(request -> request.cancel(true));
      reader.leave(targets());
    }
    wanted.forEach(this::failWhatIsMissing);
    return outcomes;
  }

  private Set<String> targets() {
    return wanted.keySet().stream().map(Login::target).collect(Collectors.toSet());
  }

  private void recall(Login login, Set<SecretRef> references) {
    Map<SecretRef, SecretValue> known = reader.backend(login).recall(references);
    known.forEach((ref, value) -> record(login, ref, reader.bounded(value), Source.MEMORY));
    references.removeAll(known.keySet());
  }

  private void openSession(Login login, Set<SecretRef> references) {
    request(
        login,
        references,
        () -> reader.backend(login).open(login, credentials, deadline),
        session -> readSets(login, session, references));
  }

  private void readSets(Login login, Session session, Set<SecretRef> references) {
    List<SecretRef> all = new ArrayList<>(references);
    int most = reader.backend(login).referencesPerRequest();
    for (int from = 0; from < all.size(); from += most) {
      Set<SecretRef> set =
          new LinkedHashSet<>(all.subList(from, Math.min(from + most, all.size())));
      request(
          login,
          set,
          () -> session.read(set, deadline, arrived),
          answers -> set.forEach(reference -> recordAnswer(login, reference, answers)));
    }
  }

  private <T> void request(
      Login login, Set<SecretRef> references, Callable<T> call, Consumer<T> onAnswer) {
    Consumer<MountFailure> onFailure =
        failure ->
            references.forEach(
                reference ->
                    record(login, reference, new ReadOutcome.Failed(failure), Source.STORE));
    ready.add(new StoreRequest<>(login, call, onAnswer, onFailure, finished));
  }

  private void startReady() {
    while (!ready.isEmpty() && running.size() < reader.bounds().readsOfMount()) {
      StoreRequest<?> request = ready.remove();
      running.add(request);
      reader.run(request);
    }
  }

  private void recordAnswer(Login login, SecretRef reference, Map<SecretRef, ReadOutcome> answers) {
    ReadOutcome outcome = answers.get(reference);
    if (outcome == null) {
      outcome = failed(Reason.DEFECT, "the store's answer leaves this object out", "try again");
    } else if (outcome instanceof ReadOutcome.Value read) {
      outcome = reader.bounded(read.value());
    }
    record(login, reference, outcome, Source.STORE);
  }

  private void failWhatIsMissing(Login login, Set<SecretRef> references) {
    ReadOutcome timedOut =
        failed(
            Reason.TIMED_OUT,
            Quoted.of(login.target()) + " gave no answer in " + waited().toMillis() + " ms",
            "see whether it is reachable from this node and not overloaded");
    for (SecretRef reference : references) {
      outcomes.putIfAbsent(
          new ReadKey(login.key(), reference), new TimedOutcome(timedOut, Source.STORE, waited()));
    }
  }

  private void record(Login login, SecretRef reference, ReadOutcome outcome, Source source) {
    outcomes.put(new ReadKey(login.key(), reference), new TimedOutcome(outcome, source, waited()));
  }

  private Duration waited() {
    return Duration.ofNanos(reader.ticker().nanos() - started);
  }

  private static ReadOutcome failed(Reason reason, String cause, String remedy) {
    return new ReadOutcome.Failed(MountFailure.of(reason, cause, remedy));
  }
}
