package io.keybearer.provider;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/** Time that passes only when a test turns it, and the alarms that go off as it passes. */
public final class TurnedTicker implements Ticker, Alarms, InstantSource {

  private static final Instant START = Instant.parse("2026-11-21T10:00:00Z");

  private record Due(long nanos, long number, Runnable work) {}

  private final long start;
  private final AtomicLong nanos;
  private final List<Due> alarms = new ArrayList<>();
  private long set;

  /** A ticker that stands at that moment. */
  public TurnedTicker(long nanos) {
    this.start = nanos;
    this.nanos = new AtomicLong(nanos);
  }

  /** A ticker just before its number overflows, as a real one may be. */
  public TurnedTicker() {
    this(Long.MAX_VALUE - 1);
  }

  /** Lets that much time pass, and the alarms of that time go off, each at its moment. */
  public void turn(Duration time) {
    long end = nanos.get() + time.toNanos();
    for (Optional<Due> next = nextUntil(end); next.isPresent(); next = nextUntil(end)) {
      long moment = next.get().nanos();
      nanos.accumulateAndGet(moment, (now, then) -> then - now > 0 ? then : now);
      next.get().work().run();
    }
    nanos.accumulateAndGet(end, (now, then) -> then - now > 0 ? then : now);
  }

  private synchronized Optional<Due> nextUntil(long end) {
    Optional<Due> next =
        alarms.stream()
            .filter(due -> due.nanos() - end <= 0)
            .min(
                Comparator.comparingLong((Due due) -> due.nanos() - end)
                    .thenComparingLong(Due::number));
    next.ifPresent(alarms::remove);
    return next;
  }

  @Override
  public synchronized Alarm in(Duration pause, Runnable work) {
    Due due = new Due(nanos.get() + pause.toNanos(), set++, work);
    alarms.add(due);
    return () -> cancel(due);
  }

  private synchronized void cancel(Due due) {
    alarms.remove(due);
  }

  /** How many alarms are set. */
  public synchronized int alarms() {
    return alarms.size();
  }

  @Override
  public long nanos() {
    return nanos.get();
  }

  @Override
  public Instant instant() {
    return START.plusNanos(nanos.get() - start);
  }
}
