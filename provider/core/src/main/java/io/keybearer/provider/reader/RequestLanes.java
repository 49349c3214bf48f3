package io.keybearer.provider.reader;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Bounds how many requests each address gets at once. What is beyond waits without a thread, first
 * come, first served. Tenants name addresses: a lane goes with its last request.
 */
final class RequestLanes {

  private static final class Lane {
    private final Queue<Runnable> waiting = new ArrayDeque<>();
    private int running;
  }

  private final Executor threads;
  private final Map<String, Lane> lanes = new HashMap<>();

  RequestLanes(Executor threads) {
    this.threads = threads;
  }

  /** Runs {@code request} on a thread of its own as soon as the address may get another. */
  void run(String address, int mostRunning, Runnable request) {
    synchronized (this) {
      Lane lane = lanes.computeIfAbsent(address, a -> new Lane());
      if (lane.running >= mostRunning) {
        lane.waiting.add(request);
        return;
      }
      lane.running++;
    }
    start(address, request);
  }

  private void start(String address, Runnable request) {
    threads.execute(
        () -> {
          try {
            request.run();
          } finally {
            Runnable next = next(address);
            if (next != null) {
              start(address, next);
            }
          }
        });
  }

  private synchronized @Nullable Runnable next(String address) {
    Lane lane = lanes.getOrDefault(address, new Lane());
    Runnable next = lane.waiting.poll();
    if (next == null) {
      lane.running--;
      if (lane.running == 0) {
        lanes.remove(address);
      }
    }
    return next;
  }

  /** Drops what waits and was cancelled: a store that hangs would keep it, tokens and all. */
  synchronized void forgetCancelled(String address) {
    lanes
        .getOrDefault(address, new Lane())
        .waiting
        .removeIf(request -> request instanceof Future<?> future && future.isCancelled());
  }

  /** How many addresses have requests. */
  synchronized int addresses() {
    return lanes.size();
  }
}
