package io.keybearer.provider.fake;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Holds calls back until a test lets them go. */
public final class Hold {

  private final Semaphore arrived = new Semaphore(0);
  private final CountDownLatch released = new CountDownLatch(1);

  /** Lets those that wait go on, and all that come. */
  public void release() {
    released.countDown();
  }

  /**
   * Waits until that many calls are held; each is awaited once.
   *
   * @return whether they came in time
   */
  public boolean await(int calls, Duration most) throws InterruptedException {
    return arrived.tryAcquire(calls, most.toNanos(), TimeUnit.NANOSECONDS);
  }

  /**
   * The same, where they have to come.
   *
   * @throws IllegalStateException if they do not
   */
  public void awaitOrFail(int calls, Duration most) {
    try {
      if (!await(calls, most)) {
        throw new IllegalStateException("fewer than " + calls + " calls within " + most);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for calls", e);
    }
  }

  /** Waits here; whether it was let go. */
  boolean pass() {
    arrived.release();
    try {
      released.await();
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
