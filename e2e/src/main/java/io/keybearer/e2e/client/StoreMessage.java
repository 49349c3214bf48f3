package io.keybearer.e2e.client;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.keybearer.provider.SecretBytes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** One HTTP request to the store, and the only class of this package that reveals secrets. */
final class StoreMessage {

  private static final JsonFactory FACTORY = new JsonFactory();

  /** Writes the body of a request. */
  @FunctionalInterface
  private interface Body {
    void write(JsonGenerator out) throws IOException;
  }

  private final byte[] bytes;

  private StoreMessage(byte[] bytes) {
    this.bytes = bytes;
  }

  /** A login of that role with that token. */
  static StoreMessage login(String host, String role, SecretBytes token) {
    byte[] revealed = token.reveal();
    byte[] body =
        json(
            out -> {
              out.writeStringField("role", role);
              out.writeFieldName("token");
              out.writeUTF8String(revealed, 0, revealed.length);
            });
    return of("POST /v1/login", host, SecretBytes.empty(), body);
  }

  /** A GET in that session. */
  static StoreMessage get(String host, String path, SecretBytes session) {
    return of("GET " + path, host, session, new byte[0]);
  }

  /** A POST without a body in that session. */
  static StoreMessage post(String host, String path, SecretBytes session) {
    return of("POST " + path, host, session, new byte[0]);
  }

  /** Asks for several secrets in that session. */
  static StoreMessage batch(String host, List<String> names, SecretBytes session) {
    byte[] body =
        json(
            out -> {
              out.writeArrayFieldStart("names");
              for (String name : names) {
                out.writeString(name);
              }
              out.writeEndArray();
            });
    return of("POST /v1/batch", host, session, body);
  }

  private static byte[] json(Body body) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator out = FACTORY.createGenerator(bytes)) {
      out.writeStartObject();
      body.write(out);
      out.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static StoreMessage of(String start, String host, SecretBytes session, byte[] body) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes(ascii(start + " HTTP/1.1\r\nHost: " + host + "\r\n"));
    if (session.length() > 0) {
      bytes.writeBytes(ascii("X-Session: "));
      bytes.writeBytes(session.reveal());
      bytes.writeBytes(ascii("\r\n"));
    }
    if (start.startsWith("POST")) {
      bytes.writeBytes(ascii("Content-Length: " + body.length + "\r\n"));
    }
    bytes.writeBytes(ascii("\r\n"));
    bytes.writeBytes(body);
    return new StoreMessage(bytes.toByteArray());
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /** Writes it in one piece. */
  void writeTo(OutputStream out) throws IOException {
    out.write(bytes);
    out.flush();
  }
}
