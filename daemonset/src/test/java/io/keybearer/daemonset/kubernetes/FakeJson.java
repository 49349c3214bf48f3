package io.keybearer.daemonset.kubernetes;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.keybearer.provider.text.JsonNode;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** JSON as maps, lists, strings, numbers and booleans. */
final class FakeJson {

  private static final JsonFactory FACTORY = new JsonFactory();

  private FakeJson() {}

  /** One line of JSON. */
  static String text(Object value) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = FACTORY.createGenerator(text)) {
      write(json, value);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }

  /** The same value as a test's request has it. */
  static Object value(JsonNode node) {
    if (node instanceof JsonNode.Members members) {
      Map<String, Object> values = new LinkedHashMap<>();
      members.byName().forEach((name, member) -> values.put(name, value(member)));
      return values;
    }
    if (node instanceof JsonNode.Items items) {
      return items.inOrder().stream().map(FakeJson::value).toList();
    }
    if (node instanceof JsonNode.Numeral numeral) {
      return Long.valueOf(numeral.literal());
    }
    return node instanceof JsonNode.Truth truth ? (Object) truth.holds() : node.text();
  }

  private static void write(JsonGenerator json, Object value) throws IOException {
    if (value instanceof Map<?, ?> map) {
      json.writeStartObject();
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        json.writeFieldName(String.valueOf(entry.getKey()));
        write(json, entry.getValue());
      }
      json.writeEndObject();
    } else if (value instanceof List<?> list) {
      json.writeStartArray();
      for (Object item : list) {
        write(json, item);
      }
      json.writeEndArray();
    } else if (value instanceof Number number) {
      json.writeNumber(number.longValue());
    } else if (value instanceof Boolean truth) {
      json.writeBoolean(truth);
    } else {
      json.writeString(String.valueOf(value));
    }
  }
}
