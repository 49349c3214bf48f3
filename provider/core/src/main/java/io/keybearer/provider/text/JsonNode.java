package io.keybearer.provider.text;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A JSON value (RFC 8259) as it was written: members in their order, numbers as their characters.
 * None of them prints what it holds, because documents hold secrets.
 */
public sealed interface JsonNode {

  /** An object. */
  record Members(Map<String, JsonNode> byName) implements JsonNode {

    @Override
    public String toString() {
      return "JsonNode.Members[" + byName.size() + "]";
    }
  }

  /** An array. */
  record Items(List<JsonNode> inOrder) implements JsonNode {

    @Override
    public String toString() {
      return "JsonNode.Items[" + inOrder.size() + "]";
    }
  }

  /** A string. */
  record Text(String text) implements JsonNode {

    @Override
    public String toString() {
      return "JsonNode.Text[redacted]";
    }
  }

  /**
   * A number.
   *
   * @param literal its characters: 1, 1.0 and 1e0 are three
   */
  record Numeral(String literal) implements JsonNode {

    @Override
    public String toString() {
      return "JsonNode.Numeral[redacted]";
    }
  }

  /** True or false. */
  record Truth(boolean holds) implements JsonNode {

    @Override
    public String toString() {
      return "JsonNode.Truth[redacted]";
    }
  }

  /** Null. */
  record Nothing() implements JsonNode {

    @Override
    public String toString() {
      return "JsonNode.Nothing[]";
    }
  }

  /** What stands where these names lead, from member to member; nothing where one is missing. */
  default Optional<JsonNode> at(String... names) {
    JsonNode node = this;
    for (String name : names) {
      JsonNode next = node instanceof Members members ? members.byName().get(name) : null;
      if (next == null) {
        return Optional.empty();
      }
      node = next;
    }
    return Optional.of(node);
  }

  /** The string where these names lead; empty where there is none. */
  default String text(String... names) {
    return at(names)
        .filter(Text.class::isInstance)
        .map(Text.class::cast)
        .map(Text::text)
        .orElse("");
  }

  /** The characters of the number where these names lead; nothing where there is none. */
  default Optional<String> numeral(String... names) {
    return at(names)
        .filter(Numeral.class::isInstance)
        .map(Numeral.class::cast)
        .map(Numeral::literal);
  }

  /** Whether these names lead to true. */
  default boolean isTrue(String... names) {
    return at(names).filter(new Truth(true)::equals).isPresent();
  }

  /** The members of the object where these names lead; none where there is no object. */
  default Map<String, JsonNode> members(String... names) {
    return at(names)
        .filter(Members.class::isInstance)
        .map(Members.class::cast)
        .map(Members::byName)
        .orElse(Map.of());
  }

  /** Those of them that are strings, in their order. */
  default Map<String, String> texts(String... names) {
    Map<String, String> texts = new LinkedHashMap<>();
    members(names)
        .forEach(
            (name, value) -> {
              if (value instanceof Text text) {
                texts.put(name, text.text());
              }
            });
    return texts;
  }

  /** The items of the array where these names lead; none where there is no array. */
  default List<JsonNode> items(String... names) {
    return at(names)
        .filter(Items.class::isInstance)
        .map(Items.class::cast)
        .map(Items::inOrder)
        .orElse(List.of());
  }
}
