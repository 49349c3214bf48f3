package io.keybearer.daemonset;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TextFormatTest {

  private static final String START = "2026-05-01T10:00:00.123Z ";

  private static String format(LogRecord line) {
    line.setInstant(Instant.parse("2026-05-01T10:00:00.123Z"));
    return new TextFormat().format(line);
  }

  private static String format(String key, Object value) {
    return format(new LogFields(Map.of(key, value)).record(Level.INFO, "mount"));
  }

  @Test
  void writesTimeLevelMessageAndFields() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("name", "web-0");
    fields.put("count", 3);
    fields.put("words", List.of("a", "b c"));
    fields.put("objects", List.of(Map.of("name", "db"), Map.of("name", "x y")));
    fields.put("none", List.of());

    assertThat(format(new LogFields(fields).record(Level.WARNING, "mount")))
        .isEqualTo(
            START
                + "WARN mount name=web-0 count=3 words=[a \"b c\"]"
                + " objects=[{name=db} {name=\"x y\"}] none=[]\n");
  }

  @Test
  void separatesTheEntriesOfAMap() {
    Map<String, Object> entries = new LinkedHashMap<>();
    entries.put("name", "db");
    entries.put("tookMs", 4L);

    assertThat(format("object", entries))
        .isEqualTo(START + "INFO mount object={name=db tookMs=4}\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "plain-1.2/3:4_5   | plain-1.2/3:4_5",
        "``                | \"\"",
        "a b               | \"a b\"",
        "a=b               | \"a=b\"",
        "say \"x\"         | \"say \\\"x\\\"\"",
        "back\\slash       | \"back\\\\slash\"",
        "ä                 | \"ä\"",
        "a]                | \"a]\"",
        "{a                | \"{a\"",
      })
  void quotesWhatCouldBeMistaken(String value, String written) {
    assertThat(format("key", value)).isEqualTo(START + "INFO mount key=" + written + "\n");
  }

  @ParameterizedTest
  @CsvSource({"10, a", "13, d", "9, 9", "0, 0", "27, 1b", "133, 85", "8232, 2028", "8238, 202e"})
  void escapesWhatBreaksALineOrHidesInATerminal(int character, String hexadecimal) {
    assertThat(format("key", "a" + Character.toString(character) + "b"))
        .isEqualTo(START + "INFO mount key=\"a\\u{" + hexadecimal + "}b\"\n");
  }

  @ParameterizedTest
  @CsvSource({"10", "13", "27", "133", "155", "8232", "8233"})
  void keepsAMessageOnOneLine(int character) {
    LogRecord line = new LogRecord(Level.INFO, "one" + Character.toString(character) + "two");
    line.setLoggerName("library");

    assertThat(format(line)).isEqualTo(START + "INFO one two logger=library\n");
  }

  @Test
  void fillsTheParametersOfALibrarysMessage() {
    LogRecord line = new LogRecord(Level.INFO, "took {0} of {1}");
    line.setLoggerName("library");
    line.setParameters(new Object[] {"a\nb", 2});

    assertThat(format(line)).isEqualTo(START + "INFO took a b of 2 logger=library\n");
  }

  /** A library that logs an exception's message may log none. */
  @Test
  void writesLineWithoutMessage() {
    LogRecord line = new LogRecord(Level.INFO, null);
    line.setLoggerName("library");

    assertThat(format(line)).isEqualTo(START + "INFO null logger=library\n");
  }

  @Test
  void writesNoMessageOfAnException() {
    IllegalStateException thrown = new IllegalStateException("s3cret");
    thrown.setStackTrace(new StackTraceElement[] {new StackTraceElement("a.B", "c", "B.java", 12)});
    LogRecord line = new LogRecord(Level.SEVERE, "failed");
    line.setLoggerName("library");
    line.setThrown(thrown);

    assertThat(format(line))
        .isEqualTo(
            START
                + "ERROR failed logger=library exception=java.lang.IllegalStateException"
                + " at=[a.B.c(B.java:12)]\n");
  }

  @Property
  void writesOneLineWhateverTheValues(@ForAll String value, @ForAll String message) {
    LogFields fields = new LogFields(Collections.singletonMap("key", List.of(value)));

    String text = format(fields.record(Level.INFO, message));

    assertThat(text).endsWith("]\n");
    assertThat(text.substring(0, text.length() - 1).chars())
        .noneMatch(c -> Character.isISOControl(c) || c == 0x2028 || c == 0x2029);
  }
}
