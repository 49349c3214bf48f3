package io.keybearer.provider.vault.fake;

import io.keybearer.provider.fake.Json;
import io.keybearer.provider.text.JsonNode;
import java.util.List;

/** Takes JSON values apart as the server does, whatever they are written as. */
final class WeakJson {

  private WeakJson() {}

  /** A member as a text, whatever it is written as; empty where there is none. */
  static String text(JsonNode from, String name) {
    JsonNode node = from.members().getOrDefault(name, Json.NULL);
    if (node instanceof JsonNode.Numeral numeral) {
      return numeral.literal();
    }
    return node instanceof JsonNode.Truth truth ? String.valueOf(truth.holds()) : node.text();
  }

  /** Whether a member says true, as a boolean or in a word. */
  static boolean holds(JsonNode from, String name) {
    String text = text(from, name);
    return text.equals("true") || text.equals("1");
  }

  /** The same, with what holds where there is none. */
  static boolean holds(JsonNode from, String name, boolean otherwise) {
    return from.at(name).isPresent() ? holds(from, name) : otherwise;
  }

  /** A member as whole number, in whatever it is written; {@code otherwise} where there is none. */
  static long number(JsonNode from, String name, long otherwise) {
    String text = text(from, name);
    return text.isEmpty() ? otherwise : Long.parseLong(text);
  }

  /** A member as texts: a list, or one text with commas. */
  static List<String> texts(JsonNode from, String name) {
    JsonNode node = from.members().getOrDefault(name, Json.NULL);
    if (node instanceof JsonNode.Items items) {
      return items.inOrder().stream().map(JsonNode::text).toList();
    }
    String text = node.text();
    return text.isEmpty() ? List.of() : List.of(text.split("\\s*,\\s*"));
  }
}
