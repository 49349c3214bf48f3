package io.keybearer.daemonset;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.LogRecord;

/**
 * A log line as data: what both formats print.
 *
 * @param values texts, numbers, and lists or maps of these
 */
record LogFields(Map<String, Object> values) {

  /** Keeps the order. */
  LogFields {
    values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
  }

  /** A record that a logger takes. */
  LogRecord record(Level level, String message) {
    LogRecord line = new LogRecord(level, message);
    line.setLoggerName(Logs.logger().getName());
    line.setParameters(new Object[] {this});
    return line;
  }

  /** The fields of a line; those of a library's line say what is safe to say of an exception. */
  static LogFields of(LogRecord line) {
    Object[] parameters = line.getParameters();
    if (parameters != null && parameters.length == 1 && parameters[0] instanceof LogFields ours) {
      return ours;
    }
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("logger", String.valueOf(line.getLoggerName()));
    if (line.getThrown() != null) {
      values.put("exception", line.getThrown().getClass().getName());
      values.put("at", frames(line.getThrown()));
    }
    return new LogFields(values);
  }

  /** Where it was thrown. Never its message: it may quote what was being read. */
  static List<Object> frames(Throwable thrown) {
    List<Object> frames = new ArrayList<>();
    for (StackTraceElement frame : thrown.getStackTrace()) {
      if (frames.size() == 12) {
        break;
      }
      frames.add(frame.toString());
    }
    return frames;
  }

  /** The level in the words of {@link Logs.Level}. */
  static String level(LogRecord line) {
    int value = line.getLevel().intValue();
    if (value >= Level.SEVERE.intValue()) {
      return "error";
    } else if (value >= Level.WARNING.intValue()) {
      return "warn";
    } else if (value >= Level.INFO.intValue()) {
      return "info";
    }
    return value >= Level.FINE.intValue() ? "debug" : "trace";
  }
}
