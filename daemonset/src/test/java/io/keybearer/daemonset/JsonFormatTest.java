package io.keybearer.daemonset;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class JsonFormatTest {

  private static final String START = "{\"time\":\"2026-05-01T10:00:00.123Z\",";

  private static String format(LogRecord line) {
    line.setInstant(Instant.parse("2026-05-01T10:00:00.123Z"));
    return new JsonFormat().format(line);
  }

  @Test
  void writesOneObject() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("name", "web-0");
    fields.put("count", 3);
    fields.put("large", 1L << 40);
    fields.put("words", List.of("a", "b\nc"));
    fields.put("objects", List.of(Map.of("name", "ä\"")));
    fields.put("none", List.of());

    assertThat(format(new LogFields(fields).record(Level.WARNING, "mount")))
        .isEqualTo(
            START
                + "\"level\":\"warn\",\"message\":\"mount\",\"name\":\"web-0\",\"count\":3,"
                + "\"large\":1099511627776,\"words\":[\"a\",\"b\\nc\"],"
                + "\"objects\":[{\"name\":\"\\u00E4\\\"\"}],\"none\":[]}\n");
  }

  @Test
  void writesNoMessageOfAnException() {
    IllegalStateException thrown = new IllegalStateException("s3cret");
    thrown.setStackTrace(new StackTraceElement[] {new StackTraceElement("a.B", "c", "B.java", 12)});
    LogRecord line = new LogRecord(Level.SEVERE, "failed {0}");
    line.setLoggerName("library");
    line.setParameters(new Object[] {"a\nb"});
    line.setThrown(thrown);

    assertThat(format(line))
        .isEqualTo(
            START
                + "\"level\":\"error\",\"message\":\"failed a\\nb\",\"logger\":\"library\","
                + "\"exception\":\"java.lang.IllegalStateException\","
                + "\"at\":[\"a.B.c(B.java:12)\"]}\n");
  }

  @Test
  void writesLineWithoutMessage() {
    LogRecord line = new LogRecord(Level.INFO, null);
    line.setLoggerName("library");

    assertThat(format(line))
        .isEqualTo(START + "\"level\":\"info\",\"message\":null,\"logger\":\"library\"}\n");
  }

  @Property
  void writesOneObjectOnOneLineWhateverTheValues(@ForAll String value, @ForAll String message)
      throws IOException {
    LogFields fields = new LogFields(Map.of("key", List.of(Map.of("name", value))));

    String text = format(fields.record(Level.INFO, message));

    assertThat(text).matches("[ -\\x7f]+\n");
    assertThat(JsonText.strings(text, "name")).containsExactly(value);
    assertThat(JsonText.strings(text, "message")).containsExactly(message);
  }
}
