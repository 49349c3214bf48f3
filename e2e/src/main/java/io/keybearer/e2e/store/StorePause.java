package io.keybearer.e2e.store;

import java.io.InterruptedIOException;
import java.util.concurrent.locks.LockSupport;

/** Waits to the tenth of a millisecond. */
final class StorePause {

  private StorePause() {}

  /**
   * Waits until {@link System#nanoTime} is there.
   *
   * @throws InterruptedIOException if the connection ended meanwhile
   */
  static void until(long nanos) throws InterruptedIOException {
    for (long left = nanos - System.nanoTime(); left > 0; left = nanos - System.nanoTime()) {
      LockSupport.parkNanos(left);
      if (Thread.interrupted()) {
        throw new InterruptedIOException("the connection ended in a pause");
      }
    }
  }
}
