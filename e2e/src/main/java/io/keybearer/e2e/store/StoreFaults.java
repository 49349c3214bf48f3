package io.keybearer.e2e.store;

import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * The faults that wait for their requests. Of several that match, the one planted first applies,
 * and no other. All methods are safe for concurrent use.
 */
public final class StoreFaults {

  private final List<Planted> planted = new CopyOnWriteArrayList<>();
  private volatile long latencyNanos;

  StoreFaults() {}

  /**
   * The time from a request's arrival to its answer, for all requests, before any fault; first 0.
   */
  public void baseLatency(Duration latency) {
    latencyNanos = latency.toNanos();
  }

  /** A fault for all requests that match, until it is cleared. */
  public Planted plant(Predicate<StoreCall> where, StoreFault fault) {
    return plant(Integer.MAX_VALUE, where, fault);
  }

  /** A fault for so many requests that match, from now on. */
  public Planted plant(int times, Predicate<StoreCall> where, StoreFault fault) {
    Planted added = new Planted(times, where, fault);
    planted.removeIf(Planted::isSpent);
    planted.add(added);
    return added;
  }

  /** Clears all faults; the base latency stays. */
  public void clear() {
    planted.forEach(Planted::clear);
    planted.clear();
  }

  long latencyNanos() {
    return latencyNanos;
  }

  Optional<Planted> take(StoreCall call) {
    for (Planted candidate : planted) {
      if (candidate.takes(call)) {
        return Optional.of(candidate);
      }
    }
    return Optional.empty();
  }

  /** A fault in its place. */
  public static final class Planted {
    private final Predicate<StoreCall> where;
    private final StoreFault fault;
    private final Set<StoreWire> held = new HashSet<>();
    private int left;
    private int applied;
    private boolean cleared;

    private Planted(int times, Predicate<StoreCall> where, StoreFault fault) {
      this.left = times;
      this.where = where;
      this.fault = fault;
    }

    /** How many requests it has taken. */
    public synchronized int applied() {
      return applied;
    }

    /** Takes no more requests, and resets the connections that it holds. */
    public synchronized void clear() {
      left = 0;
      cleared = true;
      held.forEach(StoreWire::reset);
    }

    private synchronized boolean takes(StoreCall call) {
      if (left == 0 || !where.test(call)) {
        return false;
      }
      left--;
      applied++;
      return true;
    }

    private synchronized boolean isSpent() {
      // What holds connections still has to be found when all faults are cleared.
      return left == 0 && held.isEmpty();
    }

    boolean isLasting() {
      return fault.isLasting();
    }

    void apply(StoreWire wire, StoreCall call, Supplier<StoreAnswer> answer) throws IOException {
      hold(wire);
      try {
        fault.apply(wire, call, answer);
      } finally {
        release(wire);
      }
    }

    private synchronized void hold(StoreWire wire) {
      if (fault.isLasting()) {
        held.add(wire);
        if (cleared) {
          // Between the request's taking and its holding.
          wire.reset();
        }
      }
    }

    private synchronized void release(StoreWire wire) {
      held.remove(wire);
    }
  }
}
