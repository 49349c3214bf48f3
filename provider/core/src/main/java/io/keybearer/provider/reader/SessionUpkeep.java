package io.keybearer.provider.reader;

import io.keybearer.provider.Deadline;
import io.keybearer.provider.MountFailure;
import io.keybearer.provider.SessionLife;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Renews sessions that hold what was minted, and gives back those that nobody needs. */
final class SessionUpkeep {

  /** A session, and what was minted in it, is renewed when a third of the life is left. */
  private static final int THIRDS_USED = 2;

  private static final double MOST_JITTER = 0.1;
  private static final Duration SOONEST = Duration.ofSeconds(1);
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(15);
  private static final Duration LONGEST_PAUSE = Duration.ofHours(1);
  private static final Duration LONGEST_CALL = Duration.ofSeconds(30);

  private final ReaderState state;

  SessionUpkeep(ReaderState state) {
    this.state = state;
  }

  /**
   * Renews a session before the end of what was minted in it, again and again.
   *
   * @param left how long the first of it lives from now
   * @param onRenewed told how long all of it lives from now; a time of zero if no longer than it
   *     does
   */
  void renewLater(
      SessionId id, OpenSession session, Supplier<Duration> left, Consumer<SessionLife> onRenewed) {
    if (session.holdsMints() && !session.isRenewing()) {
      session.renewing(true);
      Duration pause = left.get().multipliedBy(THIRDS_USED).dividedBy(3);
      long jitter = (long) (pause.toNanos() * MOST_JITTER * state.random());
      in(pause.minusNanos(jitter), () -> renew(id, session, left, onRenewed));
    }
  }

  private void renew(
      SessionId id, OpenSession session, Supplier<Duration> left, Consumer<SessionLife> onRenewed) {
    session.renewing(false);
    if (!session.holdsMints()) {
      return;
    }
    Deadline deadline = Deadline.after(LONGEST_CALL, state.ticker());
    StoreCall.Asker<SessionLife> asker =
        new StoreCall.Asker<>() {
          @Override
          public Deadline deadline() {
            return deadline;
          }

          @Override
          public void answered(SessionLife life, long began) {
            if (!life.time().isZero()) {
              session.live(began, life);
            }
            onRenewed.accept(life);
          }

          @Override
          public void failed(MountFailure failure) {
            if (left.get().compareTo(SOONEST) > 0) {
              // At two thirds of what is left, until nothing is.
              renewLater(id, session, left, onRenewed);
            }
          }
        };
    new StoreCall<>(state, id, true, session.session()::renew, asker).start();
  }

  /** Gives a session back to the store, with all that was minted in it. */
  void giveBack(SessionId id, OpenSession session) {
    if (session.takeBack()) {
      end(id, session, FIRST_PAUSE);
    }
  }

  private void end(SessionId id, OpenSession session, Duration pause) {
    Deadline deadline = Deadline.after(LONGEST_CALL, state.ticker());
    StoreCall.Request<Boolean> end =
        until -> {
          session.session().end(until);
          return true;
        };
    StoreCall.Asker<Boolean> nobody =
        new StoreCall.Asker<>() {
          @Override
          public Deadline deadline() {
            return deadline;
          }

          @Override
          public void answered(Boolean ended, long began) {
            // That is all that was wanted.
          }

          @Override
          public void failed(MountFailure failure) {
            // It may not be reached for a while, and ends by itself when nobody could reach it.
            if (session.ends() - state.ticker().nanos() > pause.toNanos()
                && pause.compareTo(LONGEST_PAUSE) <= 0) {
              in(pause, () -> end(id, session, pause.multipliedBy(2)));
            }
          }
        };
    new StoreCall<>(state, id, true, end, nobody).start();
  }

  /** Gives it back after the pause in which kubelet may try again, or a pod may still use it. */
  void giveBackLater(SessionId id, OpenSession session) {
    in(MountRecord.KEEP_FOR_RETRY, () -> giveBack(id, session));
  }

  private void in(Duration pause, Runnable work) {
    state.alarms().in(pause, () -> state.lock().change(work));
  }
}
