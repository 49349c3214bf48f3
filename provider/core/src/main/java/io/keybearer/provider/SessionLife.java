package io.keybearer.provider;

import java.time.Duration;

/**
 * How long a session can be used.
 *
 * @param time from the moment it was opened or renewed; zero for one that can't be renewed
 * @param reusable whether requests of other mounts may use it: not where its uses are counted
 */
public record SessionLife(Duration time, boolean reusable) {

  private static final Duration LONGEST = Duration.ofDays(3650);

  /** A longer time is as good as this one, which sums can hold. */
  public SessionLife {
    time = time.compareTo(LONGEST) > 0 ? LONGEST : time;
  }

  /** That of a session which does not end by itself. */
  public static SessionLife endless() {
    return new SessionLife(LONGEST, true);
  }

  /** Whether it does not end by itself. */
  public boolean isEndless() {
    return time.equals(LONGEST);
  }

  /** That of a session which lasts so long and serves anybody who may use it. */
  public static SessionLife of(Duration time) {
    return new SessionLife(time, true);
  }
}
