package io.keybearer.provider.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;

/** A call on a thread of its own. */
final class Asynchronous {

  private final Thread thread;
  private volatile Optional<Throwable> failure = Optional.empty();

  private Asynchronous(Callable<?> call) {
    thread = new Thread(() -> failure = Optional.ofNullable(catchThrowable(() -> call.call())));
    thread.setDaemon(true);
  }

  static Asynchronous start(Callable<?> call) {
    Asynchronous started = new Asynchronous(call);
    started.thread.start();
    return started;
  }

  void interrupt() {
    thread.interrupt();
  }

  /** What it throws, which has to come within that time. */
  Throwable failsWithin(Duration most) throws InterruptedException {
    thread.join(most.toMillis());
    assertThat(thread.isAlive()).as("still under way").isFalse();
    assertThat(failure).as("what it throws").isPresent();
    return failure.orElseThrow();
  }
}
