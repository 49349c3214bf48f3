package io.keybearer.provider.mount;

import org.jspecify.annotations.Nullable;

/** Stops the work of a Mount whose caller has left. */
public final class Cancellation {

  private boolean cancelled;
  private @Nullable Thread worker;

  /** Interrupts the thread that works for this mount; one that begins later ends at once. */
  public synchronized void cancel() {
    cancelled = true;
    if (worker != null) {
      worker.interrupt();
    }
  }

  /**
   * Does the work, on this thread.
   *
   * @throws InterruptedException if it was cancelled
   */
  <T> T run(Work<T> work) throws InterruptedException {
    synchronized (this) {
      if (cancelled) {
        throw new InterruptedException("cancelled by the caller");
      }
      worker = Thread.currentThread();
    }
    try {
      return work.run();
    } finally {
      synchronized (this) {
        worker = null;
        if (cancelled) {
          // The interrupt was for this work, not for what the thread does next.
          Thread.interrupted();
        }
      }
    }
  }

  /**
   * What may be cancelled.
   *
   * @param <T> what it yields
   */
  interface Work<T> {

    /** Does it. */
    T run() throws InterruptedException;
  }
}
