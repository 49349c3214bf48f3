package io.keybearer.provider.mount;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class CancellationTest {

  private final Cancellation cancellation = new Cancellation();
  private final AtomicInteger works = new AtomicInteger();

  @AfterEach
  void leaveTheThreadAsItWas() {
    Thread.interrupted();
  }

  @Test
  void yieldsWhatTheWorkYields() throws InterruptedException {
    assertThat(cancellation.<String>run(() -> "done")).isEqualTo("done");
    assertThat(Thread.currentThread().isInterrupted()).isFalse();
  }

  @Test
  void interruptsTheThreadThatWorksAndLeavesItClear() throws Exception {
    CountDownLatch working = new CountDownLatch(1);
    CountDownLatch never = new CountDownLatch(1);
    ExecutorService worker = Executors.newSingleThreadExecutor();
    try {
      Future<String> outcome =
          worker.submit(
              () -> {
                try {
                  return cancellation.run(
                      () -> {
                        working.countDown();
                        never.await();
                        return "not interrupted";
                      });
                } catch (InterruptedException e) {
                  return Thread.currentThread().isInterrupted() ? "still set" : "clear";
                }
              });
      working.await();

      cancellation.cancel();

      assertThat(outcome.get(30, TimeUnit.SECONDS)).isEqualTo("clear");
    } finally {
      worker.shutdownNow();
    }
  }

  @Test
  void workThatIsCancelledBeforeItBeginsIsNotDone() {
    cancellation.cancel();

    assertThatThrownBy(() -> cancellation.run(works::incrementAndGet))
        .isInstanceOf(InterruptedException.class)
        .hasMessage("cancelled by the caller");
    assertThat(works).hasValue(0);
    assertThat(Thread.currentThread().isInterrupted()).isFalse();
  }

  @Test
  void anInterruptThatTheWorkDidNotMeetDoesNotReachWhatTheThreadDoesNext()
      throws InterruptedException {
    boolean interrupted =
        cancellation.run(
            () -> {
              cancellation.cancel();
              return Thread.currentThread().isInterrupted();
            });

    assertThat(interrupted).isTrue();
    assertThat(Thread.currentThread().isInterrupted()).isFalse();
  }

  @Test
  void workThatFailsAfterItWasCancelledLeavesTheThreadClear() {
    assertThatThrownBy(
            () ->
                cancellation.run(
                    () -> {
                      cancellation.cancel();
                      throw new IllegalStateException("planted");
                    }))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("planted");
    assertThat(Thread.currentThread().isInterrupted()).isFalse();
  }

  @Test
  void aThreadWhoseWorkHasEndedIsNotInterrupted() throws InterruptedException {
    assertThat(cancellation.run(works::incrementAndGet)).isEqualTo(1);

    cancellation.cancel();

    assertThat(Thread.currentThread().isInterrupted()).isFalse();
  }

  @Test
  void anInterruptThatIsNotOfTheCallerIsKept() throws InterruptedException {
    cancellation.run(
        () -> {
          Thread.currentThread().interrupt();
          return works.incrementAndGet();
        });

    assertThat(Thread.currentThread().isInterrupted()).isTrue();
  }
}
