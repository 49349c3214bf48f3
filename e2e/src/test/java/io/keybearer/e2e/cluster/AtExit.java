package io.keybearer.e2e.cluster;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;

/** Closes what serves all tests of a JVM when that ends. */
final class AtExit {

  private static final System.Logger LOG = System.getLogger(AtExit.class.getName());

  private AtExit() {}

  /** These, one after another. */
  static void close(Closeable... all) {
    List<Closeable> inOrder = List.of(all);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> closeAll(inOrder), "at-exit"));
  }

  private static void closeAll(List<Closeable> all) {
    for (Closeable each : all) {
      try {
        each.close();
      } catch (IOException e) {
        // The others are closed all the same.
        LOG.log(System.Logger.Level.WARNING, "not closed: " + each, e);
      }
    }
  }
}
