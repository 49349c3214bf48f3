package io.keybearer.daemonset;

import java.util.Map;
import java.util.logging.Level;

/**
 * What becomes of an exception that nobody expected: where it was thrown is logged, not its text.
 */
final class Defects {

  private static final int OUT_OF_MEMORY = 3;

  private Defects() {}

  /** Logs it; a process that is out of memory ends at once. */
  static void tell(Throwable defect) {
    if (defect instanceof OutOfMemoryError) {
      Runtime.getRuntime().halt(OUT_OF_MEMORY);
    }
    Logs.logger()
        .log(
            new LogFields(
                    Map.of(
                        "exception", defect.getClass().getName(), "at", LogFields.frames(defect)))
                .record(Level.SEVERE, "defect"));
  }
}
