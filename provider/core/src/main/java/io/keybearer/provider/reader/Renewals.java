package io.keybearer.provider.reader;

import io.keybearer.provider.Deadline;
import io.keybearer.provider.MountFailure;
import io.keybearer.provider.MountId;
import io.keybearer.provider.PodIdentity;
import io.keybearer.provider.Reason;
import io.keybearer.provider.Renewal;
import io.keybearer.provider.SecretRef;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/**
 * Renews sessions that hold what was minted, in time before the first of it ends, again and again:
 * until nothing can live longer, nothing is held, or its mount is given up. Under the lock.
 */
final class Renewals {

  /** A session, and what was minted in it, is renewed when a third of the life is left. */
  private static final int THIRDS_USED = 2;

  private static final double MOST_JITTER = 0.1;
  private static final Duration SOONEST = Duration.ofSeconds(1);
  private static final Duration LONGEST_CALL = Duration.ofSeconds(30);

  private final ReaderState state;
  private final Set<MountId> givenUp = new HashSet<>();

  Renewals(ReaderState state) {
    this.state = state;
  }

  /** Renews a session in time, unless it will be sooner anyway. */
  void later(SessionId id, OpenSession session) {
    Optional<Duration> left = left(id, session);
    if (left.isEmpty() || !session.holdsMints() || givenUp.contains(id.mount())) {
      return;
    }
    long pause = left.get().multipliedBy(THIRDS_USED).dividedBy(3).toNanos();
    long jitter = (long) (pause * MOST_JITTER * state.random());
    long due = state.ticker().nanos() + pause - jitter;
    if (session.renewsLaterThan(due)) {
      Runnable renew = () -> state.lock().change(() -> renew(id, session, due));
      session.renewAt(due, state.alarms().in(Duration.ofNanos(pause - jitter), renew));
    }
  }

  private Map<SecretRef, Mint> made(SessionId id, OpenSession session) {
    Map<SecretRef, Mint> made = new HashMap<>();
    state
        .mints()
        .held(id.mount())
        .forEach(
            (key, mint) -> {
              if (mint.session() == session) {
                made.put(key.reference(), mint);
              }
            });
    return made;
  }

  /** How long the first lives from now that a renewal may make longer; nothing if none may. */
  private Optional<Duration> left(SessionId id, OpenSession session) {
    LongStream ends =
        made(id, session).values().stream()
            .filter(Mint::isRenewable)
            .mapToLong(mint -> mint.time().ends());
    LongStream ofSession =
        session.time().isRenewable() ? LongStream.of(session.ends()) : LongStream.empty();
    long now = state.ticker().nanos();
    OptionalLong first = LongStream.concat(ends, ofSession).map(end -> end - now).min();
    return first.isEmpty()
        ? Optional.empty()
        : Optional.of(Duration.ofNanos(Math.max(0, first.getAsLong())));
  }

  private void renew(SessionId id, OpenSession session, long due) {
    MountRecord record = state.records().withoutCall(id.mount());
    if (!session.takeRenewal(due)) {
      return;
    }
    if (state.signs().isGivenUp(record)) {
      session.renewalEnded();
      if (givenUp.add(id.mount())) {
        pod(id, session)
            .ifPresent(pod -> state.telling().tell(new MintNews.GivenUp(pod, record.silence())));
      }
      return;
    }
    Set<SecretRef> asked =
        made(id, session).entrySet().stream()
            .filter(made -> made.getValue().isRenewable())
            .map(Map.Entry::getKey)
            .collect(Collectors.toUnmodifiableSet());
    StoreCall.Request<Optional<Renewal>> request =
        until ->
            state.keeping().calls().mayKeepUp(session)
                ? Optional.of(session.session().renew(asked, until))
                : Optional.empty();
    new StoreCall<>(state, id, true, request, new Asker(id, session, asked)).start();
  }

  /** One renewal. */
  private final class Asker implements StoreCall.Asker<Optional<Renewal>> {

    private final SessionId id;
    private final OpenSession session;
    private final Set<SecretRef> asked;
    private final Deadline deadline;

    Asker(SessionId id, OpenSession session, Set<SecretRef> asked) {
      this.id = id;
      this.session = session;
      this.asked = asked;
      this.deadline = Deadline.after(LONGEST_CALL, state.ticker());
    }

    @Override
    public Deadline deadline() {
      return deadline;
    }

    @Override
    public void answered(Optional<Renewal> renewal, long began) {
      session.renewalEnded();
      if (renewal.isPresent()) {
        session.renewalFailed(false);
        session.renewed(began, renewal.get().session());
        renewed(made(id, session), renewal.get(), began);
        state.keeping().changed(id.mount());
        later(id, session);
      } else {
        // Another process does it. It may leave that to this one again.
        laterWhileTimeIsLeft();
      }
    }

    private void renewed(Map<SecretRef, Mint> made, Renewal renewal, long began) {
      boolean refused = false;
      for (Map.Entry<SecretRef, Mint> each : made.entrySet()) {
        Mint mint = each.getValue();
        Duration life = renewal.values().get(each.getKey());
        if (life != null) {
          refused |= life.isZero() && !mint.isRefused();
          mint.renewed(began, life);
          state.telling().count(life.isZero() ? MintCounts::oneFailed : MintCounts::oneRenewed);
        } else if (asked.contains(each.getKey())) {
          mint.time().isAtItsMaximum();
        }
      }
      if (refused) {
        tellRefused();
      }
    }

    private void tellRefused() {
      pod(id, session)
          .ifPresent(
              pod -> state.telling().tell(new MintNews.RenewalRefused(pod, id.key().backend())));
    }

    @Override
    public void failed(MountFailure failure) {
      session.renewalEnded();
      state.telling().count(MintCounts::oneFailed);
      if (failure.reason() == Reason.LOGIN_FAILED) {
        // The store has ended the session, and with it all that was made in it.
        session.end();
        made(id, session)
            .values()
            .forEach(mint -> mint.renewed(state.ticker().nanos(), Duration.ZERO));
        tellRefused();
        state.keeping().changed(id.mount());
        return;
      }
      if (session.renewalFailed(true) == 2) {
        Duration left = left(id, session).orElse(Duration.ZERO);
        pod(id, session)
            .ifPresent(
                pod ->
                    state
                        .telling()
                        .tell(new MintNews.RenewalFails(pod, id.key().backend(), failure, left)));
      }
      laterWhileTimeIsLeft();
    }

    /** At two thirds of what is left, until nothing is. */
    private void laterWhileTimeIsLeft() {
      if (left(id, session).filter(left -> left.compareTo(SOONEST) > 0).isPresent()) {
        later(id, session);
      }
    }
  }

  private Optional<PodIdentity> pod(SessionId id, OpenSession session) {
    return made(id, session).values().stream().map(Mint::pod).findFirst();
  }

  /** Told that a mount was asked for: whoever was given up is not any more. */
  void visited(MountId mount) {
    if (givenUp.remove(mount)) {
      again(mount);
    }
  }

  /** Renews again what was given up, since ends of pods are told from now on. */
  void giveUpNobody() {
    Set<MountId> all = Set.copyOf(givenUp);
    givenUp.clear();
    all.forEach(this::again);
  }

  /** Sees to it that all that is held for a mount is renewed in time. */
  void again(MountId mount) {
    state.mints().held(mount).forEach((key, mint) -> later(key.session(), mint.session()));
  }

  /** Told that nothing is held for a mount any more. */
  void forget(MountId mount) {
    givenUp.remove(mount);
  }

  /** Whether its mount was given up. */
  boolean isGivenUp(MountId mount) {
    return givenUp.contains(mount);
  }
}
