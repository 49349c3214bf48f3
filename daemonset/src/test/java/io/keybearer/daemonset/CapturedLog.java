package io.keybearer.daemonset;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.Logger;

/** The process's log in memory; closing gives back what was there before. */
final class CapturedLog implements AutoCloseable {

  private static final Logger ROOT = Logger.getLogger("");

  private final Handler[] handlers = ROOT.getHandlers();
  private final Level rootLevel = ROOT.getLevel();
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  private CapturedLog() {}

  static CapturedLog of(Logs.Format format, Logs.Level level) {
    CapturedLog log = new CapturedLog();
    Logs.start(new Logs.Settings(format, level), log.bytes);
    return log;
  }

  /** Captures nothing, and undoes what a command does to the log. */
  static CapturedLog ofNothing() {
    return new CapturedLog();
  }

  String text() {
    return bytes.toString(StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    for (Handler handler : ROOT.getHandlers()) {
      ROOT.removeHandler(handler);
    }
    for (Handler handler : handlers) {
      ROOT.addHandler(handler);
    }
    ROOT.setLevel(rootLevel);
    Logs.logger().setLevel(null);
  }
}
