package io.keybearer.provider.mount;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class CancellationTest {

  private final Cancellation cancellation = new Cancellation();
  private final AtomicInteger told = new AtomicInteger();

  @Test
  void tellsOnceThatTheCallerHasLeft() {
    cancellation.whenCancelled(told::incrementAndGet);
    assertThat(told).hasValue(0);

    cancellation.cancel();
    assertThat(told).hasValue(1);

    cancellation.cancel();
    assertThat(told).hasValue(1);
  }

  @Test
  void tellsAtOnceWhoeverComesAfterTheCallerHasLeft() {
    cancellation.cancel();

    cancellation.whenCancelled(told::incrementAndGet);

    assertThat(told).hasValue(1);
  }

  @Test
  void aCallerForWhomNobodyWorksMayLeave() {
    cancellation.cancel();

    assertThat(told).hasValue(0);
  }

  @Test
  void tellsOnlyWhoWorksNow() {
    AtomicInteger before = new AtomicInteger();
    cancellation.whenCancelled(before::incrementAndGet);
    cancellation.whenCancelled(told::incrementAndGet);

    cancellation.cancel();

    assertThat(told).hasValue(1);
    assertThat(before).hasValue(0);
  }
}
