package io.keybearer.provider.conformance;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.TimeUnit;

/** No threads at all: work waits until a check does it, one piece after another. */
final class QueuedThreads extends AbstractExecutorService {

  private final Queue<Runnable> waiting = new ArrayDeque<>();

  @Override
  public void execute(Runnable work) {
    waiting.add(work);
  }

  /** Does all that waits, and what comes of it. */
  void run() {
    while (!waiting.isEmpty()) {
      waiting.remove().run();
      // As a pool does between two tasks.
      Thread.interrupted();
    }
  }

  @Override
  public void shutdown() {
    waiting.clear();
  }

  @Override
  public List<Runnable> shutdownNow() {
    waiting.clear();
    return List.of();
  }

  @Override
  public boolean isShutdown() {
    return false;
  }

  @Override
  public boolean isTerminated() {
    return false;
  }

  @Override
  public boolean awaitTermination(long timeout, TimeUnit unit) {
    return true;
  }
}
