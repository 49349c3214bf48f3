package io.keybearer.provider.text;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import io.keybearer.provider.MountFailure;
import io.keybearer.provider.Reason;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads the JSON that the driver writes, and that in a service account token. */
public final class JsonReader {

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          // Names come from tenants: no table of them is kept.
          .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(4)
                  .maxStringLength(Integer.MAX_VALUE)
                  .maxNameLength(4096)
                  .build())
          .build();

  private JsonReader() {}

  /**
   * The entries of a JSON object of strings; {@code null} and no text at all are an empty one, as
   * the driver sends them where there is nothing to tell.
   *
   * @param failed what has failed if it is none, for messages
   * @throws MountFailure {@link Reason#INVALID_PARAMETERS} for anything else, without a word of the
   *     text: it may hold tokens
   */
  public static Map<String, String> strings(String failed, String json) throws MountFailure {
    Map<String, String> entries = new LinkedHashMap<>();
    if (json.isEmpty()) {
      return entries;
    }
    try (JsonParser parser = FACTORY.createParser(json)) {
      JsonToken first = parser.nextToken();
      if (first != JsonToken.VALUE_NULL) {
        require(first == JsonToken.START_OBJECT, failed, "not a JSON object");
        while (parser.nextToken() != JsonToken.END_OBJECT) {
          String key = parser.currentName();
          require(parser.nextToken() == JsonToken.VALUE_STRING, failed, "a value is not a string");
          require(entries.put(key, parser.getText()) == null, failed, "a key stands twice");
        }
      }
      require(parser.nextToken() == null, failed, "text follows the JSON object");
    } catch (IOException e) {
      throw invalid(failed, "not valid JSON");
    }
    return entries;
  }

  /**
   * The texts and numbers of a JSON object, by the names that lead to them; what stands in lists is
   * left out.
   *
   * @throws MountFailure {@link Reason#INVALID_PARAMETERS} as {@link #strings} does
   */
  public static Map<List<String>, String> leaves(String failed, String json) throws MountFailure {
    Map<List<String>, String> leaves = new LinkedHashMap<>();
    Deque<String> names = new ArrayDeque<>();
    try (JsonParser parser = FACTORY.createParser(json)) {
      require(parser.nextToken() == JsonToken.START_OBJECT, failed, "not a JSON object");
      while (parser.nextToken() != JsonToken.END_OBJECT || !names.isEmpty()) {
        switch (parser.currentToken()) {
          case FIELD_NAME -> names.addLast(parser.currentName());
          case START_OBJECT -> {}
          case START_ARRAY -> {
            parser.skipChildren();
            names.removeLast();
          }
          case VALUE_STRING, VALUE_NUMBER_INT -> {
            leaves.put(List.copyOf(names), parser.getText());
            names.removeLast();
          }
          default -> names.removeLast();
        }
      }
      require(parser.nextToken() == null, failed, "text follows the JSON object");
    } catch (IOException e) {
      throw invalid(failed, "not valid JSON");
    }
    return leaves;
  }

  private static void require(boolean holds, String failed, String problem) throws MountFailure {
    if (!holds) {
      throw invalid(failed, problem);
    }
  }

  private static MountFailure invalid(String failed, String problem) {
    return MountFailure.of(
        Reason.INVALID_PARAMETERS,
        failed + ": " + problem,
        "the driver sends an object of strings; look at what called instead of it");
  }
}
