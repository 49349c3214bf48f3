package io.keybearer.provider;

/** No threads at all: whoever asks for work to be done does it, at once. */
public final class DirectThreads extends NoThreads {

  @Override
  public void execute(Runnable work) {
    work.run();
    // As a pool does between two tasks: the work may have been cancelled by what it did itself.
    Thread.interrupted();
  }
}
