package io.keybearer.provider.text;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import io.keybearer.provider.MountFailure;
import io.keybearer.provider.Reason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads a whole JSON document that a server sent, or that a secret is, within hard limits. */
public final class JsonTree {

  /** More than any API of a store or of Kubernetes nests. */
  static final int DEEPEST = 64;

  /** As many as a YAML document may have. */
  static final int MOST_NODES = 50_000;

  private static final String INVALID = "not valid JSON";

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          // Names come from tenants: no table of them is kept.
          .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(DEEPEST)
                  .maxStringLength(Integer.MAX_VALUE)
                  .maxNameLength(4096)
                  .build())
          .build();

  private final String document;
  private final JsonParser parser;
  private final Duplicates duplicates;
  private final Deque<Open> open = new ArrayDeque<>();
  private int nodes;

  private JsonTree(String document, JsonParser parser, Duplicates duplicates) {
    this.document = document;
    this.parser = parser;
    this.duplicates = duplicates;
  }

  /**
   * The one value of a document.
   *
   * @param document what it is, for messages
   * @throws MountFailure {@link Reason#INVALID_PARAMETERS} if it is no JSON or too much, without a
   *     word of it: it may hold secrets
   */
  public static JsonNode read(String document, String json) throws MountFailure {
    return read(document, json, true, Duplicates.REFUSED);
  }

  /**
   * The one value of a document, with what becomes of a key that stands twice in one object.
   *
   * @param document what it is, for messages
   * @throws MountFailure {@link Reason#INVALID_PARAMETERS} as without it
   */
  public static JsonNode read(String document, String json, Duplicates duplicates)
      throws MountFailure {
    return read(document, json, true, duplicates);
  }

  /**
   * The first value of a document, whatever follows it.
   *
   * @param document what it is, for messages
   * @throws MountFailure {@link Reason#INVALID_PARAMETERS} as for a whole document
   */
  public static JsonNode readFirst(String document, String json) throws MountFailure {
    return read(document, json, false, Duplicates.REFUSED);
  }

  private static JsonNode read(String document, String json, boolean alone, Duplicates duplicates)
      throws MountFailure {
    try (JsonParser parser = FACTORY.createParser(json)) {
      return new JsonTree(document, parser, duplicates).value(alone);
    } catch (IOException e) {
      throw invalid(document, INVALID);
    }
  }

  /**
   * The same of its bytes, which must be UTF-8.
   *
   * @throws MountFailure {@link Reason#INVALID_PARAMETERS} as for a text
   */
  public static JsonNode read(String document, byte[] json) throws MountFailure {
    try {
      return read(
          document, StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(json)).toString());
    } catch (CharacterCodingException e) {
      throw invalid(document, INVALID);
    }
  }

  private JsonNode value(boolean alone) throws IOException, MountFailure {
    while (true) {
      JsonToken token = parser.nextToken();
      if (token == null) {
        throw invalid(document, INVALID);
      }
      JsonNode finished = node(token);
      if (finished == null) {
        continue;
      }
      if (open.isEmpty()) {
        if (alone && parser.nextToken() != null) {
          throw invalid(document, "text follows the JSON value");
        }
        return finished;
      }
      if (!open.element().add(finished) && duplicates == Duplicates.REFUSED) {
        throw invalid(document, "a key stands twice");
      }
    }
  }

  /** The value that ends with this token, if one does. */
  private @Nullable JsonNode node(JsonToken token) throws IOException, MountFailure {
    return switch (token) {
      case FIELD_NAME -> {
        open.element().name = parser.currentName();
        yield null;
      }
      case START_OBJECT, START_ARRAY -> {
        count();
        open.push(new Open(token == JsonToken.START_OBJECT));
        yield null;
      }
      case END_OBJECT, END_ARRAY -> open.pop().close();
      default -> {
        count();
        yield scalar(token);
      }
    };
  }

  private JsonNode scalar(JsonToken token) throws IOException, MountFailure {
    return switch (token) {
      case VALUE_STRING -> new JsonNode.Text(parser.getText());
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> new JsonNode.Numeral(parser.getText());
      case VALUE_TRUE -> new JsonNode.Truth(true);
      case VALUE_FALSE -> new JsonNode.Truth(false);
      case VALUE_NULL -> new JsonNode.Nothing();
      default -> throw invalid(document, INVALID);
    };
  }

  private void count() throws MountFailure {
    nodes++;
    if (nodes > MOST_NODES) {
      throw invalid(document, "more than " + MOST_NODES + " values");
    }
  }

  private static MountFailure invalid(String document, String problem) {
    return MountFailure.of(Reason.INVALID_PARAMETERS, document + ": " + problem);
  }

  /** An object or an array whose end has not been read. */
  private static final class Open {

    private final boolean isObject;
    private final Map<String, JsonNode> members = new LinkedHashMap<>();
    private final List<JsonNode> items = new ArrayList<>();
    private String name = "";

    Open(boolean isObject) {
      this.isObject = isObject;
    }

    /** Takes a value; whether its name is new. */
    boolean add(JsonNode node) {
      return isObject ? members.put(name, node) == null : items.add(node);
    }

    JsonNode close() {
      return isObject
          ? new JsonNode.Members(Collections.unmodifiableMap(members))
          : new JsonNode.Items(Collections.unmodifiableList(items));
    }
  }
}
