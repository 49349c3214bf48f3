package io.keybearer.provider;

import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.TimeUnit;

/** No threads at all: whoever asks for work to be done does it, at once. */
public final class DirectThreads extends AbstractExecutorService {

  @Override
  public void execute(Runnable work) {
    work.run();
    // As a pool does between two tasks: the work may have been cancelled by what it did itself.
    Thread.interrupted();
  }

  @Override
  public void shutdown() {
    // Nothing runs.
  }

  @Override
  public List<Runnable> shutdownNow() {
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
