package io.keybearer.daemonset;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SocketThreadsTest {

  @Test
  void runsWhatWaitsSideBySide() throws InterruptedException {
    AtomicInteger ends = new AtomicInteger();
    SocketThreads threads = new SocketThreads(Thread::new, ends::incrementAndGet);
    CountDownLatch both = new CountDownLatch(2);
    for (int i = 0; i < 2; i++) {
      threads.execute(
          () -> {
            both.countDown();
            await(both);
          });
    }

    assertThat(both.await(20, TimeUnit.SECONDS)).isTrue();
    assertThat(ends).hasValue(0);
  }

  @Test
  void endsTheProcessWithoutThreads() {
    AtomicInteger ends = new AtomicInteger();
    SocketThreads threads =
        new SocketThreads(
            task -> {
              throw new OutOfMemoryError("unable to create native thread");
            },
            ends::incrementAndGet);
    try (CapturedLog log = CapturedLog.of(Logs.Format.TEXT, Logs.Level.INFO)) {
      threads.execute(ends::incrementAndGet);

      assertThat(log.text()).contains("there can be no more threads, so this process ends");
    }
    assertThat(ends).hasValue(1);
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
