package io.keybearer.e2e.store;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;

/** The store's JSON: read as a flat map, written as one object. */
final class StoreJson {

  private static final JsonFactory FACTORY =
      JsonFactory.builder().disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES).build();

  private StoreJson() {}

  /** Writes the fields of an object. */
  @FunctionalInterface
  interface Fields {
    /** Writes them. */
    void write(JsonGenerator out) throws IOException;
  }

  /** An object with these fields, in UTF-8. */
  static byte[] object(Fields fields) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator out = FACTORY.createGenerator(bytes)) {
      out.writeStartObject();
      fields.write(out);
      out.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /** Every text in the JSON by its pointer ({@code /names/0}); nothing of what is not JSON. */
  static Map<String, String> texts(String json) {
    Map<String, String> texts = new HashMap<>();
    try (JsonParser parser = FACTORY.createParser(json)) {
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        if (token == JsonToken.VALUE_STRING) {
          texts.put(parser.getParsingContext().pathAsPointer().toString(), parser.getText());
        }
      }
    } catch (IOException e) {
      return Map.of();
    }
    return texts;
  }
}
