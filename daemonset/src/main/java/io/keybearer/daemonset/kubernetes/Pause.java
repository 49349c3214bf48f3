package io.keybearer.daemonset.kubernetes;

import io.keybearer.provider.Alarms;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/** Waits in a time that tests turn. */
final class Pause {

  private Pause() {}

  /** Holds this thread so long. */
  static void of(Duration time, Alarms alarms) throws InterruptedException {
    if (time.isZero() || time.isNegative()) {
      return;
    }
    CountDownLatch over = new CountDownLatch(1);
    Alarms.Alarm alarm = alarms.in(time, over::countDown);
    try {
      over.await();
    } finally {
      alarm.cancel();
    }
  }
}
