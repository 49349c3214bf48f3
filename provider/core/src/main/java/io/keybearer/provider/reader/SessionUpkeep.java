package io.keybearer.provider.reader;

import io.keybearer.provider.Alarms;
import io.keybearer.provider.Deadline;
import io.keybearer.provider.MountFailure;
import io.keybearer.provider.Renewal;
import io.keybearer.provider.SecretRef;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

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

  /** What is held of a session that is renewed. All of it is called under the reader's lock. */
  interface Renewed {

    /** How long the first lives from now that a renewal may make longer; nothing if none may. */
    Optional<Duration> left();

    /** What a renewal is to make longer. */
    Set<SecretRef> references();

    /** Told of a renewal of these that began at that moment. */
    void renewed(Renewal renewal, Set<SecretRef> asked, long began);

    /** Told that a renewal has failed; it is tried again while anything is left. */
    void failed(MountFailure failure);
  }

  /** Renews a session before the end of what was minted in it, again and again. */
  void renewLater(SessionId id, OpenSession session, Renewed held) {
    Optional<Duration> left = held.left();
    if (left.isEmpty() || !session.holdsMints()) {
      return;
    }
    long pause = left.get().multipliedBy(THIRDS_USED).dividedBy(3).toNanos();
    long jitter = (long) (pause * MOST_JITTER * state.random());
    long due = state.ticker().nanos() + pause - jitter;
    if (session.renewsLaterThan(due)) {
      session.renewAt(
          due, in(Duration.ofNanos(pause - jitter), () -> renew(id, session, held, due)));
    }
  }

  private void renew(SessionId id, OpenSession session, Renewed held, long due) {
    if (!session.takeRenewal(due)) {
      return;
    }
    Set<SecretRef> asked = held.references();
    Deadline deadline = Deadline.after(LONGEST_CALL, state.ticker());
    StoreCall.Asker<Renewal> asker =
        new StoreCall.Asker<>() {
          @Override
          public Deadline deadline() {
            return deadline;
          }

          @Override
          public void answered(Renewal renewal, long began) {
            session.renewalEnded();
            session.renewed(began, renewal.session());
            held.renewed(renewal, asked, began);
            renewLater(id, session, held);
          }

          @Override
          public void failed(MountFailure failure) {
            session.renewalEnded();
            held.failed(failure);
            if (held.left().filter(left -> left.compareTo(SOONEST) > 0).isPresent()) {
              // At two thirds of what is left, until nothing is.
              renewLater(id, session, held);
            }
          }
        };
    new StoreCall<>(state, id, true, until -> session.session().renew(asked, until), asker).start();
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

  private Alarms.Alarm in(Duration pause, Runnable work) {
    return state.alarms().in(pause, () -> state.lock().change(work));
  }
}
