package io.keybearer.daemonset;

import java.util.concurrent.Executor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The threads of gRPC's transport: one for each socket, which waits for connections, one for each
 * connection, which reads, and one for each that is being written to.
 */
final class SocketThreads implements Executor {

  private final ThreadPoolExecutor threads;
  private final Runnable end;

  /**
   * Threads, as they are needed.
   *
   * @param made what makes them
   * @param end ends the process
   */
  SocketThreads(ThreadFactory made, Runnable end) {
    this.threads =
        new ThreadPoolExecutor(
            0, Integer.MAX_VALUE, 10, TimeUnit.SECONDS, new SynchronousQueue<>(), made);
    this.end = end;
  }

  /** Those of the process. */
  static SocketThreads ofProcess() {
    return new SocketThreads(
        task -> new Thread(task, "sockets"), () -> Runtime.getRuntime().halt(3));
  }

  /**
   * Runs a task. Where there can be no thread for it the process ends, as it does without memory:
   * the transport would not listen any more, and let the driver wait on a socket that is there.
   */
  @Override
  public void execute(Runnable task) {
    try {
      threads.execute(task);
    } catch (OutOfMemoryError e) {
      Logs.logger().severe("there can be no more threads, so this process ends");
      end.run();
    }
  }
}
