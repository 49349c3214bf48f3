package io.keybearer.provider.reader;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * The one lock over the reader's state. Nothing waits under it: what takes time, and what calls out
 * of the reader, is put off until it is free again.
 */
final class StateLock {

  private final ReentrantLock lock = new ReentrantLock();
  private final Queue<Runnable> atTheEnd = new ArrayDeque<>();
  private List<Runnable> afterwards = new ArrayList<>();

  /** Changes the state. */
  void change(Runnable change) {
    compute(
        () -> {
          change.run();
          return true;
        });
  }

  /** Changes the state, or looks at it. */
  <T> T compute(Supplier<T> change) {
    lock.lock();
    try {
      return change.get();
    } finally {
      finish();
      List<Runnable> outside = outside();
      lock.unlock();
      outside.forEach(Runnable::run);
    }
  }

  private void finish() {
    if (lock.getHoldCount() == 1) {
      for (Runnable work = atTheEnd.poll(); work != null; work = atTheEnd.poll()) {
        work.run();
      }
    }
  }

  /** Does that when the change is complete, under the lock still; to be called by who holds it. */
  void atTheEnd(Runnable work) {
    atTheEnd.add(work);
  }

  private List<Runnable> outside() {
    if (lock.getHoldCount() > 1 || afterwards.isEmpty()) {
      return List.of();
    }
    List<Runnable> outside = afterwards;
    afterwards = new ArrayList<>();
    return outside;
  }

  /** Does that once nobody holds the lock; to be called by who does. */
  void afterwards(Runnable work) {
    afterwards.add(work);
  }
}
