package io.keybearer.provider.http;

import io.keybearer.provider.MountFailure;
import java.io.EOFException;
import java.io.IOException;
import java.net.ProtocolException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads one HTTP/1.1 answer (RFC 9112) of a connection that has no other. Whatever stands before
 * the body counts as head, also what stands between its chunks.
 */
final class AnswerReader {

  private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[01] (\\d{3})( .*)?");
  private static final Pattern CHUNK = Pattern.compile("([0-9a-fA-F]{1,8})\\s*(;.*)?");
  private static final Pattern HEADER =
      Pattern.compile("([-!#$%&'*+.^_`|~0-9A-Za-z]+):[ \t]*([^\\x00-\\x08\\x0a-\\x1f\\x7f]*)");
  private static final int FIRST_INTERIM = 100;
  private static final int SWITCHING = 101;
  private static final int LAST_INTERIM = 199;
  private static final int NO_CONTENT = 204;
  private static final int NOT_MODIFIED = 304;
  private static final int HEXADECIMAL = 16;

  /** Gives bytes as they arrive. */
  @FunctionalInterface
  interface Source {

    /**
     * Reads at least one byte.
     *
     * @throws EOFException at the end
     */
    int read(byte[] into) throws IOException;
  }

  private final Source source;
  private final AnswerSink sink;
  private final byte[] buffer = new byte[8 * 1024];
  private int position;
  private int end;
  private int headBytes;

  AnswerReader(Source source, AnswerSink sink) {
    this.source = source;
    this.sink = sink;
  }

  /**
   * Gives the sink the answer to a request of that method.
   *
   * @throws ProtocolException if it is no HTTP/1.1
   * @throws EOFException if it ends before its end
   * @throws MountFailure what the sink throws, or if the head is too large
   */
  void read(String method) throws IOException, MountFailure {
    int status = status();
    Map<String, List<String>> headers = headers();
    while (status <= LAST_INTERIM) {
      status = status();
      headers = headers();
    }
    sink.head(status, headers);
    if (!method.equals("HEAD") && status != NO_CONTENT && status != NOT_MODIFIED) {
      body(headers);
    }
    sink.end();
  }

  private int status() throws IOException, MountFailure {
    Matcher start = STATUS.matcher(line());
    if (!start.matches()) {
      throw new ProtocolException("no status line");
    }
    int status = Integer.parseInt(start.group(1));
    if (status < FIRST_INTERIM || status == SWITCHING) {
      throw new ProtocolException("a status that nothing asked for");
    }
    return status;
  }

  private Map<String, List<String>> headers() throws IOException, MountFailure {
    Map<String, List<String>> headers = new LinkedHashMap<>();
    for (String line = line(); !line.isEmpty(); line = line()) {
      Matcher header = HEADER.matcher(line);
      if (!header.matches()) {
        throw new ProtocolException("a header that is none");
      }
      headers
          .computeIfAbsent(header.group(1).toLowerCase(Locale.ROOT), name -> new ArrayList<>())
          .add(header.group(2).strip());
    }
    return headers;
  }

  private void body(Map<String, List<String>> headers) throws IOException, MountFailure {
    List<String> lengths = headers.getOrDefault("content-length", List.of());
    if (headers.containsKey("transfer-encoding")) {
      // The sink takes no other coding.
      chunks();
    } else if (!lengths.isEmpty()) {
      pass(Long.parseLong(lengths.get(0)));
    } else {
      passAll();
    }
  }

  private void chunks() throws IOException, MountFailure {
    for (long length = chunk(); length > 0; length = chunk()) {
      pass(length);
      if (!line().isEmpty()) {
        throw new ProtocolException("a chunk that goes on behind its end");
      }
    }
    headers();
  }

  private long chunk() throws IOException, MountFailure {
    Matcher size = CHUNK.matcher(line());
    if (!size.matches()) {
      throw new ProtocolException("a chunk without a size");
    }
    return Long.parseLong(size.group(1), HEXADECIMAL);
  }

  private void pass(long length) throws IOException, MountFailure {
    long left = length;
    while (left > 0) {
      fill();
      int count = (int) Math.min(end - position, left);
      sink.body(buffer, position, count);
      position += count;
      left -= count;
    }
  }

  /** As long as it goes on. */
  private void passAll() throws IOException, MountFailure {
    try {
      while (true) {
        fill();
        sink.body(buffer, position, end - position);
        position = end;
      }
    } catch (EOFException e) {
      // The connection's end is the body's.
    }
  }

  private String line() throws IOException, MountFailure {
    StringBuilder line = new StringBuilder();
    for (int next = headByte(); next != '\n'; next = headByte()) {
      line.append((char) next);
    }
    int length = line.length();
    return length > 0 && line.charAt(length - 1) == '\r'
        ? line.substring(0, length - 1)
        : line.toString();
  }

  /** Line ends count too, or interim answers could go on for ever. */
  private int headByte() throws IOException, MountFailure {
    if (++headBytes > sink.limits().mostHeadBytes()) {
      throw sink.failures().tooLarge("headers", sink.limits().mostHeadBytes());
    }
    return nextByte();
  }

  private int nextByte() throws IOException {
    fill();
    return buffer[position++] & 0xff;
  }

  private void fill() throws IOException {
    if (position == end) {
      position = 0;
      end = 0;
      end = source.read(buffer);
    }
  }
}
