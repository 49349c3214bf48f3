package io.keybearer.e2e.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** Many equal calls from several callers. */
final class Load {

  private Load() {}

  /**
   * What they took.
   *
   * @param callsPerSecond of all callers together
   * @param p50Nanos of one call
   * @param p99Nanos of one call
   */
  record Result(double callsPerSecond, long p50Nanos, long p99Nanos) {}

  /** Calls each in its turn, that many times around, from that many callers at once. */
  static <T> void around(List<T> each, int times, int callers, Consumer<T> call) {
    AtomicInteger next = new AtomicInteger();
    calls(
        each.size() * times,
        callers,
        () -> call.accept(each.get(next.getAndIncrement() % each.size())));
  }

  /** Calls that often, from that many callers at once. The first failure ends it. */
  static Result calls(int calls, int callers, Runnable call) {
    long[] nanos = new long[calls];
    AtomicInteger next = new AtomicInteger();
    ExecutorService threads = Executors.newFixedThreadPool(callers);
    try {
      long begin = System.nanoTime();
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < callers; i++) {
        running.add(
            threads.submit(
                () -> {
                  for (int n = next.getAndIncrement(); n < calls; n = next.getAndIncrement()) {
                    long start = System.nanoTime();
                    call.run();
                    nanos[n] = System.nanoTime() - start;
                  }
                }));
      }
      for (Future<?> caller : running) {
        caller.get();
      }
      double seconds = (System.nanoTime() - begin) / 1e9;
      Arrays.sort(nanos);
      return new Result(calls / seconds, nanos[calls / 2], nanos[calls * 99 / 100]);
    } catch (ExecutionException e) {
      throw new IllegalStateException("a call failed", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    } finally {
      threads.shutdownNow();
    }
  }
}
