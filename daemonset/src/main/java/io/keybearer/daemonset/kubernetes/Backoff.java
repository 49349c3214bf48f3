package io.keybearer.daemonset.kubernetes;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Pauses between tries that go on for ever: from one second to a minute, doubling, each shortened
 * by up to a half so that nodes don't beat in time. For one thread.
 */
final class Backoff {

  private static final Duration FIRST = Duration.ofSeconds(1);
  private static final Duration LONGEST = Duration.ofMinutes(1);

  private Duration full = FIRST;

  /** The next pause, at least as long as the server asked for. */
  Duration next(Duration asked) {
    double share = 0.5 + ThreadLocalRandom.current().nextDouble() / 2;
    Duration pause = Duration.ofNanos((long) (full.toNanos() * share));
    Duration doubled = full.multipliedBy(2);
    full = doubled.compareTo(LONGEST) > 0 ? LONGEST : doubled;
    return pause.compareTo(asked) > 0 ? pause : asked;
  }

  /** Starts anew: it has worked. */
  void reset() {
    full = FIRST;
  }
}
