package io.keybearer.e2e.driver;

import java.time.Instant;
import java.time.InstantSource;

/** The time of a node. */
public interface NodeClock extends InstantSource {

  /** Goes on to an instant, or stays where it is if that has passed. */
  void advanceTo(Instant instant);
}
