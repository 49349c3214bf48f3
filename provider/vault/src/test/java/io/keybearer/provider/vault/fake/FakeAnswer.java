package io.keybearer.provider.vault.fake;

import io.keybearer.provider.text.JsonNode;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** An HTTP answer: status, headers in their order, body. */
final class FakeAnswer {

  static final String JSON = "application/json";

  private final int status;
  private final Map<String, String> headers;
  private final byte[] body;

  FakeAnswer(int status, Map<String, String> headers, byte[] body) {
    this.status = status;
    this.headers = headers;
    this.body = body;
  }

  int status() {
    return status;
  }

  Map<String, String> headers() {
    return headers;
  }

  byte[] body() {
    return body;
  }

  /** JSON with the line end that Go's encoder adds. */
  static FakeAnswer json(int status, JsonNode body) {
    return text(status, JSON, GoJson.text(body) + "\n");
  }

  static FakeAnswer text(int status, String contentType, String body) {
    return bytes(status, contentType, body.getBytes(StandardCharsets.UTF_8));
  }

  static FakeAnswer bytes(int status, String contentType, byte[] body) {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("Cache-Control", "no-store");
    if (!contentType.isEmpty()) {
      headers.put("Content-Type", contentType);
    }
    return new FakeAnswer(status, headers, body);
  }

  static FakeAnswer nothing(int status) {
    return bytes(status, JSON, new byte[0]);
  }

  FakeAnswer with(String name, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(name, value);
    return new FakeAnswer(status, more, body);
  }

  /** The whole of it as sent. */
  byte[] wire(boolean withBody) {
    ByteArrayOutputStream wire = new ByteArrayOutputStream();
    wire.writeBytes(head());
    if (withBody) {
      wire.writeBytes(body);
    }
    return wire.toByteArray();
  }

  /** Status line and headers, which tell the body's length where one is allowed. */
  byte[] head() {
    return head(body.length);
  }

  byte[] head(long length) {
    StringBuilder head = new StringBuilder("HTTP/1.1 " + status + " " + reason() + "\r\n");
    headers.forEach((name, value) -> head.append(name + ": " + value + "\r\n"));
    if (status != 204 && length >= 0) {
      head.append("Content-Length: " + length + "\r\n");
    }
    return head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
  }

  private String reason() {
    return switch (status) {
      case 200 -> "OK";
      case 204 -> "No Content";
      case 301 -> "Moved Permanently";
      case 307 -> "Temporary Redirect";
      case 400 -> "Bad Request";
      case 403 -> "Forbidden";
      case 404 -> "Not Found";
      case 405 -> "Method Not Allowed";
      case 429 -> "Too Many Requests";
      case 500 -> "Internal Server Error";
      case 503 -> "Service Unavailable";
      default -> "Status";
    };
  }
}
