package io.keybearer.e2e.client;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.keybearer.provider.SecretBytes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** One JSON object that the store answered with, and those that it holds. Never printed. */
final class DoubleAnswer {

  private static final JsonFactory FACTORY =
      JsonFactory.builder().disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES).build();

  private final Map<String, String> texts = new HashMap<>();
  private final List<DoubleAnswer> items = new ArrayList<>();
  private SecretBytes value = SecretBytes.empty();

  private DoubleAnswer() {}

  /** The answer to a request that has none. */
  static DoubleAnswer empty() {
    return new DoubleAnswer();
  }

  /**
   * The answer of that text.
   *
   * @throws IOException if it is anything but one JSON object; its message may hold secrets
   */
  static DoubleAnswer parse(SecretBytes json) throws IOException {
    try (JsonParser parser = FACTORY.createParser(json.reveal())) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new IOException("not an object");
      }
      DoubleAnswer answer = object(parser);
      if (parser.nextToken() != null) {
        throw new IOException("more than an object");
      }
      return answer;
    }
  }

  private static DoubleAnswer object(JsonParser parser) throws IOException {
    DoubleAnswer answer = new DoubleAnswer();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      JsonToken token = parser.nextToken();
      if (token == JsonToken.START_ARRAY) {
        answer.readItems(parser);
      } else if (token == JsonToken.START_OBJECT) {
        parser.skipChildren();
      } else if (name.equals("value")) {
        answer.value = SecretBytes.copyOf(parser.getBinaryValue());
      } else {
        answer.texts.put(name, parser.getText());
      }
    }
    return answer;
  }

  private void readItems(JsonParser parser) throws IOException {
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      if (parser.currentToken() != JsonToken.START_OBJECT) {
        throw new IOException("an item that is not an object");
      }
      items.add(object(parser));
    }
  }

  /** The text, number or truth value of that name, empty if there is none. */
  String text(String name) {
    return texts.getOrDefault(name, "");
  }

  /** The text of that name, which nobody should read. */
  SecretBytes secret(String name) {
    return SecretBytes.copyOf(text(name).getBytes(StandardCharsets.UTF_8));
  }

  /** Whether it says so. */
  boolean isTrue(String name) {
    return text(name).equals("true");
  }

  /** The seconds of that name, none if it does not say. */
  Duration seconds(String name) {
    String digits = text(name);
    return digits.matches("\\d{1,12}") ? Duration.ofSeconds(Long.parseLong(digits)) : Duration.ZERO;
  }

  /** The secret in it, empty if there is none. */
  SecretBytes value() {
    return value;
  }

  /** The objects in it. */
  List<DoubleAnswer> items() {
    return List.copyOf(items);
  }
}
