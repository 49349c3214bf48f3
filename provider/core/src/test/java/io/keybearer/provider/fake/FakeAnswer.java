package io.keybearer.provider.fake;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** An HTTP answer: status, headers in their order, body. */
public final class FakeAnswer {

  private final int status;
  private final Map<String, String> headers;
  private final byte[] body;

  private FakeAnswer(int status, Map<String, String> headers, byte[] body) {
    this.status = status;
    this.headers = headers;
    this.body = body;
  }

  /** One without headers. */
  public static FakeAnswer of(int status, byte[] body) {
    return new FakeAnswer(status, Map.of(), body.clone());
  }

  /** A text of some type. */
  public static FakeAnswer of(int status, String contentType, String body) {
    return of(status, body.getBytes(StandardCharsets.UTF_8)).with("Content-Type", contentType);
  }

  /** The same with another header, or another value of it. */
  public FakeAnswer with(String name, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(name, value);
    return new FakeAnswer(status, more, body);
  }

  /** Its status code. */
  public int status() {
    return status;
  }

  /** Its body as a text. */
  public String body() {
    return new String(body, StandardCharsets.UTF_8);
  }

  /** The whole of it as sent. */
  public byte[] wire() {
    return wire(body.length, body.length);
  }

  /** Status line and headers, as the answer to {@code HEAD} is. */
  public byte[] head() {
    return wire(body.length, 0);
  }

  /** Status line, headers and half of the body. */
  byte[] half() {
    return wire(body.length, body.length / 2);
  }

  /** The whole of it without a word of its length: the body ends with the connection. */
  byte[] endless() {
    return wire(-1, body.length);
  }

  private byte[] wire(int told, int sent) {
    StringBuilder head = new StringBuilder("HTTP/1.1 " + status + " " + reason() + "\r\n");
    headers.forEach((name, value) -> head.append(name + ": " + value + "\r\n"));
    if (status != 204 && told >= 0) {
      head.append("Content-Length: " + told + "\r\n");
    }
    ByteArrayOutputStream wire = new ByteArrayOutputStream();
    wire.writeBytes(head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
    wire.write(body, 0, sent);
    return wire.toByteArray();
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
