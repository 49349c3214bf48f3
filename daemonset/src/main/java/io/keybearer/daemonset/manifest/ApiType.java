package io.keybearer.daemonset.manifest;

import io.keybearer.provider.text.YamlNode;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What kubectl and Helm send to the API server for a scalar. They read YAML with the words of
 * version 1.1, where {@code yes} and {@code y} are booleans.
 */
enum ApiType {
  TEXT("a text"),
  BOOLEAN("a boolean"),
  NUMBER("a number"),
  NULL("nothing");

  private static final Set<String> BOOLEANS =
      Set.of(
          "y", "Y", "yes", "Yes", "YES", "on", "On", "ON", "true", "True", "TRUE", "n", "N", "no",
          "No", "NO", "off", "Off", "OFF", "false", "False", "FALSE");

  private static final Pattern NUMBERS =
      Pattern.compile(
          "[-+]?(0[xX][0-9a-fA-F]+|0[oO]?[0-7]+|0[bB][01]+"
              + "|(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]+)?"
              + "|\\.(inf|Inf|INF))|\\.(nan|NaN|NAN)");

  private final String words;

  ApiType(String words) {
    this.words = words;
  }

  /**
   * The type of a scalar.
   *
   * @param tag what stands before it to say its type, empty if nothing does
   */
  static ApiType of(YamlNode.Scalar scalar, String tag) {
    return switch (tag) {
      case "!", "!!str" -> TEXT;
      case "!!bool" -> BOOLEAN;
      case "!!int", "!!float" -> NUMBER;
      case "!!null" -> NULL;
      default -> scalar.plain() ? ofPlain(scalar) : TEXT;
    };
  }

  private static ApiType ofPlain(YamlNode.Scalar scalar) {
    String text = scalar.text();
    if (scalar.isNull()) {
      return NULL;
    }
    if (BOOLEANS.contains(text)) {
      return BOOLEAN;
    }
    String digits = text.startsWith(".") ? text : text.replace("_", "");
    return NUMBERS.matcher(digits).matches() ? NUMBER : TEXT;
  }

  @Override
  public String toString() {
    return words;
  }
}
