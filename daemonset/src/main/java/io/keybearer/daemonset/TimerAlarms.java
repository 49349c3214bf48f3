package io.keybearer.daemonset;

import io.keybearer.provider.Alarms;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** The process's alarms: one thread waits for all of them, others do the work. */
final class TimerAlarms implements Alarms {

  private final ScheduledThreadPoolExecutor timer;
  private final Executor threads;

  TimerAlarms(Executor threads) {
    this.threads = threads;
    this.timer =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread thread = new Thread(task, "timer");
              thread.setDaemon(true);
              return thread;
            });
    // Most are cancelled: a mount that was answered needs no end.
    timer.setRemoveOnCancelPolicy(true);
  }

  @Override
  public Alarm in(Duration pause, Runnable work) {
    Future<?> alarm =
        timer.schedule(() -> threads.execute(work), pause.toNanos(), TimeUnit.NANOSECONDS);
    return () -> alarm.cancel(false);
  }

  /** Does that again and again, this long after the last time, until it is cancelled. */
  Alarm every(Duration pause, Runnable work) {
    Future<?> alarm =
        timer.scheduleWithFixedDelay(work, pause.toNanos(), pause.toNanos(), TimeUnit.NANOSECONDS);
    return () -> alarm.cancel(false);
  }
}
