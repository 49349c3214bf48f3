package io.keybearer.provider.fake;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.ProtocolException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * An HTTP request as it arrived.
 *
 * @param rawPath the path as written, escapes and all
 * @param headers by names in any case; values of one name are joined by commas
 * @param certificates the client's own first; none without TLS or without one
 */
public record FakeRequest(
    String method,
    String rawPath,
    String rawQuery,
    Map<String, String> headers,
    String body,
    List<X509Certificate> certificates) {

  private static final int MOST_HEAD = 1024 * 1024;

  /** The next request of a connection; nothing where it has ended. */
  static Optional<FakeRequest> read(InputStream in, List<X509Certificate> certificates)
      throws IOException {
    String start = line(in);
    if (start.isEmpty()) {
      return Optional.empty();
    }
    String[] parts = start.split(" ", -1);
    if (parts.length != 3) {
      throw new ProtocolException("malformed request line");
    }
    Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    for (String next = line(in); !next.isEmpty(); next = line(in)) {
      int colon = next.indexOf(':');
      if (colon < 1) {
        throw new ProtocolException("malformed header");
      }
      headers.merge(
          next.substring(0, colon), next.substring(colon + 1).strip(), (a, b) -> a + "," + b);
    }
    String[] target = parts[1].split("\\?", 2);
    return Optional.of(
        new FakeRequest(
            parts[0],
            target[0],
            target.length > 1 ? target[1] : "",
            headers,
            body(in, headers).toString(StandardCharsets.UTF_8),
            certificates));
  }

  /** A header's value; empty for none. */
  public String header(String name) {
    return headers.getOrDefault(name, "");
  }

  /** The path with its escapes resolved. */
  public String path() {
    return decode(rawPath.replace("+", "%2B"));
  }

  /** Whether the client wants no further answer on this connection. */
  boolean isLast() {
    return header("Connection").equalsIgnoreCase("close");
  }

  /** Names and values of the query, decoded. */
  public Map<String, String> query() {
    return form(rawQuery);
  }

  /** Names and values of a form or of a query, decoded; the first of each name. */
  public static Map<String, String> form(String text) {
    Map<String, String> values = new LinkedHashMap<>();
    for (String pair : text.split("&", -1)) {
      if (!pair.isEmpty()) {
        String[] parts = pair.split("=", 2);
        values.putIfAbsent(decode(parts[0]), parts.length > 1 ? decode(parts[1]) : "");
      }
    }
    return values;
  }

  private static String decode(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }

  private static ByteArrayOutputStream body(InputStream in, Map<String, String> headers)
      throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    if (headers.getOrDefault("Transfer-Encoding", "").toLowerCase(Locale.ROOT).equals("chunked")) {
      for (int size = chunk(in); size > 0; size = chunk(in)) {
        body.writeBytes(in.readNBytes(size));
        line(in);
      }
      line(in);
      return body;
    }
    body.writeBytes(in.readNBytes(Integer.parseInt(headers.getOrDefault("Content-Length", "0"))));
    return body;
  }

  private static int chunk(InputStream in) throws IOException {
    return Integer.parseInt(line(in).split(";", 2)[0].strip(), 16);
  }

  private static String line(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0) {
        return "";
      }
      if (line.size() > MOST_HEAD) {
        throw new ProtocolException("a line too long");
      }
      line.write(next);
    }
    return line.toString(StandardCharsets.UTF_8).stripTrailing();
  }

  /** Nothing of its body or its headers: they hold tokens and values. */
  @Override
  public String toString() {
    return method + " " + rawPath;
  }
}
