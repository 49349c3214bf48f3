package io.keybearer.provider.text;

import io.keybearer.provider.MountFailure;
import io.keybearer.provider.Place;
import io.keybearer.provider.Reason;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * Reads the YAML inside a SecretProviderClass parameter: the first document, scalars as text,
 * anchors and merge keys resolved, duplicate keys refused. Depth and size are bounded, aliases
 * counted at what they expand to, so no document costs more than its own length.
 */
public final class YamlReader {

  /** More than any store's schema nests. */
  static final int DEEPEST = 32;

  /** 1,000 objects with 50 fields each. */
  static final int MOST_NODES = 50_000;

  private static final int LARGEST_BUFFER = 64 * 1024;
  private static final String PROBLEM = "not valid YAML";
  private static final String REMEDY = "check indentation, quotes and special characters there";

  private final String parameter;
  private final Map<Anchor, YamlTree.Sized> anchors = new HashMap<>();
  private final Deque<YamlTree.Open> open = new ArrayDeque<>();
  private int nodes;

  private YamlReader(String parameter) {
    this.parameter = parameter;
  }

  /**
   * The document in {@code text}; an empty one is a null scalar.
   *
   * @param parameter the parameter's name, for messages
   * @throws MountFailure {@link Reason#INVALID_PARAMETERS} with line and column
   */
  public static YamlNode read(String parameter, String text) throws MountFailure {
    YamlReader reader = new YamlReader(parameter);
    try {
      return reader.firstDocument(new Parse(settings(text)).parseString(text).iterator());
    } catch (MarkedYamlEngineException e) {
      // The parser's own words quote the document, so only the place is passed on.
      throw reader.place(e.getProblemMark()).failure(PROBLEM, REMEDY);
    } catch (YamlEngineException | IllegalArgumentException | IndexOutOfBoundsException e) {
      throw Place.of(parameter).failure(PROBLEM, REMEDY);
    }
  }

  private static LoadSettings settings(String text) {
    return LoadSettings.builder()
        .setUseMarks(true)
        .setParseComments(false)
        .setCodePointLimit(Integer.MAX_VALUE)
        // The parser copies all that it has read ahead with each buffer that it fills: with the
        // small ones that are its default, the time for spaces grows with their square.
        .setBufferSize(Math.min(text.length() + 1, LARGEST_BUFFER))
        .build();
  }

  private YamlNode firstDocument(Iterator<Event> events) throws MountFailure {
    while (events.hasNext()) {
      Event event = events.next();
      Optional<YamlTree.Sized> finished = node(event);
      if (finished.isPresent()) {
        if (open.isEmpty()) {
          return finished.get().node();
        }
        open.element().add(finished.get());
      }
      if (event.getEventId() == Event.ID.DocumentEnd) {
        break;
      }
    }
    return new YamlNode.Scalar("", true, new Place(parameter, 1, 1));
  }

  /** The node that ends with this event, if one does. */
  private Optional<YamlTree.Sized> node(Event event) throws MountFailure {
    Place place = place(event.getStartMark());
    switch (event.getEventId()) {
      case Scalar -> {
        ScalarEvent scalar = (ScalarEvent) event;
        YamlNode node = new YamlNode.Scalar(scalar.getValue(), scalar.isPlain(), place);
        return Optional.of(anchored(scalar, count(new YamlTree.Sized(node, 1, 1))));
      }
      case Alias -> {
        YamlTree.Sized target = anchors.get(((AliasEvent) event).getAlias());
        if (target == null) {
          throw place.failure("this alias has no anchor before it", "define it with \"&\" first");
        }
        return Optional.of(count(target));
      }
      case SequenceStart, MappingStart -> {
        if (open.size() >= DEEPEST) {
          throw place.failure("nested more than " + DEEPEST + " deep", "flatten it");
        }
        open.push(YamlTree.open((CollectionStartEvent) event, place));
        return Optional.empty();
      }
      case SequenceEnd, MappingEnd -> {
        YamlTree.Open ended = open.pop();
        return Optional.of(anchored(ended.start(), count(ended.close())));
      }
      default -> {
        return Optional.empty();
      }
    }
  }

  /** Counts what this adds to the tree as its reader will walk it: a collection only itself. */
  private YamlTree.Sized count(YamlTree.Sized node) throws MountFailure {
    nodes += node.added();
    Place place = node.node().place();
    if (nodes > MOST_NODES || node.size() > MOST_NODES) {
      throw place.failure("more than " + MOST_NODES + " values, aliases expanded", "split it");
    }
    int depth = open.size() + node.depth();
    if (depth > DEEPEST + 1) {
      throw place.failure("nested more than " + DEEPEST + " deep", "flatten it");
    }
    return node;
  }

  private YamlTree.Sized anchored(NodeEvent event, YamlTree.Sized node) {
    event.getAnchor().ifPresent(anchor -> anchors.put(anchor, node.asAlias()));
    return node;
  }

  private Place place(Optional<Mark> mark) {
    return new Place(
        parameter, mark.map(Mark::getLine).orElse(0) + 1, mark.map(Mark::getColumn).orElse(0) + 1);
  }
}
