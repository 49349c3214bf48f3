package io.keybearer.provider.vault.fake;

import io.keybearer.provider.text.JsonNode;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Writes JSON byte for byte as Go's {@code encoding/json} does. */
final class GoJson {

  /** The order of UTF-8 bytes, which is that of code points. */
  static final Comparator<String> BYTES =
      (one, other) -> {
        int[] first = one.codePoints().toArray();
        int[] second = other.codePoints().toArray();
        return Arrays.compare(first, second);
      };

  private static final double LARGE = 1e21;
  private static final double SMALL = 1e-6;

  private GoJson() {}

  /** One line without a line end; members in the order that they have. */
  static String text(JsonNode node) {
    StringBuilder text = new StringBuilder();
    write(text, node);
    return text.toString();
  }

  private static void write(StringBuilder text, JsonNode node) {
    if (node instanceof JsonNode.Members members) {
      writeMembers(text, members);
    } else if (node instanceof JsonNode.Items items) {
      text.append('[');
      String separator = "";
      for (JsonNode item : items.inOrder()) {
        text.append(separator);
        write(text, item);
        separator = ",";
      }
      text.append(']');
    } else if (node instanceof JsonNode.Text string) {
      writeString(text, string.text());
    } else if (node instanceof JsonNode.Numeral numeral) {
      text.append(numeral.literal());
    } else if (node instanceof JsonNode.Truth truth) {
      text.append(truth.holds());
    } else {
      text.append("null");
    }
  }

  private static void writeMembers(StringBuilder text, JsonNode.Members members) {
    text.append('{');
    String separator = "";
    for (Map.Entry<String, JsonNode> member : members.byName().entrySet()) {
      text.append(separator);
      writeString(text, member.getKey());
      text.append(':');
      write(text, member.getValue());
      separator = ",";
    }
    text.append('}');
  }

  private static void writeString(StringBuilder text, String string) {
    text.append('"');
    string.codePoints().forEach(point -> writePoint(text, point));
    text.append('"');
  }

  private static void writePoint(StringBuilder text, int point) {
    switch (point) {
      case '"' -> text.append("\\\"");
      case '\\' -> text.append("\\\\");
      case '\b' -> text.append("\\b");
      case '\f' -> text.append("\\f");
      case '\n' -> text.append("\\n");
      case '\r' -> text.append("\\r");
      case '\t' -> text.append("\\t");
      case '<', '>', '&', 0x2028, 0x2029 ->
          text.append(String.format(Locale.ROOT, "\\u%04x", point));
      default -> {
        if (point < ' ') {
          text.append(String.format(Locale.ROOT, "\\u%04x", point));
        } else if (point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE) {
          text.append('\ufffd');
        } else {
          text.appendCodePoint(point);
        }
      }
    }
  }

  /** The same value with the members of every object sorted, as Go writes its maps. */
  static JsonNode sorted(JsonNode node) {
    if (node instanceof JsonNode.Members members) {
      Map<String, JsonNode> inOrder = new TreeMap<>(BYTES);
      members.byName().forEach((name, value) -> inOrder.put(name, sorted(value)));
      return new JsonNode.Members(new LinkedHashMap<>(inOrder));
    }
    return node instanceof JsonNode.Items items
        ? new JsonNode.Items(items.inOrder().stream().map(GoJson::sorted).toList())
        : node;
  }

  /** The same value with its numbers as Go's {@code float64} keeps and writes them. */
  static JsonNode rounded(JsonNode node) {
    if (node instanceof JsonNode.Members members) {
      Map<String, JsonNode> rounded = new LinkedHashMap<>();
      members.byName().forEach((name, value) -> rounded.put(name, rounded(value)));
      return new JsonNode.Members(rounded);
    }
    if (node instanceof JsonNode.Items items) {
      return new JsonNode.Items(items.inOrder().stream().map(GoJson::rounded).toList());
    }
    return node instanceof JsonNode.Numeral numeral
        ? new JsonNode.Numeral(rounded(Double.parseDouble(numeral.literal())))
        : node;
  }

  private static String rounded(double number) {
    double size = Math.abs(number);
    BigDecimal decimal = new BigDecimal(Double.toString(number)).stripTrailingZeros();
    if (size == 0 || (size >= SMALL && size < LARGE)) {
      return decimal.toPlainString();
    }
    String digits = decimal.unscaledValue().abs().toString();
    int exponent = digits.length() - 1 - decimal.scale();
    String fraction = digits.length() > 1 ? "." + digits.substring(1) : "";
    String sign = exponent < 0 ? "-" : "+";
    // Go writes at least two digits, and takes the zero of a small negative one away again.
    String power = String.format(Locale.ROOT, exponent < 0 ? "%d" : "%02d", Math.abs(exponent));
    return (number < 0 ? "-" : "") + digits.charAt(0) + fraction + "e" + sign + power;
  }
}
