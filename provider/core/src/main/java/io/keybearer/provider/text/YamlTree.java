package io.keybearer.provider.text;

import io.keybearer.provider.MountFailure;
import io.keybearer.provider.Place;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.ScalarEvent;

/** The nodes of a document, collections also half-built, with what each node weighs. */
final class YamlTree {

  private static final String MERGE = "<<";

  /** Under one of these tags the characters still tell the value; under any other they are text. */
  private static final Set<String> TOLD_BY_CHARACTERS =
      Set.of(
          "tag:yaml.org,2002:bool",
          "tag:yaml.org,2002:int",
          "tag:yaml.org,2002:float",
          "tag:yaml.org,2002:merge",
          "tag:yaml.org,2002:null",
          "tag:yaml.org,2002:timestamp");

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

  static Sized scalar(ScalarEvent event, Place place) {
    return new Sized(new YamlNode.Scalar(event.getValue(), isPlain(event), place), 1, 1);
  }

  /** A tag says more than quotes or their absence: {@code !!str 0600} is a text. */
  private static boolean isPlain(ScalarEvent scalar) {
    return scalar.getTag().map(TOLD_BY_CHARACTERS::contains).orElseGet(scalar::isPlain);
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

  static Open open(CollectionStartEvent start, Place place, Duplicates duplicates) {
    return start.getEventId() == Event.ID.SequenceStart
        ? new OpenSequence(start, place)
        : new OpenMapping(start, place, duplicates);
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
    private final Duplicates duplicates;
    private YamlNode.@Nullable Scalar key;

    OpenMapping(CollectionStartEvent start, Place place, Duplicates duplicates) {
      super(start, place);
      this.duplicates = duplicates;
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
      switch (duplicates) {
        case REFUSED -> putOnce(known, child);
        case LAST_WINS -> putOver(known, child);
      }
    }

    private void putOnce(YamlNode.Scalar name, YamlNode value) throws MountFailure {
      if (isMerge(name)) {
        if (!merged.isEmpty()) {
          throw name.place().failure("this key stands twice", "merge a list of maps");
        }
        merged.add(value);
      } else if (entries.putIfAbsent(name.text(), value) != null) {
        throw name.place().failure("this key stands twice", "remove one of them");
      } else {
        keys.put(name.text(), name.place());
      }
    }

    private void putOver(YamlNode.Scalar name, YamlNode value) throws MountFailure {
      if (!isMerge(name)) {
        entries.put(name.text(), value);
        keys.put(name.text(), name.place());
        return;
      }
      List<YamlNode.Mapping> sources = new ArrayList<>(sources(value));
      // The first of several wins here too.
      Collections.reverse(sources);
      for (YamlNode.Mapping source : sources) {
        entries.putAll(source.entries());
        keys.putAll(source.keys());
      }
    }

    private static boolean isMerge(YamlNode.Scalar name) {
      return name.plain() && name.text().equals(MERGE);
    }

    @Override
    YamlNode node() throws MountFailure {
      // What stands in the map itself wins, then the first map that is merged.
      for (YamlNode value : merged) {
        for (YamlNode.Mapping source : sources(value)) {
          source.entries().forEach(entries::putIfAbsent);
          source.keys().forEach(keys::putIfAbsent);
        }
      }
      return new YamlNode.Mapping(
          Collections.unmodifiableMap(entries), Collections.unmodifiableMap(keys), place);
    }

    /** The maps that a merge key names. */
    private static List<YamlNode.Mapping> sources(YamlNode value) throws MountFailure {
      List<YamlNode> named =
          value instanceof YamlNode.Sequence several ? several.items() : List.of(value);
      List<YamlNode.Mapping> sources = new ArrayList<>();
      for (YamlNode one : named) {
        if (!(one instanceof YamlNode.Mapping mapping)) {
          throw one.place().failure("\"<<\" merges maps only", "name the anchor of a map");
        }
        sources.add(mapping);
      }
      return sources;
    }
  }
}
