package io.keybearer.e2e.store;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** One HTTP/1.1 response. */
final class StoreAnswer {

  private static final int NO_CONTENT = 204;

  private final int status;
  private final Map<String, String> headers;
  private final byte[] body;

  private StoreAnswer(int status, Map<String, String> headers, byte[] body) {
    this.status = status;
    this.headers = headers;
    this.body = body;
  }

  /** An object as JSON, with status 200. */
  static StoreAnswer of(StoreJson.Fields fields) {
    return json(200, fields);
  }

  /** Status 204, without a body. */
  static StoreAnswer empty() {
    return new StoreAnswer(NO_CONTENT, Map.of(), new byte[0]);
  }

  /** A failure with its text as JSON. */
  static StoreAnswer error(int status, String text) {
    return json(status, out -> out.writeStringField("error", text));
  }

  /** Any answer. */
  static StoreAnswer of(int status, Map<String, String> headers, String body) {
    return new StoreAnswer(status, headers, body.getBytes(StandardCharsets.UTF_8));
  }

  private static StoreAnswer json(int status, StoreJson.Fields fields) {
    return new StoreAnswer(
        status, Map.of("Content-Type", "application/json"), StoreJson.object(fields));
  }

  /** Head and body, in one piece. */
  byte[] bytes() {
    return bytes(body.length);
  }

  /** The same, with another length in the head. */
  byte[] bytes(int claimedLength) {
    byte[] head = head(claimedLength).getBytes(StandardCharsets.ISO_8859_1);
    return ByteBuffer.allocate(head.length + body.length).put(head).put(body).array();
  }

  /** How long the body is. */
  int bodyLength() {
    return body.length;
  }

  private String head(int length) {
    StringBuilder head = new StringBuilder("HTTP/1.1 ").append(status).append(" Store\r\n");
    headers.forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
    if (status != NO_CONTENT) {
      head.append("Content-Length: ").append(length).append("\r\n");
    }
    return head.append("\r\n").toString();
  }
}
