package io.keybearer.provider.vault.fake;

import io.keybearer.provider.MountFailure;
import io.keybearer.provider.text.JsonNode;
import io.keybearer.provider.text.JsonTree;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Makes JSON values of what Java has, and takes them apart as Go does. */
public final class Json {

  /** Null. */
  public static final JsonNode NULL = new JsonNode.Nothing();

  /** No members. */
  public static final JsonNode.Members EMPTY = new JsonNode.Members(Map.of());

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

  /** The same value with the members of every object sorted, as Go writes its maps. */
  public static JsonNode sorted(JsonNode node) {
    if (node instanceof JsonNode.Members members) {
      Map<String, JsonNode> inOrder = new TreeMap<>(GoJson.BYTES);
      members.byName().forEach((name, value) -> inOrder.put(name, sorted(value)));
      return new JsonNode.Members(new LinkedHashMap<>(inOrder));
    }
    return node instanceof JsonNode.Items items
        ? new JsonNode.Items(items.inOrder().stream().map(Json::sorted).toList())
        : node;
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

  /** The value of UTF-8 bytes; nothing where they are no JSON. */
  public static Optional<JsonNode> read(byte[] bytes) {
    return read(new String(bytes, StandardCharsets.UTF_8));
  }

  /** A member as a text, whatever it is written as; empty where there is none. */
  public static String text(JsonNode from, String name) {
    JsonNode node = from.members().getOrDefault(name, NULL);
    if (node instanceof JsonNode.Numeral numeral) {
      return numeral.literal();
    }
    return node instanceof JsonNode.Truth truth ? String.valueOf(truth.holds()) : node.text();
  }

  /** Whether a member says true, as a boolean or in a word. */
  public static boolean holds(JsonNode from, String name) {
    String text = text(from, name);
    return text.equals("true") || text.equals("1");
  }

  /** The same, with what holds where there is none. */
  public static boolean holds(JsonNode from, String name, boolean otherwise) {
    return from.at(name).isPresent() ? holds(from, name) : otherwise;
  }

  /** A member as whole number, in whatever it is written; {@code otherwise} where there is none. */
  public static long number(JsonNode from, String name, long otherwise) {
    String text = text(from, name);
    return text.isEmpty() ? otherwise : Long.parseLong(text);
  }

  /** A member as texts: a list, or one text with commas. */
  public static List<String> texts(JsonNode from, String name) {
    JsonNode node = from.members().getOrDefault(name, NULL);
    if (node instanceof JsonNode.Items items) {
      return items.inOrder().stream().map(JsonNode::text).toList();
    }
    String text = node.text();
    return text.isEmpty() ? List.of() : List.of(text.split("\\s*,\\s*"));
  }
}
