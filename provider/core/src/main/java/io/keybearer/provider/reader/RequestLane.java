package io.keybearer.provider.reader;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;

/**
 * Bounds how many requests one address gets at once. What is beyond waits without a thread, first
 * come, first served.
 */
final class RequestLane {

  private final Executor threads;
  private final int mostRunning;
  private final Runnable onIdle;
  private final Queue<Runnable> waiting = new ArrayDeque<>();
  private int running;

  /**
   * A lane.
   *
   * @param onIdle told when nothing runs and nothing waits
   */
  RequestLane(Executor threads, int mostRunning, Runnable onIdle) {
    this.threads = threads;
    this.mostRunning = mostRunning;
    this.onIdle = onIdle;
  }

  /** Runs {@code request} on a thread of its own as soon as the address may get another. */
  void run(Runnable request) {
    synchronized (this) {
      if (running >= mostRunning) {
        waiting.add(request);
        return;
      }
      running++;
    }
    start(request);
  }

  private void start(Runnable request) {
    threads.execute(
        () -> {
          try {
            request.run();
          } finally {
            next();
          }
        });
  }

  private void next() {
    Runnable request;
    boolean idle;
    synchronized (this) {
      request = waiting.poll();
      if (request == null) {
        running--;
      }
      idle = running == 0;
    }
    if (request != null) {
      start(request);
    } else if (idle) {
      onIdle.run();
    }
  }

  /** Drops what waits and was cancelled: a store that hangs would keep it, tokens and all. */
  synchronized void forgetCancelled() {
    waiting.removeIf(request -> request instanceof Future<?> future && future.isCancelled());
  }

  /** Whether nothing runs and nothing waits. */
  synchronized boolean isIdle() {
    return running == 0;
  }
}
