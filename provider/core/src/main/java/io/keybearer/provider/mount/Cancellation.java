package io.keybearer.provider.mount;

import java.util.Optional;

/** Tells whoever works for a caller that it has left. */
public final class Cancellation {

  private boolean cancelled;
  private Optional<Runnable> action = Optional.empty();

  /** The caller has left. */
  public void cancel() {
    Optional<Runnable> told;
    synchronized (this) {
      cancelled = true;
      told = action;
      action = Optional.empty();
    }
    told.ifPresent(Runnable::run);
  }

  /** Does that once the caller has left, at once if it has. */
  void whenCancelled(Runnable work) {
    synchronized (this) {
      if (!cancelled) {
        action = Optional.of(work);
        return;
      }
    }
    work.run();
  }
}
