package io.keybearer.e2e.driver;

import io.grpc.Status;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotLinkException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Texts as the driver's language prints them: users meet them in events, and tests compare them.
 */
final class GoText {
  private static final Comparator<String> BY_BYTES =
      (left, right) ->
          Arrays.compareUnsigned(
              left.getBytes(StandardCharsets.UTF_8), right.getBytes(StandardCharsets.UTF_8));

  private GoText() {}

  /** An order of strings by their UTF-8 bytes; by UTF-16 units it differs beyond U+FFFF. */
  static Comparator<String> byBytes() {
    return BY_BYTES;
  }

  /**
   * A map of strings as JSON: sorted keys, and what HTML would read escaped; an empty map is {@code
   * {}}.
   */
  static String json(Map<String, String> map) {
    StringBuilder out = new StringBuilder("{");
    Map<String, String> sorted = new TreeMap<>(BY_BYTES);
    sorted.putAll(map);
    sorted.forEach(
        (key, value) -> {
          out.append(out.length() > 1 ? "," : "");
          appendJson(out, key);
          out.append(':');
          appendJson(out, value);
        });
    return out.append('}').toString();
  }

  /** One string as JSON, with its quotes. */
  static String json(String text) {
    StringBuilder out = new StringBuilder();
    appendJson(out, text);
    return out.toString();
  }

  private static void appendJson(StringBuilder out, String text) {
    out.append('"');
    text.codePoints().forEach(codePoint -> appendJson(out, codePoint));
    out.append('"');
  }

  private static void appendJson(StringBuilder out, int codePoint) {
    switch (codePoint) {
      case '"' -> out.append("\\\"");
      case '\\' -> out.append("\\\\");
      case '\b' -> out.append("\\b");
      case '\f' -> out.append("\\f");
      case '\n' -> out.append("\\n");
      case '\r' -> out.append("\\r");
      case '\t' -> out.append("\\t");
      case '<', '>', '&', 0x2028, 0x2029 -> appendEscape(out, codePoint);
      default -> {
        if (codePoint < 0x20) {
          appendEscape(out, codePoint);
        } else if (isSurrogate(codePoint)) {
          // A Java string may hold half a pair; Go would meet bytes that are no UTF-8.
          out.append("\\ufffd");
        } else {
          out.appendCodePoint(codePoint);
        }
      }
    }
  }

  private static void appendEscape(StringBuilder out, int codePoint) {
    out.append(String.format(Locale.ROOT, "\\u%04x", codePoint));
  }

  private static boolean isSurrogate(int codePoint) {
    return codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
  }

  /** A string in quotes, as the format verb {@code %q} writes it. */
  static String quote(String text) {
    StringBuilder out = new StringBuilder("\"");
    text.codePoints()
        .forEach(
            codePoint -> {
              switch (codePoint) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case 0x07 -> out.append("\\a");
                case 0x0b -> out.append("\\v");
                case '\b' -> out.append("\\b");
                case '\f' -> out.append("\\f");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                  if (codePoint < 0x20 || codePoint == 0x7f) {
                    out.append(String.format(Locale.ROOT, "\\x%02x", codePoint));
                  } else {
                    out.appendCodePoint(codePoint);
                  }
                }
              }
            });
    return out.append('"').toString();
  }

  /** A status code's name: {@code DeadlineExceeded}. */
  static String name(Status.Code code) {
    if (code == Status.Code.OK) {
      return "OK";
    }
    if (code == Status.Code.CANCELLED) {
      return "Canceled";
    }
    StringBuilder out = new StringBuilder();
    for (String word : code.name().split("_", -1)) {
      out.append(word.charAt(0)).append(word.substring(1).toLowerCase(Locale.ROOT));
    }
    return out.toString();
  }

  /** A status as an error's text. */
  static String error(Status.Code code, String description) {
    return "rpc error: code = " + name(code) + " desc = " + description;
  }

  /** The reason of a failed file operation, in the words of {@code strerror} in lower case. */
  static String reason(IOException failure) {
    if (failure instanceof NoSuchFileException) {
      return "no such file or directory";
    }
    if (failure instanceof AccessDeniedException) {
      return "permission denied";
    }
    if (failure instanceof FileAlreadyExistsException) {
      return "file exists";
    }
    if (failure instanceof NotLinkException) {
      return "invalid argument";
    }
    if (failure instanceof DirectoryNotEmptyException) {
      return "directory not empty";
    }
    String text =
        failure instanceof FileSystemException named ? named.getReason() : failure.getMessage();
    return text == null ? "input/output error" : text.toLowerCase(Locale.ROOT);
  }
}
