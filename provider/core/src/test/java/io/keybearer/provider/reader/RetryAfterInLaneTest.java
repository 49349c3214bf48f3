package io.keybearer.provider.reader;

import static org.assertj.core.api.Assertions.assertThat;

import io.keybearer.provider.DirectThreads;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Fails: what waits in the lane of an address is sent though the store has asked for a pause. */
class RetryAfterInLaneTest extends ReaderScene {

  @Test
  @DisplayName("rule 15: Retry-After stops what has not been sent yet")
  void stopsWhatWaitsInTheLane() {
    reader =
        new SecretReader(
            name -> store,
            new SecretReader.Bounds(100, 1, 1_000_000, 1_000_000),
            new SecretReader.Time(time, time, time),
            new DirectThreads());
    store.reading(
        (references, deadline, arrived) -> {
          throw throttled(30);
        });

    pod("p").reads("a", "b", "c", "d", "e", "f", "g", "h", "i", "j");

    // One at a time: the first answer was there before the second request left.
    assertThat(store.requests()).hasSize(1);
  }
}
