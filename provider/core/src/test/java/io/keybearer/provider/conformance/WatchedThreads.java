package io.keybearer.provider.conformance;

import java.time.Duration;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Real threads, of which a check can see whether they are free. */
final class WatchedThreads extends ThreadPoolExecutor {

  private int busy;

  WatchedThreads() {
    super(0, Integer.MAX_VALUE, 1, TimeUnit.SECONDS, new SynchronousQueue<>());
  }

  @Override
  public void execute(Runnable work) {
    count(1);
    super.execute(work);
  }

  @Override
  protected void afterExecute(Runnable work, Throwable failure) {
    super.afterExecute(work, failure);
    count(-1);
  }

  private synchronized void count(int change) {
    busy += change;
    notifyAll();
  }

  /** Waits until none works any more; whether that came. */
  synchronized boolean areFreeWithin(Duration most) throws InterruptedException {
    long end = System.nanoTime() + most.toNanos();
    while (busy > 0) {
      long left = Duration.ofNanos(end - System.nanoTime()).toMillis();
      if (left <= 0) {
        return false;
      }
      wait(left);
    }
    return true;
  }
}
