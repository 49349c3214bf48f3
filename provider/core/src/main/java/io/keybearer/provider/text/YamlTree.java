package io.keybearer.provider.text;

import io.keybearer.provider.MountFailure;
import io.keybearer.provider.Place;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;

/** The half-built collections of a document, with what each node weighs. */
final class YamlTree {

  private static final String MERGE = "<<";

  private YamlTree() {}

  /**
   * A finished node.
   *
   * @param size how many nodes it is, aliases expanded
   * @param depth how deep it is, 1 for a scalar
   * @param added how many of those nodes have not been counted yet
   */
  record Sized(YamlNode node, int size, int depth, int added) {

    Sized(YamlNode node, int size, int depth) {
      this(node, size, depth, 1);
    }

    /** The same node, met once more: all of it is new to whoever walks the tree. */
    Sized asAlias() {
      return new Sized(node, size, depth, size);
    }
  }

  /** A collection whose end has not been read. */
  abstract static class Open {

    private final CollectionStartEvent start;
    final Place place;
    private int size = 1;
    private int depth;

    Open(CollectionStartEvent start, Place place) {
      this.start = start;
      this.place = place;
    }

    CollectionStartEvent start() {
      return start;
    }

    void add(Sized child) throws MountFailure {
      size += child.size();
      depth = Math.max(depth, child.depth());
      accept(child.node());
    }

    Sized close() throws MountFailure {
      return new Sized(node(), size, depth + 1);
    }

    abstract void accept(YamlNode child) throws MountFailure;

    abstract YamlNode node() throws MountFailure;
  }

  static Open open(CollectionStartEvent start, Place place) {
    return start.getEventId() == Event.ID.SequenceStart
        ? new OpenSequence(start, place)
        : new OpenMapping(start, place);
  }

  private static final class OpenSequence extends Open {

    private final List<YamlNode> items = new ArrayList<>();

    OpenSequence(CollectionStartEvent start, Place place) {
      super(start, place);
    }

    @Override
    void accept(YamlNode child) {
      items.add(child);
    }

    @Override
    YamlNode node() {
      return new YamlNode.Sequence(Collections.unmodifiableList(items), place);
    }
  }

  private static final class OpenMapping extends Open {

    private final Map<String, YamlNode> entries = new LinkedHashMap<>();
    private final Map<String, Place> keys = new HashMap<>();
    private final List<YamlNode> merged = new ArrayList<>();
    private YamlNode.@Nullable Scalar key;

    OpenMapping(CollectionStartEvent start, Place place) {
      super(start, place);
    }

    @Override
    void accept(YamlNode child) throws MountFailure {
      YamlNode.Scalar known = key;
      if (known == null) {
        if (!(child instanceof YamlNode.Scalar scalar)) {
          throw child.place().failure("a key must be a single value", "write \"key: value\"");
        }
        key = scalar;
        return;
      }
      key = null;
      if (known.plain() && known.text().equals(MERGE)) {
        if (!merged.isEmpty()) {
          throw known.place().failure("this key stands twice", "merge a list of maps");
        }
        merged.add(child);
      } else if (entries.putIfAbsent(known.text(), child) != null) {
        throw known.place().failure("this key stands twice", "remove one of them");
      } else {
        keys.put(known.text(), known.place());
      }
    }

    @Override
    YamlNode node() throws MountFailure {
      for (YamlNode source : merged) {
        if (source instanceof YamlNode.Sequence several) {
          for (YamlNode one : several.items()) {
            merge(one);
          }
        } else {
          merge(source);
        }
      }
      return new YamlNode.Mapping(
          Collections.unmodifiableMap(entries), Collections.unmodifiableMap(keys), place);
    }

    /** What stands in the map itself wins, then the first map that is merged. */
    private void merge(YamlNode source) throws MountFailure {
      if (!(source instanceof YamlNode.Mapping mapping)) {
        throw source.place().failure("\"<<\" merges maps only", "name the anchor of a map");
      }
      mapping.entries().forEach(entries::putIfAbsent);
      mapping.keys().forEach(keys::putIfAbsent);
    }
  }
}
