package io.keybearer.provider.fake;

import io.keybearer.provider.MountFailure;
import io.keybearer.provider.text.JsonNode;
import io.keybearer.provider.text.JsonTree;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Makes JSON values of what Java has, and reads and writes them. */
public final class Json {

  /** Null. */
  public static final JsonNode NULL = new JsonNode.Nothing();

  /** No members. */
  public static final JsonNode.Members EMPTY = new JsonNode.Members(Map.of());

  private static final Pattern ESCAPED = Pattern.compile("[\"\\\\\\x00-\\x1f]");

  private Json() {}

  /** An object with its members in this order: names and values take turns. */
  public static JsonNode.Members object(Object... namesAndValues) {
    Map<String, JsonNode> members = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      members.put(String.valueOf(namesAndValues[i]), of(namesAndValues[i + 1]));
    }
    return new JsonNode.Members(members);
  }

  /**
   * The value of a string, number, boolean, list, map, or of what is JSON already; an empty {@code
   * Optional} is null.
   */
  public static JsonNode of(Object value) {
    if (value instanceof JsonNode node) {
      return node;
    }
    if (value instanceof Optional<?> maybe) {
      return maybe.isPresent() ? of(maybe.orElseThrow()) : NULL;
    }
    if (value instanceof Map<?, ?> map) {
      Map<String, JsonNode> members = new LinkedHashMap<>();
      map.forEach((name, member) -> members.put(String.valueOf(name), of(member)));
      return new JsonNode.Members(members);
    }
    if (value instanceof Iterable<?> items) {
      List<JsonNode> all = new ArrayList<>();
      items.forEach(item -> all.add(of(item)));
      return new JsonNode.Items(all);
    }
    if (value instanceof Boolean truth) {
      return new JsonNode.Truth(truth);
    }
    return value instanceof Number number
        ? new JsonNode.Numeral(number.toString())
        : new JsonNode.Text(String.valueOf(value));
  }

  /** The members of {@code first}, and over them those of {@code second}. */
  public static JsonNode.Members merged(JsonNode first, JsonNode second) {
    Map<String, JsonNode> all = new LinkedHashMap<>(first.members());
    all.putAll(second.members());
    return new JsonNode.Members(all);
  }

  /** The value of a text; nothing where it is no JSON. */
  public static Optional<JsonNode> read(String text) {
    try {
      return Optional.of(JsonTree.read("a body", text));
    } catch (MountFailure e) {
      return Optional.empty();
    }
  }

  /** The strings of a list; none where there is no list. */
  public static List<String> texts(JsonNode from, String name) {
    return from.items(name).stream().map(JsonNode::text).toList();
  }

  /** A member as a whole number; {@code otherwise} where there is none. */
  public static long number(JsonNode from, String name, long otherwise) {
    String text = from.numeral(name).orElse(from.text(name));
    return text.isEmpty() ? otherwise : Long.parseLong(text);
  }

  /** The text of a value: one line, members in the order that they have. */
  public static String write(JsonNode node) {
    StringBuilder out = new StringBuilder();
    write(node, out);
    return out.toString();
  }

  private static void write(JsonNode node, StringBuilder out) {
    if (node instanceof JsonNode.Members members) {
      String comma = "{";
      for (Map.Entry<String, JsonNode> member : members.byName().entrySet()) {
        out.append(comma).append(quoted(member.getKey())).append(':');
        write(member.getValue(), out);
        comma = ",";
      }
      out.append(members.byName().isEmpty() ? "{}" : "}");
    } else if (node instanceof JsonNode.Items items) {
      String comma = "[";
      for (JsonNode item : items.inOrder()) {
        out.append(comma);
        write(item, out);
        comma = ",";
      }
      out.append(items.inOrder().isEmpty() ? "[]" : "]");
    } else if (node instanceof JsonNode.Text text) {
      out.append(quoted(text.text()));
    } else if (node instanceof JsonNode.Numeral numeral) {
      out.append(numeral.literal());
    } else if (node instanceof JsonNode.Truth truth) {
      out.append(truth.holds());
    } else {
      out.append("null");
    }
  }

  private static String quoted(String text) {
    return '"'
        + ESCAPED
            .matcher(text)
            .replaceAll(match -> Matcher.quoteReplacement(escaped(match.group().charAt(0))))
        + '"';
  }

  private static String escaped(char c) {
    return c == '"' || c == '\\' ? "\\" + c : String.format(Locale.ROOT, "\\u%04x", (int) c);
  }
}
