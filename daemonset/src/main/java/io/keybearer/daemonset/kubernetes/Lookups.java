package io.keybearer.daemonset.kubernetes;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import io.keybearer.provider.Deadline;
import io.keybearer.provider.MountFailure;
import io.keybearer.provider.Reason;
import io.keybearer.provider.Ticker;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Looks at objects once for all who ask at the same time, and for those who ask within a minute: a
 * hundred pods of one service account cost one request.
 */
final class Lookups {

  private static final Duration KEPT = Duration.ofMinutes(1);

  /** Soon somebody makes what was missing, or grants what was not. */
  private static final Duration KEPT_IF_DENIED = Duration.ofSeconds(30);

  private static final Duration KEPT_IF_MISSING = Duration.ofSeconds(5);
  private static final long MOST_CHARACTERS = 2L * 1024 * 1024;
  private static final int OF_AN_ENTRY = 256;

  /** An object that may have to be a certain one. */
  private record Wanted(ApiRequest request, String uid) {}

  /** What is known of one. */
  private sealed interface Known {

    record Found(ObjectMetadata metadata) implements Known {}

    record Failed(MountFailure failure) implements Known {}
  }

  private final ApiServer server;
  private final Cache<Wanted, Known> known;
  private final Map<Wanted, CompletableFuture<Optional<Known>>> underWay =
      new ConcurrentHashMap<>();

  Lookups(ApiServer server, Ticker ticker) {
    this.server = server;
    this.known =
        Caffeine.newBuilder()
            .maximumWeight(MOST_CHARACTERS)
            .weigher(Lookups::weight)
            .expireAfter(Expiry.<Wanted, Known>creating((wanted, answer) -> kept(answer)))
            .ticker(ticker::nanos)
            .executor(Runnable::run)
            .build();
  }

  /**
   * What is written on an object.
   *
   * @param uid the one it must have; empty for any
   * @throws MountFailure as the interfaces of {@code provider.cluster} promise
   */
  ObjectMetadata metadata(ApiRequest request, String uid, Deadline deadline)
      throws MountFailure, InterruptedException {
    Wanted wanted = new Wanted(request, uid);
    while (true) {
      Known answer = known.getIfPresent(wanted);
      if (answer != null) {
        return metadata(answer);
      }
      CompletableFuture<Optional<Known>> mine = new CompletableFuture<>();
      CompletableFuture<Optional<Known>> others = underWay.putIfAbsent(wanted, mine);
      Optional<Known> asked =
          others == null ? ask(wanted, mine, deadline) : await(others, deadline);
      if (asked.isPresent()) {
        return metadata(asked.get());
      }
      // Who asked for all of us has left: it is somebody else's turn.
    }
  }

  private static ObjectMetadata metadata(Known answer) throws MountFailure {
    if (answer instanceof Known.Found found) {
      return found.metadata();
    }
    throw ((Known.Failed) answer).failure();
  }

  /** Asks for all who wait for it; they hear nothing if this caller leaves before the answer. */
  private Optional<Known> ask(
      Wanted wanted, CompletableFuture<Optional<Known>> all, Deadline deadline)
      throws MountFailure, InterruptedException {
    Optional<Known> answer = Optional.empty();
    try {
      // Somebody's answer may have come since this caller looked.
      Known since = known.getIfPresent(wanted);
      answer = Optional.of(since == null ? answer(wanted, deadline) : since);
      if (since == null && !kept(answer.get()).isZero()) {
        known.put(wanted, answer.get());
      }
      return answer;
    } finally {
      underWay.remove(wanted);
      all.complete(answer);
    }
  }

  private Known answer(Wanted wanted, Deadline deadline) throws MountFailure, InterruptedException {
    try {
      ObjectMetadata found = ObjectMetadata.of(server.object(wanted.request(), deadline));
      if (wanted.uid().isEmpty() || found.uid().equals(wanted.uid())) {
        return new Known.Found(found);
      }
      return new Known.Failed(
          MountFailure.of(Reason.NOT_FOUND, "the pod is gone, and another one has its name"));
    } catch (MountFailure e) {
      if (deadline.hasPassed() || e.reason() == Reason.TIMED_OUT || e.reason() == Reason.BUSY) {
        // This caller's time was too short; others may have more.
        throw e;
      }
      return new Known.Failed(e);
    }
  }

  private static Optional<Known> await(CompletableFuture<Optional<Known>> others, Deadline deadline)
      throws MountFailure, InterruptedException {
    try {
      return others.get(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw MountFailure.of(Reason.TIMED_OUT, "the API server did not answer in time");
    } catch (ExecutionException e) {
      throw new AssertionError("it is only ever completed with a value", e);
    }
  }

  private static Duration kept(Known answer) {
    if (!(answer instanceof Known.Failed failed)) {
      return KEPT;
    }
    return switch (failed.failure().reason()) {
      case ACCESS_DENIED, LOGIN_FAILED -> KEPT_IF_DENIED;
      case NOT_FOUND -> KEPT_IF_MISSING;
      default -> Duration.ZERO;
    };
  }

  private static int weight(Wanted wanted, Known answer) {
    return OF_AN_ENTRY + (answer instanceof Known.Found found ? found.metadata().length() : 0);
  }
}
