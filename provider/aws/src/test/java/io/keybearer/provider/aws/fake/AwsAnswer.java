package io.keybearer.provider.aws.fake;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** An HTTP answer: status, headers in their order, body. */
final class AwsAnswer {

  private final int status;
  private final Map<String, String> headers;
  private final byte[] body;

  private AwsAnswer(int status, Map<String, String> headers, byte[] body) {
    this.status = status;
    this.headers = headers;
    this.body = body;
  }

  static AwsAnswer of(int status, String contentType, String body) {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("Content-Type", contentType);
    return new AwsAnswer(status, headers, body.getBytes(StandardCharsets.UTF_8));
  }

  /** The same with another header. */
  AwsAnswer with(String name, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(name, value);
    return new AwsAnswer(status, more, body);
  }

  int status() {
    return status;
  }

  String body() {
    return new String(body, StandardCharsets.UTF_8);
  }

  /** The whole of it as sent. */
  byte[] wire() {
    ByteArrayOutputStream wire = new ByteArrayOutputStream();
    wire.writeBytes(head(body.length));
    wire.writeBytes(body);
    return wire.toByteArray();
  }

  /** Status line, headers and half of the body. */
  byte[] half() {
    ByteArrayOutputStream wire = new ByteArrayOutputStream();
    wire.writeBytes(head(body.length));
    wire.write(body, 0, body.length / 2);
    return wire.toByteArray();
  }

  /**
   * Status line and headers.
   *
   * @param length what they tell of the body's length; less than 0 for a body that ends with the
   *     connection
   */
  byte[] head(long length) {
    StringBuilder head = new StringBuilder("HTTP/1.1 " + status + " " + reason() + "\r\n");
    headers.forEach((name, value) -> head.append(name + ": " + value + "\r\n"));
    if (length >= 0) {
      head.append("Content-Length: " + length + "\r\n");
    }
    return head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
  }

  private String reason() {
    return switch (status) {
      case 200 -> "OK";
      case 400 -> "Bad Request";
      case 403 -> "Forbidden";
      case 404 -> "Not Found";
      case 429 -> "Too Many Requests";
      case 500 -> "Internal Server Error";
      case 503 -> "Service Unavailable";
      default -> "Status";
    };
  }
}
