package io.keybearer.daemonset;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LogsTest {

  private static final Logger LIBRARY = Logger.getLogger("io.grpc.okhttp");
  private static final Level[] LEVELS = {
    Level.SEVERE, Level.WARNING, Level.INFO, Level.FINE, Level.FINEST
  };

  private static String words(Logs.Level level, Logger logger) {
    try (CapturedLog log = CapturedLog.of(Logs.Format.TEXT, level)) {
      for (Level each : LEVELS) {
        logger.log(each, "a line");
      }
      return String.join(" ", log.text().lines().map(line -> line.split(" ", -1)[1]).toList());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "ERROR, ERROR",
    "WARN, ERROR WARN",
    "INFO, ERROR WARN INFO",
    "DEBUG, ERROR WARN INFO DEBUG",
    "TRACE, ERROR WARN INFO DEBUG TRACE",
  })
  void writesOurLinesFromTheLevelOn(Logs.Level level, String written) {
    assertThat(words(level, Logs.logger())).isEqualTo(written);
  }

  @ParameterizedTest
  @CsvSource({
    "ERROR, ERROR",
    "WARN, ERROR WARN",
    "INFO, ERROR WARN INFO",
    "DEBUG, ERROR WARN INFO",
    "TRACE, ERROR WARN INFO",
  })
  void writesNothingOfALibraryBelowInfo(Logs.Level level, String written) {
    assertThat(words(level, LIBRARY)).isEqualTo(written);
  }

  @Test
  void writesLinesOfTheFormatAskedFor() {
    try (CapturedLog log = CapturedLog.of(Logs.Format.JSON, Logs.Level.INFO)) {
      Logs.logger().log(Level.INFO, "a line");

      assertThat(log.text())
          .matches(
              "\\{\"time\":\"[^\"]+\",\"level\":\"info\",\"message\":\"a line\","
                  + "\"logger\":\"io.keybearer\"}\n");
    }
  }

  @Test
  void writesEachLineAtOnceAndOnlyOnce() {
    try (CapturedLog first = CapturedLog.of(Logs.Format.TEXT, Logs.Level.INFO);
        CapturedLog second = CapturedLog.of(Logs.Format.TEXT, Logs.Level.INFO)) {
      Logs.logger().log(Level.INFO, "a line");

      assertThat(first.text()).isEmpty();
      assertThat(second.text().lines()).hasSize(1);
    }
  }
}
