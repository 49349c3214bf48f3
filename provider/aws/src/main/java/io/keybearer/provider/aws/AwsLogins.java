package io.keybearer.provider.aws;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.keybearer.provider.Credentials;
import io.keybearer.provider.Deadline;
import io.keybearer.provider.MountFailure;
import io.keybearer.provider.PlainText;
import io.keybearer.provider.Reason;
import io.keybearer.provider.Ticker;
import io.keybearer.provider.token.ServiceAccountToken;
import io.keybearer.provider.token.ServiceAccountTokens;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Gets credentials for pods. Those of a service account's role are got once for both services, and
 * kept until shortly before they end; those of the Pod Identity agent are the pod's own.
 */
final class AwsLogins {

  private static final int MOST = 10_000;
  private static final Duration KEEP_UNUSED = Duration.ofHours(12);

  /** As the reader does with sessions. */
  private static final Duration MARGIN = Duration.ofSeconds(30);

  /** A look at the annotation is no reason to let a pod wait. */
  private static final Duration LOOK_AT_ROLE = Duration.ofSeconds(1);

  /** What says that there is no role, or nobody who could have one. */
  private static final Set<Reason> GONE = Set.of(Reason.PRECONDITION, Reason.NOT_FOUND);

  private static final String NO_TOKENS =
      "CSI token error: serviceAccount.tokens not provided - ensure tokenRequests is configured in"
          + " CSIDriver - ensure tokenRequests is configured in CSIDriver spec";

  /** Whose credentials are the same for both services. */
  private record Owner(
      String namespace,
      String serviceAccount,
      String serviceAccountUid,
      String role,
      RegionPair regions,
      AwsIdentity.AssumedRole assumed,
      AwsEndpoints endpoints) {}

  /** The credentials of one owner; whoever holds the lock gets them. */
  private static final class Slot {
    private final ReentrantLock lock = new ReentrantLock();
    private volatile Optional<TakenCredentials> taken = Optional.empty();
  }

  private final ServiceAccountRoles roles;
  private final SecurityTokens tokens;
  private final PodIdentityAgent agent;
  private final InstantSource clock;
  private final Cache<Owner, Slot> slots;

  AwsLogins(
      ServiceAccountRoles roles,
      SecurityTokens tokens,
      PodIdentityAgent agent,
      Ticker ticker,
      InstantSource clock) {
    this.roles = roles;
    this.tokens = tokens;
    this.agent = agent;
    this.clock = clock;
    this.slots =
        Caffeine.newBuilder()
            .maximumSize(MOST)
            .expireAfterAccess(KEEP_UNUSED)
            .ticker(ticker::nanos)
            .executor(Runnable::run)
            .build();
  }

  /**
   * Credentials for a pod with that token.
   *
   * @throws MountFailure if it has no role, or AWS gives none
   */
  TakenCredentials take(
      AwsIdentity identity, RegionPair regions, ServiceAccountToken token, Deadline deadline)
      throws MountFailure, InterruptedException {
    if (identity.login() != AwsIdentity.AwsLogin.IRSA) {
      return assumed(identity, regions, agent.take(identity, token, deadline), deadline);
    }
    String role = roles.of(identity, deadline);
    Owner owner =
        new Owner(
            identity.namespace(),
            identity.serviceAccount(),
            token.claims().serviceAccountUid(),
            role,
            regions,
            identity.assumed(),
            identity.endpoints());
    Slot slot = slots.get(owner, o -> new Slot());
    if (!slot.lock.tryLock(deadline.remaining().toMillis(), TimeUnit.MILLISECONDS)) {
      throw MountFailure.of(
          Reason.TIMED_OUT,
          "another login of " + identity.pod() + " did not end in time",
          "try again");
    }
    try {
      Optional<TakenCredentials> known = slot.taken.filter(this::lasts);
      if (known.isPresent()) {
        return known.get();
      }
      TakenCredentials ofRole = tokens.byToken(identity, regions, role, token.text(), deadline);
      TakenCredentials taken = assumed(identity, regions, ofRole, deadline);
      slot.taken = Optional.of(taken);
      return taken;
    } finally {
      slot.lock.unlock();
    }
  }

  private TakenCredentials assumed(
      AwsIdentity identity, RegionPair regions, TakenCredentials own, Deadline deadline)
      throws MountFailure, InterruptedException {
    TakenCredentials taken =
        identity.assumed().arn().isEmpty() ? own : tokens.assume(identity, regions, own, deadline);
    if (!taken.expires().isAfter(clock.instant())) {
      throw MountFailure.of(
          Reason.PRECONDITION,
          "the credentials of " + taken.role() + " came when they were over",
          "set this node's clock");
    }
    return taken;
  }

  private boolean lasts(TakenCredentials taken) {
    return taken.expires().isAfter(clock.instant().plus(MARGIN));
  }

  /** Told that a request failed. What AWS takes no longer is not given to anybody again. */
  void failed(AwsIdentity identity, TakenCredentials taken, MountFailure failure) {
    if (failure.reason() == Reason.LOGIN_FAILED) {
      slots
          .asMap()
          .forEach(
              (owner, slot) -> {
                if (owner.namespace().equals(identity.namespace())
                    && slot.taken.filter(taken::equals).isPresent()) {
                  slots.invalidate(owner);
                }
              });
    }
  }

  /**
   * Returns if the service account still has the role that a session was opened with, as far as the
   * cluster tells at once.
   *
   * @throws MountFailure {@link Reason#LOGIN_FAILED} if it has another one, or none
   */
  void requireRole(AwsIdentity identity, TakenCredentials taken, Deadline deadline)
      throws MountFailure, InterruptedException {
    if (identity.login() != AwsIdentity.AwsLogin.IRSA || !identity.assumed().arn().isEmpty()) {
      return;
    }
    String now;
    try {
      now = roles.of(identity, deadline.orEarlier(Deadline.after(LOOK_AT_ROLE, deadline.ticker())));
    } catch (MountFailure failure) {
      if (GONE.contains(failure.reason())) {
        throw MountFailure.of(Reason.LOGIN_FAILED, failure.getMessage());
      }
      // Credentials that AWS takes are not worth less because the API server is away.
      return;
    }
    if (!now.equals(taken.role())) {
      throw MountFailure.of(
          Reason.LOGIN_FAILED,
          "service account " + identity.pod() + " has another role now",
          "the next login takes " + PlainText.of(now));
    }
  }

  /**
   * The token that a pod logs in with.
   *
   * @throws MountFailure {@link Reason#PRECONDITION} if the driver has brought none for it
   */
  static ServiceAccountToken token(AwsIdentity identity, Credentials proof) throws MountFailure {
    if (proof.serviceAccountTokens().length() == 0) {
      throw MountFailure.of(
          Reason.PRECONDITION,
          NO_TOKENS,
          "list " + identity.login().audience() + " in its tokenRequests");
    }
    String what = identity.login() == AwsIdentity.AwsLogin.IRSA ? "IRSA" : "Pod Identity";
    String named = "token for audience \"" + identity.login().audience() + "\"";
    Optional<ServiceAccountToken> found =
        Optional.ofNullable(
            ServiceAccountTokens.of(proof).byAudience().get(identity.login().audience()));
    if (found.isEmpty()) {
      throw MountFailure.of(
          Reason.PRECONDITION,
          what
              + " token extraction failed: "
              + named
              + " not found - ensure tokenRequests includes this audience in CSIDriver",
          "or set --token-requests");
    }
    if (found.get().text().length() == 0) {
      throw MountFailure.of(
          Reason.PRECONDITION,
          what + " token extraction failed: " + named + " is empty",
          "see what calls instead of the driver");
    }
    return found.get();
  }
}
