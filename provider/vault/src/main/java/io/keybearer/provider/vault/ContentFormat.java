package io.keybearer.provider.vault;

import io.keybearer.provider.Quoted;
import io.keybearer.provider.text.GoJson;
import io.keybearer.provider.text.JsonNode;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/** How a file is written: the field {@code format} of an object. */
enum ContentFormat {
  /** As the official providers write it. */
  RAW,
  /** The response's data, as JSON. */
  DATA,
  /** The value, or the keys and values of the secret, as JSON. */
  JSON,
  /** Lines of {@code KEY=value}, quoted as a shell reads them. */
  ENV,
  /** A file of {@code java.util.Properties}. */
  PROPERTIES,
  /** Private key, certificate and its issuers, in the order in which servers want them. */
  PEM;

  private static final Pattern ENV_NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
  private static final Pattern PLAIN = Pattern.compile("[-A-Za-z0-9_./:@%+,=]+");

  /**
   * The format of a name; that of no name is the official one.
   *
   * @throws ContentException if it is none
   */
  static ContentFormat parse(String name) throws ContentException {
    return switch (name) {
      case "", "raw" -> RAW;
      case "data" -> DATA;
      case "json" -> JSON;
      case "env" -> ENV;
      case "properties" -> PROPERTIES;
      case "pem" -> PEM;
      default ->
          throw new ContentException(
              "format " + Quoted.of(name) + " is none",
              "write raw, data, json, env, properties or pem");
    };
  }

  /**
   * The lines of an object's members.
   *
   * @throws ContentException for what is no object, or has a key or a value that such a file can't
   *     hold; neither is told
   */
  String lines(JsonNode value) throws ContentException {
    if (!(value instanceof JsonNode.Members members)) {
      throw new ContentException(
          "format " + (this == ENV ? "env" : "properties") + " needs keys and values",
          "name a secret or a value that is an object");
    }
    StringBuilder lines = new StringBuilder();
    for (Map.Entry<String, JsonNode> each : GoJson.sorted(members.byName()).entrySet()) {
      String text = GoJson.alone(each.getValue());
      lines.append(this == ENV ? environment(each.getKey(), text) : property(each.getKey(), text));
    }
    return lines.toString();
  }

  private static String environment(String key, String value) throws ContentException {
    if (!ENV_NAME.matcher(key).matches()) {
      throw new ContentException(
          "a key is no name of an environment variable",
          "use letters, digits and underscores in keys, or format properties");
    }
    if (value.indexOf('\0') >= 0) {
      throw new ContentException(
          "a value holds a NUL character, which no environment variable can", "use format json");
    }
    String quoted =
        PLAIN.matcher(value).matches() ? value : "'" + value.replace("'", "'\\''") + "'";
    return key + "=" + quoted + "\n";
  }

  private static String property(String key, String value) {
    return escaped(key, true) + "=" + escaped(value, false) + "\n";
  }

  /** As {@code java.util.Properties} reads it back. */
  private static String escaped(String text, boolean key) {
    StringBuilder escaped = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '\\', '=', ':', '#', '!' -> escaped.append('\\').append(c);
        case '\n' -> escaped.append("\\n");
        case '\r' -> escaped.append("\\r");
        case '\t' -> escaped.append("\\t");
        case '\f' -> escaped.append("\\f");
        case ' ' -> escaped.append(key || i == 0 ? "\\ " : " ");
        default -> {
          if (c < ' ' || c > '~') {
            escaped.append(String.format(Locale.ROOT, "\\u%04X", (int) c));
          } else {
            escaped.append(c);
          }
        }
      }
    }
    return escaped.toString();
  }
}
