package io.keybearer.provider;

import java.time.Duration;

/**
 * The moment by which a call must have answered.
 *
 * @param ticker the time it is measured with
 * @param endNanos the moment, in that ticker's nanoseconds
 */
public record Deadline(Ticker ticker, long endNanos) {

  private static final Duration RESERVE = Duration.ofSeconds(5);
  private static final Duration SHORT = Duration.ofSeconds(10);
  private static final Duration LONGEST = Duration.ofSeconds(110);
  private static final Duration WITHOUT_DEADLINE = Duration.ofSeconds(30);
  private static final Duration LONGEST_TRY = Duration.ofSeconds(30);
  private static final Duration LONGEST_CONNECTING = Duration.ofSeconds(3);

  /** The deadline that lies {@code time} ahead of now; a negative time has passed already. */
  public static Deadline after(Duration time, Ticker ticker) {
    return new Deadline(ticker, ticker.nanos() + time.toNanos());
  }

  /**
   * The deadline of a Mount whose caller waits {@code callerWaits}: five seconds less than that and
   * at most 110 s, because an answer that arrives too late is one that kubelet does not treat as
   * final. A caller with less than ten seconds gets half of them.
   */
  public static Deadline ofMount(Duration callerWaits, Ticker ticker) {
    Duration budget =
        callerWaits.compareTo(SHORT) < 0 ? callerWaits.dividedBy(2) : callerWaits.minus(RESERVE);
    return after(budget.compareTo(LONGEST) > 0 ? LONGEST : budget, ticker);
  }

  /** The deadline of a Mount whose caller would wait for ever, as drivers up to 1.5.6 do. */
  public static Deadline ofMountWithoutDeadline(Ticker ticker) {
    return after(WITHOUT_DEADLINE, ticker);
  }

  /** The later one of two of one ticker. */
  public Deadline orLater(Deadline other) {
    return other.endNanos - endNanos > 0 ? other : this;
  }

  /** The earlier one of two of one ticker. */
  public Deadline orEarlier(Deadline other) {
    return other.endNanos - endNanos < 0 ? other : this;
  }

  /**
   * That of one try: 30 s. Whoever waits less for it leaves, and the last one who does cancels it.
   */
  public static Deadline ofTry(Ticker ticker) {
    return after(LONGEST_TRY, ticker);
  }

  /** That of a part of a try, where another address or region can be tried after it: half. */
  public Deadline beforeAnother() {
    return after(remaining().dividedBy(2), ticker);
  }

  /** That of connecting: 3 s, or what is left. */
  public Deadline ofConnecting() {
    return orEarlier(after(LONGEST_CONNECTING, ticker));
  }

  /** The time left, zero once it has passed. */
  public Duration remaining() {
    return Duration.ofNanos(Math.max(0, endNanos - ticker.nanos()));
  }

  /** Whether the moment has come. */
  public boolean hasPassed() {
    return endNanos - ticker.nanos() <= 0;
  }
}
