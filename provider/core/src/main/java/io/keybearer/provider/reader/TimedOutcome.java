package io.keybearer.provider.reader;

import io.keybearer.provider.ReadOutcome;
import java.time.Duration;

/**
 * The outcome of a reference, and how it was come by.
 *
 * @param outcome the value or why there is none
 * @param source who gave it
 * @param took how long the mount waited for it
 */
public record TimedOutcome(ReadOutcome outcome, Source source, Duration took) {

  /** The bytes of the value, none of a failure. */
  long bytes() {
    return outcome instanceof ReadOutcome.Value read ? read.value().bytes() : 0;
  }

  /** Who gave an outcome. */
  public enum Source {
    /** The store, asked now. */
    STORE,
    /** This process, without asking. */
    MEMORY,
    /** This process, because the store could not be asked. */
    STALE
  }
}
