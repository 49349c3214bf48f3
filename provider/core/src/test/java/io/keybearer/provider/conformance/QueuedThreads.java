package io.keybearer.provider.conformance;

import io.keybearer.provider.NoThreads;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;

/** No threads at all: work waits until a check does it, one piece after another. */
final class QueuedThreads extends NoThreads {

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
  public List<Runnable> shutdownNow() {
    waiting.clear();
    return List.of();
  }
}
