package io.keybearer.provider.text;

import io.keybearer.provider.MountFailure;
import io.keybearer.provider.Place;
import io.keybearer.provider.Quoted;
import java.util.List;
import java.util.Map;

/** A YAML document as its author wrote it: scalars stay text. */
public sealed interface YamlNode {

  /** Where it stands. */
  Place place();

  /**
   * A scalar.
   *
   * @param text its characters, whatever type YAML would give them
   * @param plain whether these tell what it is: it stands without quotes, and no tag calls it a
   *     text
   */
  record Scalar(String text, boolean plain, Place place) implements YamlNode {

    /** Whether YAML means "nothing" by it. */
    public boolean isNull() {
      return plain
          && switch (text) {
            case "", "~", "null", "Null", "NULL" -> true;
            default -> false;
          };
    }
  }

  /** A list. */
  record Sequence(List<YamlNode> items, Place place) implements YamlNode {}

  /**
   * A map in the order of the document; merge keys are resolved.
   *
   * @param keys where each of its keys stands
   */
  record Mapping(Map<String, YamlNode> entries, Map<String, Place> keys, Place place)
      implements YamlNode {

    /**
     * The text under {@code key}; empty if it is absent or null.
     *
     * @throws MountFailure if it is a list or a map
     */
    public String text(String key) throws MountFailure {
      YamlNode value = entries.get(key);
      if (value == null) {
        return "";
      }
      if (value instanceof Scalar scalar) {
        return scalar.isNull() ? "" : scalar.text();
      }
      throw value
          .place()
          .failure(Quoted.of(key) + " must be a single value", "see the store's page");
    }
  }

  /**
   * The items of this list.
   *
   * @param what what the list should hold, for the message
   * @throws MountFailure if this is anything but a list
   */
  default List<YamlNode> requireItems(String what) throws MountFailure {
    if (this instanceof Sequence sequence) {
      return sequence.items();
    }
    throw place().failure("expected a list of " + what, "start each of them with \"- \"");
  }

  /**
   * This map.
   *
   * @param what what it should describe, for the message
   * @throws MountFailure if this is anything but a map
   */
  default Mapping requireMapping(String what) throws MountFailure {
    if (this instanceof Mapping mapping) {
      return mapping;
    }
    throw place().failure("expected " + what + " as a map", "write its fields as \"key: value\"");
  }
}
