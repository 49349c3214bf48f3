package io.keybearer.e2e.store;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ProtocolException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * One HTTP/1.1 request.
 *
 * @param method {@code GET}
 * @param path what stands before the question mark, decoded
 * @param query what stands behind it, as it was sent; else empty
 * @param headers by their names in lower case
 * @param body its text, or empty
 */
record StoreRequest(
    String method, String path, String query, Map<String, String> headers, String body) {

  private static final int MAX_LINE = 64 * 1024;
  private static final int MAX_HEADERS = 100;
  private static final int MAX_BODY = 16 * 1024 * 1024;

  /**
   * Reads the next request; empty where the client has closed its side.
   *
   * @throws ProtocolException for what is no request that this server understands
   * @throws IOException for a connection that broke
   */
  static Optional<StoreRequest> read(InputStream in) throws IOException {
    Optional<String> first = line(in);
    if (first.isEmpty()) {
      return Optional.empty();
    }
    String[] words = first.get().split(" ", -1);
    if (words.length != 3 || !words[2].equals("HTTP/1.1")) {
      throw new ProtocolException("no HTTP/1.1 request");
    }
    int mark = words[1].indexOf('?');
    String path = mark < 0 ? words[1] : words[1].substring(0, mark);
    String query = mark < 0 ? "" : words[1].substring(mark + 1);
    Map<String, String> headers = headers(in);
    return Optional.of(new StoreRequest(words[0], decode(path), query, headers, body(in, headers)));
  }

  /** The header of that name in lower case, or empty. */
  String header(String name) {
    return headers.getOrDefault(name, "");
  }

  /** Whether the client wants the connection closed behind the answer. */
  boolean isLast() {
    return header("connection").equalsIgnoreCase("close");
  }

  private static Map<String, String> headers(InputStream in) throws IOException {
    Map<String, String> headers = new HashMap<>();
    for (String line = needed(in); !line.isEmpty(); line = needed(in)) {
      int colon = line.indexOf(':');
      if (colon < 1 || headers.size() == MAX_HEADERS) {
        throw new ProtocolException("a header without a name, or too many headers");
      }
      headers.put(
          line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
    }
    return headers;
  }

  private static String body(InputStream in, Map<String, String> headers) throws IOException {
    if (headers.containsKey("transfer-encoding")) {
      throw new ProtocolException("a body without its length");
    }
    int length = number(headers.getOrDefault("content-length", "0"));
    byte[] body = in.readNBytes(length);
    if (body.length < length) {
      throw new EOFException("the connection ended in a body");
    }
    return new String(body, StandardCharsets.UTF_8);
  }

  private static int number(String text) throws ProtocolException {
    if (!text.matches("\\d{1,8}") || Integer.parseInt(text) > MAX_BODY) {
      throw new ProtocolException("a length that is no number, or too large");
    }
    return Integer.parseInt(text);
  }

  private static String decode(String path) throws ProtocolException {
    try {
      // A plus is a plus in a path; the decoder is one for forms.
      return URLDecoder.decode(path.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new ProtocolException("a path with a bad escape");
    }
  }

  private static String needed(InputStream in) throws IOException {
    return line(in).orElseThrow(() -> new EOFException("the connection ended in a head"));
  }

  private static Optional<String> line(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0) {
        if (line.size() == 0) {
          return Optional.empty();
        }
        throw new EOFException("the connection ended in a line");
      }
      if (line.size() == MAX_LINE) {
        throw new ProtocolException("a line that is too long");
      }
      line.write(next);
    }
    String text = line.toString(StandardCharsets.ISO_8859_1);
    return Optional.of(text.endsWith("\r") ? text.substring(0, text.length() - 1) : text);
  }
}
