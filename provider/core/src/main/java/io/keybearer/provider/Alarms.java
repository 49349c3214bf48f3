package io.keybearer.provider;

import java.time.Duration;

/** Does things later. Tests turn its time together with that of a {@link Ticker}. */
@FunctionalInterface
public interface Alarms {

  /** Runs {@code work}, which must be short, once {@code pause} has passed. */
  Alarm in(Duration pause, Runnable work);

  /** Something that was to be done later. */
  @FunctionalInterface
  interface Alarm {

    /** Drops it, unless it has been done. */
    void cancel();
  }
}
