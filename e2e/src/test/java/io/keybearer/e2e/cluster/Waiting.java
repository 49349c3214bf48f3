package io.keybearer.e2e.cluster;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Waits for what comes about by itself. */
public final class Waiting {

  private static final Duration LONGEST = Duration.ofMinutes(1);
  private static final long PAUSE_MILLIS = 20;

  private Waiting() {}

  /**
   * Looks again and again.
   *
   * @throws AssertionError if it is not so within a minute
   */
  public static void until(String what, BooleanSupplier isSo) {
    until(what, LONGEST, isSo);
  }

  /** The same for a longer time. */
  public static void until(String what, Duration longest, BooleanSupplier isSo) {
    long end = System.nanoTime() + longest.toNanos();
    while (!isSo.getAsBoolean()) {
      if (System.nanoTime() - end > 0) {
        throw new AssertionError("not within " + longest.toSeconds() + " s: " + what);
      }
      try {
        TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted while waiting for: " + what, e);
      }
    }
  }
}
