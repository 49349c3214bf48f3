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
 * Reads YAML, mostly that inside a SecretProviderClass parameter: scalars as text, anchors and
 * merge keys resolved, duplicate keys refused unless the dialect has them. Depth and size are
 * bounded, aliases counted at what they expand to, so no document costs more than its own length.
 */
public final class YamlReader {

  /**
   * What a document may be.
   *
   * @param deepest how deep it nests
   * @param mostNodes how many lists, maps, keys and values it has, aliases expanded
   */
  public record Limits(int deepest, int mostNodes) {}

  /** More than any store's schema nests, and 1,000 objects with 50 fields each. */
  private static final Limits OF_PARAMETERS = new Limits(32, 50_000);

  private static final int LARGEST_BUFFER = 64 * 1024;
  private static final String PROBLEM = "not valid YAML";
  private static final String REMEDY = "check indentation, quotes and special characters there";

  private final String parameter;
  private final Limits limits;
  private final Duplicates duplicates;
  private final Map<Anchor, YamlTree.Sized> anchors = new HashMap<>();
  private final Deque<YamlTree.Open> open = new ArrayDeque<>();
  private int nodes;

  private YamlReader(String parameter, Limits limits, Duplicates duplicates) {
    this.parameter = parameter;
    this.limits = limits;
    this.duplicates = duplicates;
  }

  /** What is made of a document's events. */
  @FunctionalInterface
  private interface Reading<T> {
    T of(Iterator<Event> events) throws MountFailure;
  }

  /**
   * The first document in {@code text}; an empty one is a null scalar.
   *
   * @param parameter the parameter's name, for messages
   * @throws MountFailure {@link Reason#INVALID_PARAMETERS} with line and column
   */
  public static YamlNode read(String parameter, String text) throws MountFailure {
    return read(parameter, text, Duplicates.REFUSED);
  }

  /**
   * The first document in {@code text}; an empty one is a null scalar.
   *
   * @param parameter the parameter's name, for messages
   * @param duplicates what the dialect makes of a key that stands twice
   * @throws MountFailure {@link Reason#INVALID_PARAMETERS} with line and column
   */
  public static YamlNode read(String parameter, String text, Duplicates duplicates)
      throws MountFailure {
    YamlReader reader = new YamlReader(parameter, OF_PARAMETERS, duplicates);
    return reader.read(text, reader::firstDocument);
  }

  /**
   * The document that {@code text} is, and that nothing follows; an empty one is a null scalar.
   *
   * @param name what it is called in messages
   * @throws MountFailure {@link Reason#INVALID_PARAMETERS} with line and column
   */
  public static YamlNode readWhole(String name, String text, Limits limits) throws MountFailure {
    YamlReader reader = new YamlReader(name, limits, Duplicates.REFUSED);
    return reader.read(
        text,
        events -> {
          YamlNode document = reader.firstDocument(events);
          reader.passOver(events);
          return document;
        });
  }

  /**
   * Returns if {@code text} is YAML, of any size. Aliases are not looked at, and nothing is kept.
   *
   * @param name what it is called in messages
   * @param deepest how deep it may nest
   * @throws MountFailure {@link Reason#INVALID_PARAMETERS} with line and column
   */
  public static void requireSyntax(String name, String text, int deepest) throws MountFailure {
    YamlReader reader = new YamlReader(name, new Limits(deepest, 0), Duplicates.REFUSED);
    reader.read(text, reader::passOver);
  }

  private <T> T read(String text, Reading<T> reading) throws MountFailure {
    try {
      return reading.of(new Parse(settings(text)).parseString(text).iterator());
    } catch (MarkedYamlEngineException e) {
      // The parser's own words quote the document, so only the place is passed on.
      throw place(e.getProblemMark()).failure(PROBLEM, REMEDY);
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

  /** The parser finds what is wrong as it goes; how deep the document is in the end. */
  private int passOver(Iterator<Event> events) throws MountFailure {
    int depth = 0;
    while (events.hasNext()) {
      Event event = events.next();
      switch (event.getEventId()) {
        case SequenceStart, MappingStart -> depth++;
        case SequenceEnd, MappingEnd -> depth--;
        default -> {}
      }
      if (depth > limits.deepest()) {
        throw tooDeep(place(event.getStartMark()));
      }
    }
    return depth;
  }

  /** The node that ends with this event, if one does. */
  private Optional<YamlTree.Sized> node(Event event) throws MountFailure {
    Place place = place(event.getStartMark());
    switch (event.getEventId()) {
      case Scalar -> {
        ScalarEvent scalar = (ScalarEvent) event;
        return Optional.of(anchored(scalar, count(YamlTree.scalar(scalar, place))));
      }
      case Alias -> {
        YamlTree.Sized target = anchors.get(((AliasEvent) event).getAlias());
        if (target == null) {
          throw place.failure("this alias has no anchor before it", "define it with \"&\" first");
        }
        return Optional.of(count(target));
      }
      case SequenceStart, MappingStart -> {
        if (open.size() >= limits.deepest()) {
          throw tooDeep(place);
        }
        open.push(YamlTree.open((CollectionStartEvent) event, place, duplicates));
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
    int most = limits.mostNodes();
    if (nodes > most || node.size() > most) {
      throw place.failure("more than " + most + " values, aliases expanded", "split it");
    }
    int depth = open.size() + node.depth();
    if (depth > limits.deepest() + 1) {
      throw tooDeep(place);
    }
    return node;
  }

  private MountFailure tooDeep(Place place) {
    return place.failure("nested more than " + limits.deepest() + " deep", "flatten it");
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
