package io.keybearer.daemonset;

import io.keybearer.provider.mount.MountReport;
import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Tells of mounts behind their answers, in their order: an answer leaves its thread only after the
 * work there is done, and writing a line takes longer than all of it. When it falls too far behind,
 * mounts wait for it: no report is lost.
 */
final class ReportThread {

  private static final int MOST_BEHIND = 1024;

  private final ThreadPoolExecutor thread;
  private final Consumer<MountReport> reader;

  /** A thread that hands reports to whoever reads them. */
  ReportThread(Consumer<MountReport> reader) {
    this.reader = reader;
    thread =
        new ThreadPoolExecutor(
            1,
            1,
            5,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(MOST_BEHIND),
            task -> new Thread(task, "reports"),
            new ThreadPoolExecutor.CallerRunsPolicy());
    thread.allowCoreThreadTimeOut(true);
  }

  /** Takes a report. */
  void accept(MountReport report) {
    thread.execute(() -> reader.accept(report));
  }

  /** Waits until what it took is told, at most this long. */
  void finish(Duration most) throws InterruptedException {
    thread.shutdown();
    if (!thread.awaitTermination(most.toNanos(), TimeUnit.NANOSECONDS)) {
      Logs.logger().warning("some reports of mounts were not written");
    }
  }
}
