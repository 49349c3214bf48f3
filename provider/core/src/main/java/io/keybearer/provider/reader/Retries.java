package io.keybearer.provider.reader;

import io.keybearer.provider.Fault;
import java.time.Duration;
import java.util.Optional;

/** Whether and when a request is tried again. */
final class Retries {

  private static final int FEW = 3;
  private static final Duration NO_NEW_TRY_AFTER = Duration.ofSeconds(10);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

  private Retries() {}

  /**
   * The pause before another try, if there is to be one.
   *
   * @param repeatable whether the request can be sent again though the store may have acted on it
   * @param tries how many there have been
   * @param since the time since the first of them began
   * @param left the time that the last one who waits has left
   * @param random between zero and one
   */
  static Optional<Duration> pause(
      Fault fault, boolean repeatable, int tries, Duration since, Duration left, double random) {
    if (fault.kind().mayHaveActed() && !repeatable) {
      return Optional.empty();
    }
    Duration backoff = longer(backoff(tries, random), fault.retryAfter());
    if (backoff.compareTo(left) >= 0) {
      return Optional.empty();
    }
    boolean again =
        switch (fault.kind().tries()) {
          case ONE -> false;
          case FEW -> tries < FEW && since.plus(backoff).compareTo(NO_NEW_TRY_AFTER) <= 0;
          case WHILE_AWAITED -> true;
        };
    return again ? Optional.of(backoff) : Optional.empty();
  }

  /**
   * Doubling pauses of which each is shortened by up to a half, so that many don't beat in time.
   */
  private static Duration backoff(int tries, double random) {
    Duration full = FIRST_PAUSE.multipliedBy(1L << Math.min(tries - 1, 10));
    Duration bounded = full.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : full;
    return Duration.ofNanos((long) (bounded.toNanos() * (1 - random / 2)));
  }

  private static Duration longer(Duration one, Duration other) {
    return one.compareTo(other) > 0 ? one : other;
  }
}
