package io.keybearer.daemonset;

import io.keybearer.provider.Quoted;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.logging.Formatter;
import java.util.logging.LogRecord;
import java.util.regex.Pattern;

/** A line for people: time, level, message, then {@code key=value}. */
final class TextFormat extends Formatter {

  /** What breaks a line or hides in a terminal. */
  private static final Pattern NOT_OF_A_LINE = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]");

  /** What fields, lists and maps are written with. */
  private static final String SYNTAX = "\"\\=[]{}";

  @Override
  public String format(LogRecord line) {
    StringBuilder text = new StringBuilder(256);
    text.append(line.getInstant())
        .append(' ')
        .append(LogFields.level(line).toUpperCase(Locale.ROOT))
        .append(' ')
        .append(NOT_OF_A_LINE.matcher(String.valueOf(formatMessage(line))).replaceAll(" "));
    LogFields.of(line).values().forEach((key, value) -> append(text.append(' '), key, value));
    return text.append('\n').toString();
  }

  private static void append(StringBuilder text, String key, Object value) {
    text.append(key).append('=');
    if (value instanceof List<?> list) {
      text.append('[');
      for (int i = 0; i < list.size(); i++) {
        append(text.append(i == 0 ? "" : " "), list.get(i));
      }
      text.append(']');
    } else {
      append(text, value);
    }
  }

  private static void append(StringBuilder text, Object value) {
    if (value instanceof Map<?, ?> map) {
      text.append('{');
      String separator = "";
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        append(text.append(separator).append(entry.getKey()).append('='), entry.getValue());
        separator = " ";
      }
      text.append('}');
    } else {
      append(text, String.valueOf(value));
    }
  }

  /** As it is where it can be mistaken for nothing else. */
  private static void append(StringBuilder text, String value) {
    text.append(isPlain(value) ? value : Quoted.whole(value));
  }

  private static boolean isPlain(String value) {
    for (int i = 0; i < value.length(); i++) {
      char character = value.charAt(i);
      if (character <= ' ' || character >= 0x7f || SYNTAX.indexOf(character) >= 0) {
        return false;
      }
    }
    return !value.isEmpty();
  }
}
