package io.keybearer.provider.http;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A request as a server of the tests got it.
 *
 * @param lines request line and headers
 * @param body as UTF-8
 * @param sni the names that TLS told, if any
 * @param client the subject of the client's certificate, empty without one
 */
record SeenRequest(List<String> lines, String body, List<String> sni, String client) {

  /** Reads one. */
  static SeenRequest read(InputStream in, List<String> sni, String client) throws IOException {
    List<String> lines = new ArrayList<>();
    for (String line = line(in); !line.isEmpty(); line = line(in)) {
      lines.add(line);
    }
    SeenRequest head = new SeenRequest(lines, "", sni, client);
    int length = head.header("content-length").map(Integer::parseInt).orElse(0);
    byte[] body = in.readNBytes(length);
    if (body.length < length) {
      throw new EOFException();
    }
    String text = new String(body, StandardCharsets.UTF_8);
    return new SeenRequest(lines, text, sni, client);
  }

  private static String line(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0) {
        throw new EOFException();
      }
      line.write(next);
    }
    return line.toString(StandardCharsets.ISO_8859_1).stripTrailing();
  }

  /** Method, target and version. */
  String start() {
    return lines.get(0);
  }

  /** The header of that name, in lower case; many are joined. */
  Optional<String> header(String name) {
    List<String> values =
        lines.stream()
            .skip(1)
            .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(name + ":"))
            .map(line -> line.substring(name.length() + 1).strip())
            .toList();
    return values.isEmpty() ? Optional.empty() : Optional.of(String.join(" + ", values));
  }
}
