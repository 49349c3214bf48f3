package io.keybearer.provider.text;

import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes JSON as Go's {@code encoding/json} does, because files and versions are compared byte for
 * byte: compact, keys in the order of their bytes, and {@code <}, {@code >}, {@code &} escaped.
 */
public final class GoJson {

  private static final char LINE_SEPARATOR = 0x2028;
  private static final char PARAGRAPH_SEPARATOR = 0x2029;
  private static final char REPLACEMENT = 0xFFFD;

  /** Code points sort as the bytes of their UTF-8 do; Java's characters do not. */
  private static final Comparator<String> BY_BYTES =
      (one, other) -> {
        int i = 0;
        while (i < one.length() && i < other.length()) {
          int mine = one.codePointAt(i);
          int theirs = other.codePointAt(i);
          if (mine != theirs) {
            return Integer.compare(mine, theirs);
          }
          i += Character.charCount(mine);
        }
        return Integer.compare(one.length(), other.length());
      };

  private final StringBuilder out = new StringBuilder();

  private GoJson() {}

  /** A value as Go writes it. */
  public static String of(JsonNode value) {
    GoJson json = new GoJson();
    json.write(value);
    return json.out.toString();
  }

  /**
   * A value as a text that stands alone: a string without its quotes, anything else as Go writes
   * it.
   */
  public static String alone(JsonNode value) {
    return value instanceof JsonNode.Text text ? text.text() : of(value);
  }

  /** A text as Go writes it, with its quotes. */
  public static String quoted(String text) {
    GoJson json = new GoJson();
    json.writeText(text);
    return json.out.toString();
  }

  /** An object's members, sorted as Go sorts them. */
  public static Map<String, JsonNode> sorted(Map<String, JsonNode> members) {
    Map<String, JsonNode> sorted = new TreeMap<>(BY_BYTES);
    sorted.putAll(members);
    return sorted;
  }

  private void write(JsonNode value) {
    if (value instanceof JsonNode.Members members) {
      writeMembers(members.byName());
    } else if (value instanceof JsonNode.Items items) {
      writeItems(items.inOrder());
    } else if (value instanceof JsonNode.Text text) {
      writeText(text.text());
    } else if (value instanceof JsonNode.Numeral numeral) {
      out.append(numeral.literal());
    } else if (value instanceof JsonNode.Truth truth) {
      out.append(truth.holds());
    } else {
      out.append("null");
    }
  }

  private void writeMembers(Map<String, JsonNode> members) {
    out.append('{');
    Iterator<Map.Entry<String, JsonNode>> left = sorted(members).entrySet().iterator();
    while (left.hasNext()) {
      Map.Entry<String, JsonNode> member = left.next();
      writeText(member.getKey());
      out.append(':');
      write(member.getValue());
      if (left.hasNext()) {
        out.append(',');
      }
    }
    out.append('}');
  }

  private void writeItems(List<JsonNode> items) {
    out.append('[');
    for (int i = 0; i < items.size(); i++) {
      if (i > 0) {
        out.append(',');
      }
      write(items.get(i));
    }
    out.append(']');
  }

  private void writeText(String text) {
    out.append('"');
    for (int i = 0; i < text.length(); ) {
      int character = text.codePointAt(i);
      i += Character.charCount(character);
      writeCharacter(character);
    }
    out.append('"');
  }

  private void writeCharacter(int character) {
    switch (character) {
      case '"', '\\' -> out.append('\\').append((char) character);
      case '\b' -> out.append("\\b");
      case '\f' -> out.append("\\f");
      case '\n' -> out.append("\\n");
      case '\r' -> out.append("\\r");
      case '\t' -> out.append("\\t");
      case '<', '>', '&', LINE_SEPARATOR, PARAGRAPH_SEPARATOR -> escape(character);
      default -> {
        if (character < ' ') {
          escape(character);
        } else if (character >= Character.MIN_SURROGATE && character <= Character.MAX_SURROGATE) {
          // Half of a pair is no character: Go replaces it.
          out.append(REPLACEMENT);
        } else {
          out.appendCodePoint(character);
        }
      }
    }
  }

  private void escape(int character) {
    String hex = Integer.toHexString(character);
    out.append("\\u").append("0".repeat(4 - hex.length())).append(hex);
  }
}
