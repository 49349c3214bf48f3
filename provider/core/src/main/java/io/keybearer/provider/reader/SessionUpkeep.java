package io.keybearer.provider.reader;

import io.keybearer.provider.Deadline;
import io.keybearer.provider.MountFailure;
import java.time.Duration;

/** Gives sessions back that nobody needs. Under the lock. */
final class SessionUpkeep {

  private static final Duration FIRST_PAUSE = Duration.ofSeconds(15);
  private static final Duration LONGEST_PAUSE = Duration.ofHours(1);
  private static final Duration LONGEST_CALL = Duration.ofSeconds(30);

  private final ReaderState state;

  SessionUpkeep(ReaderState state) {
    this.state = state;
  }

  /** Gives a session back to the store, with all that was minted in it. */
  void giveBack(SessionId id, OpenSession session) {
    if (session.takeBack()) {
      end(id, session, FIRST_PAUSE);
    }
  }

  private void end(SessionId id, OpenSession session, Duration pause) {
    Deadline deadline = Deadline.after(LONGEST_CALL, state.ticker());
    StoreCall.Request<Boolean> end = until -> state.keeping().calls().end(id, session, until);
    StoreCall.Asker<Boolean> nobody =
        new StoreCall.Asker<>() {
          @Override
          public Deadline deadline() {
            return deadline;
          }

          @Override
          public void answered(Boolean ended, long began) {
            if (ended) {
              state.telling().count(MintCounts::oneGivenBack);
            }
          }

          @Override
          public void failed(MountFailure failure) {
            state.telling().count(MintCounts::oneFailed);
            // It may not be reached for a while, and ends by itself when nobody could reach it.
            if (session.ends() - state.ticker().nanos() > pause.toNanos()
                && pause.compareTo(LONGEST_PAUSE) <= 0) {
              in(pause, () -> end(id, session, pause.multipliedBy(2)));
            }
          }
        };
    new StoreCall<>(state, id, true, end, nobody).start();
  }

  /**
   * Gives it back after the pause in which kubelet may try again, or a pod may still use it; unless
   * a request that was under way has made something in it by then.
   */
  void giveBackLater(SessionId id, OpenSession session) {
    in(
        MountRecord.KEEP_FOR_RETRY,
        () -> {
          if (!session.holdsMints()) {
            giveBack(id, session);
          }
        });
  }

  private void in(Duration pause, Runnable work) {
    state.alarms().in(pause, () -> state.lock().change(work));
  }
}
