package io.keybearer.provider.reader;

import com.github.benmanes.caffeine.cache.Cache;
import io.keybearer.provider.Credentials;
import io.keybearer.provider.Deadline;
import io.keybearer.provider.Login;
import io.keybearer.provider.MountFailure;
import io.keybearer.provider.PodIdentity;
import io.keybearer.provider.Quoted;
import io.keybearer.provider.Reason;
import io.keybearer.provider.cluster.TokenRequests;
import io.keybearer.provider.token.ServiceAccountToken;
import io.keybearer.provider.token.ServiceAccountTokens;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Has tokens made that the driver did not bring, once for a pod and audience, and keeps each for
 * most of its life. Safe for many threads, and not under the reader's lock.
 */
final class RequestedTokens {

  /** A node runs some hundred pods, and most log in with one audience. */
  private static final int MOST = 2_048;

  /** That of a token whose end is not told, or too far away to be true. */
  private static final Duration LONGEST_LIFE = Duration.ofMinutes(15);

  private record Wanted(PodIdentity pod, String audience) {}

  /**
   * A token that was made.
   *
   * @param freshUntil until when no other is made, in the ticker's nanoseconds
   */
  private record Made(ServiceAccountToken token, long freshUntil) {}

  private final Optional<TokenRequests> requests;
  private final SecretReader.Time time;
  private final Cache<Wanted, Made> made;
  private final Map<Wanted, CompletableFuture<Optional<ServiceAccountToken>>> underWay =
      new ConcurrentHashMap<>();

  private RequestedTokens(Optional<TokenRequests> requests, SecretReader.Time time) {
    this.requests = requests;
    this.time = time;
    this.made = ReaderCaches.of(MOST, time.ticker()).expireAfterWrite(LONGEST_LIFE).build();
  }

  /** No tokens but those that the driver brings. */
  static RequestedTokens none(SecretReader.Time time) {
    return new RequestedTokens(Optional.empty(), time);
  }

  /** Tokens that are made by that. */
  static RequestedTokens of(TokenRequests requests, SecretReader.Time time) {
    return new RequestedTokens(Optional.of(requests), time);
  }

  /**
   * Credentials with a token of each audience that a login wants; those that came where none are
   * made.
   *
   * @throws MountFailure as {@link TokenRequests#token} does, or {@link Reason#INVALID_PARAMETERS}
   *     if the tokens that came are not what kubelet writes
   * @throws InterruptedException if the last one who waited has left
   */
  Credentials complete(Login login, Credentials credentials, PodIdentity pod, Deadline deadline)
      throws MountFailure, InterruptedException {
    if (requests.isEmpty() || login.audiences().isEmpty()) {
      return credentials;
    }
    ServiceAccountTokens brought = ServiceAccountTokens.of(credentials);
    List<String> missing = brought.missing(login.audiences(), time.clock().instant());
    if (missing.isEmpty()) {
      return credentials;
    }
    Map<String, ServiceAccountToken> others = new LinkedHashMap<>();
    for (String audience : missing) {
      others.put(audience, token(new Wanted(pod, audience), deadline));
    }
    return new Credentials(brought.with(others).json(), credentials.nodePublishSecrets());
  }

  private ServiceAccountToken token(Wanted wanted, Deadline deadline)
      throws MountFailure, InterruptedException {
    while (true) {
      Optional<ServiceAccountToken> fresh = fresh(wanted);
      if (fresh.isPresent()) {
        return fresh.get();
      }
      CompletableFuture<Optional<ServiceAccountToken>> mine = new CompletableFuture<>();
      CompletableFuture<Optional<ServiceAccountToken>> others = underWay.putIfAbsent(wanted, mine);
      if (others == null) {
        return request(wanted, mine, deadline);
      }
      Optional<ServiceAccountToken> theirs = await(others, deadline);
      if (theirs.isPresent()) {
        return theirs.get();
      }
      // Who asked has failed or left. That may have been its own time: it is this one's turn.
    }
  }

  private Optional<ServiceAccountToken> fresh(Wanted wanted) {
    return Optional.ofNullable(made.getIfPresent(wanted))
        .filter(known -> known.freshUntil() - time.ticker().nanos() > 0)
        .map(Made::token);
  }

  private Optional<ServiceAccountToken> living(Wanted wanted) {
    return Optional.ofNullable(made.getIfPresent(wanted))
        .map(Made::token)
        .filter(token -> token.expires().isAfter(time.clock().instant()));
  }

  /** Asks for all who wait for it; they hear nothing if there is no token. */
  private ServiceAccountToken request(
      Wanted wanted, CompletableFuture<Optional<ServiceAccountToken>> all, Deadline deadline)
      throws MountFailure, InterruptedException {
    Optional<ServiceAccountToken> answer = Optional.empty();
    try {
      answer = fresh(wanted);
      if (answer.isEmpty()) {
        ServiceAccountToken token =
            requests.orElseThrow().token(wanted.pod(), wanted.audience(), deadline);
        keep(wanted, token);
        answer = Optional.of(token);
      }
      return answer.get();
    } catch (MountFailure e) {
      if (e.fault().kind().passing()) {
        // The last fifth of a token's life is for this.
        answer = living(wanted);
      }
      if (answer.isPresent()) {
        return answer.get();
      }
      throw e.and(
          "it was asked for a token of audience "
              + Quoted.of(wanted.audience())
              + ", which the driver did not bring");
    } finally {
      underWay.remove(wanted);
      all.complete(answer);
    }
  }

  /** Until 80 % of its life it is as good as a new one. */
  private void keep(Wanted wanted, ServiceAccountToken token) {
    Instant latest = time.clock().instant().plus(LONGEST_LIFE);
    Instant end = token.expires().isAfter(latest) ? latest : token.expires();
    long life = Duration.between(time.clock().instant(), end).toNanos();
    made.put(wanted, new Made(token, time.ticker().nanos() + life / 10 * 8));
  }

  private static Optional<ServiceAccountToken> await(
      CompletableFuture<Optional<ServiceAccountToken>> others, Deadline deadline)
      throws MountFailure, InterruptedException {
    try {
      return others.get(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw MountFailure.of(
          Reason.TIMED_OUT, "a service account token was not made in time", "see the API server");
    } catch (ExecutionException e) {
      throw new AssertionError("it is only ever completed with a value", e);
    }
  }

  /** Whether it holds a token for each of these audiences that has not expired. */
  boolean holds(PodIdentity pod, List<String> audiences) {
    return audiences.stream().allMatch(audience -> living(new Wanted(pod, audience)).isPresent());
  }

  /** Forgets what it holds for a login: the store took it not. */
  void forget(PodIdentity pod, Login login) {
    login.audiences().forEach(audience -> made.invalidate(new Wanted(pod, audience)));
  }
}
