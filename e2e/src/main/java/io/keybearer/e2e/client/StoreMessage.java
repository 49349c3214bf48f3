package io.keybearer.e2e.client;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.keybearer.provider.SecretBytes;
import io.keybearer.provider.http.HttpCall;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/** The requests that the store understands. */
final class StoreMessage {

  private static final JsonFactory FACTORY = new JsonFactory();

  /** Writes the body of a request. */
  @FunctionalInterface
  private interface Body {
    void write(JsonGenerator out) throws IOException;
  }

  private StoreMessage() {}

  /** A login of that role with that token. */
  static HttpCall login(String role, SecretBytes token) {
    byte[] revealed = token.reveal();
    SecretBytes body =
        json(
            out -> {
              out.writeStringField("role", role);
              out.writeFieldName("token");
              out.writeUTF8String(revealed, 0, revealed.length);
            });
    return HttpCall.of("POST", "/v1/login", body);
  }

  /** A GET in that session. */
  static HttpCall get(String path, SecretBytes session) {
    return in(session, HttpCall.get(path));
  }

  /** A POST without a body in that session. */
  static HttpCall post(String path, SecretBytes session) {
    return in(session, HttpCall.of("POST", path, SecretBytes.empty()));
  }

  /** Asks for several secrets in that session. */
  static HttpCall batch(List<String> names, SecretBytes session) {
    SecretBytes body =
        json(
            out -> {
              out.writeArrayFieldStart("names");
              for (String name : names) {
                out.writeString(name);
              }
              out.writeEndArray();
            });
    return in(session, HttpCall.of("POST", "/v1/batch", body));
  }

  private static SecretBytes json(Body body) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator out = FACTORY.createGenerator(bytes)) {
      out.writeStartObject();
      body.write(out);
      out.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return SecretBytes.copyOf(bytes.toByteArray());
  }

  private static HttpCall in(SecretBytes session, HttpCall call) {
    return call.withSecret("X-Session", session);
  }
}
