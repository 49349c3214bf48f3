package io.keybearer.e2e.driver;

import java.time.Instant;
import java.util.Optional;

/** What goes on in a node by itself as its time passes. */
interface Background {

  /** When the next of it is due, if any is. */
  Optional<Instant> nextDue();

  /** Does what is due by now. */
  void runDue();
}
