package io.keybearer.daemonset.kubernetes;

import io.keybearer.provider.Alarms;
import io.keybearer.provider.Deadline;
import io.keybearer.provider.Fault;
import io.keybearer.provider.MountFailure;
import io.keybearer.provider.Reason;
import io.keybearer.provider.Ticker;
import java.time.Duration;

/**
 * How many requests this node sends: 20 a second, and up to 40 at once after a quiet time. A
 * cluster has thousands of nodes and one API server; a node has a hundred pods that start together.
 */
final class RateLimit {

  private static final Duration INTERVAL = Duration.ofMillis(50);
  private static final int BURST = 40;
  private static final Duration LONGEST_HOLD = Duration.ofMinutes(1);

  private final Ticker ticker;
  private final Alarms alarms;

  /** When the requests let through so far would have left evenly. */
  private long evenly;

  private long heldUntil;

  RateLimit(Ticker ticker, Alarms alarms) {
    this.ticker = ticker;
    this.alarms = alarms;
    this.evenly = ticker.nanos();
    this.heldUntil = ticker.nanos();
  }

  /**
   * Waits for the turn of one request.
   *
   * @throws MountFailure {@link Reason#BUSY} at once if the turn would come after the deadline
   */
  void take(Deadline deadline) throws MountFailure, InterruptedException {
    Pause.of(reserve(deadline.remaining()), alarms);
  }

  private synchronized Duration reserve(Duration most) throws MountFailure {
    long now = ticker.nanos();
    if (evenly - now < 0) {
      evenly = now;
    }
    long burst = INTERVAL.multipliedBy(BURST - 1).toNanos();
    Duration pause = Duration.ofNanos(Math.max(0, Math.max(evenly - burst - now, heldUntil - now)));
    if (pause.compareTo(most) >= 0) {
      throw MountFailure.of(
              Reason.BUSY,
              "this node has too many requests for the API server",
              "it is asked again with the pod's next try")
          .because(Fault.throttled(pause));
    }
    evenly += INTERVAL.toNanos();
    return pause;
  }

  /** Lets nothing through for that time, because the server asks to be left alone. */
  synchronized void holdBack(Duration time) {
    Duration bounded = time.compareTo(LONGEST_HOLD) > 0 ? LONGEST_HOLD : time;
    long until = ticker.nanos() + bounded.toNanos();
    heldUntil = until - heldUntil > 0 ? until : heldUntil;
  }
}
