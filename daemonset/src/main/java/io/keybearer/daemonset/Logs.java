package io.keybearer.daemonset;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.LogManager;
import java.util.logging.Logger;
import java.util.logging.StreamHandler;

/**
 * The process's log, on standard error. Libraries never get below INFO: at finer levels gRPC prints
 * the frames it sends, secrets and all.
 */
final class Logs {

  /** How a line looks. */
  enum Format {
    /** {@code key=value} behind time, level and message. */
    TEXT,
    /** One JSON object. */
    JSON
  }

  /** The least that is logged. */
  enum Level {
    ERROR,
    WARN,
    INFO,
    DEBUG,
    TRACE;

    private java.util.logging.Level ofJdk() {
      return switch (this) {
        case ERROR -> java.util.logging.Level.SEVERE;
        case WARN -> java.util.logging.Level.WARNING;
        case INFO -> java.util.logging.Level.INFO;
        case DEBUG -> java.util.logging.Level.FINE;
        case TRACE -> java.util.logging.Level.FINEST;
      };
    }
  }

  /** What can be set of it. */
  record Settings(Format format, Level level) {}

  private static final Logger ROOT = Logger.getLogger("");

  /** Held here: the JDK keeps loggers by weak references, and their levels go with them. */
  private static final Logger OURS = Logger.getLogger("io.keybearer");

  private Logs() {}

  /** The logger of the process. */
  static Logger logger() {
    return OURS;
  }

  /** Sends the log of everything in this process to {@code stream}. */
  static void start(Settings settings, OutputStream stream) {
    withoutHandlers();
    Formatter formatter =
        switch (settings.format()) {
          case TEXT -> new TextFormat();
          case JSON -> new JsonFormat();
        };
    Handler handler =
        new StreamHandler(stream, formatter) {
          @Override
          public synchronized void publish(java.util.logging.LogRecord line) {
            super.publish(line);
            flush();
          }
        };
    handler.setLevel(java.util.logging.Level.ALL);
    ROOT.addHandler(handler);
    ROOT.setLevel(coarser(settings.level().ofJdk(), java.util.logging.Level.INFO));
    OURS.setLevel(settings.level().ofJdk());
  }

  /** The JDK's own would look through every jar for another logging library, to be taken away. */
  private static void withoutHandlers() {
    try {
      LogManager.getLogManager().readConfiguration(InputStream.nullInputStream());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static java.util.logging.Level coarser(
      java.util.logging.Level a, java.util.logging.Level b) {
    return a.intValue() > b.intValue() ? a : b;
  }
}
