package io.keybearer.daemonset;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LogFieldsTest {

  @ParameterizedTest
  @CsvSource({
    "SEVERE, error",
    "WARNING, warn",
    "INFO, info",
    "CONFIG, debug",
    "FINE, debug",
    "FINER, trace",
    "FINEST, trace",
  })
  void tellsLevelInOurWords(String jdk, String ours) {
    assertThat(LogFields.level(new LogRecord(Level.parse(jdk), ""))).isEqualTo(ours);
  }

  @Test
  void givesBackTheFieldsOfOurLine() {
    LogFields fields = new LogFields(Map.of("key", 1));

    assertThat(LogFields.of(fields.record(Level.INFO, "message"))).isSameAs(fields);
  }

  @Test
  void keepsTheOrderAndIsNotChangedAfterwards() {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("z", 1);
    values.put("a", 2);
    LogFields fields = new LogFields(values);
    values.put("m", 3);

    assertThat(fields.values().keySet()).containsExactly("z", "a");
  }

  @Test
  void tellsOfALibrarysExceptionItsClassAndWhereItWasThrown() {
    IllegalStateException thrown = new IllegalStateException("s3cret", new Exception("s3cret"));
    thrown.setStackTrace(new StackTraceElement[] {new StackTraceElement("a.B", "c", "B.java", 12)});
    LogRecord line = new LogRecord(Level.WARNING, "failed");
    line.setLoggerName("a.library");
    line.setThrown(thrown);

    assertThat(LogFields.of(line).values())
        .isEqualTo(
            Map.of(
                "logger",
                "a.library",
                "exception",
                "java.lang.IllegalStateException",
                "at",
                List.of("a.B.c(B.java:12)")));
  }

  @Test
  void tellsTheFirstTwelveFramesOfADeepTrace() {
    StackOverflowError thrown = new StackOverflowError();
    StackTraceElement[] trace = new StackTraceElement[1024];
    for (int i = 0; i < trace.length; i++) {
      trace[i] = new StackTraceElement("a.B", "c", "B.java", i);
    }
    thrown.setStackTrace(trace);

    assertThat(LogFields.frames(thrown))
        .hasSize(12)
        .startsWith("a.B.c(B.java:0)")
        .endsWith("a.B.c(B.java:11)");
  }
}
