package io.keybearer.e2e.client;

import io.keybearer.provider.ByteAllowance;
import io.keybearer.provider.MountFailure;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.ProtocolException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads one HTTP/1.1 answer, with bounds for its head and its body. */
final class HttpReader {

  private static final int MOST_HEAD = 16 * 1024;
  private static final int MOST_BODY = 4 * 1024 * 1024;
  private static final int NO_CONTENT = 204;
  private static final Pattern STATUS = Pattern.compile("HTTP/1\\.1 (\\d{3})( .*)?");
  private static final Pattern NUMBER = Pattern.compile("\\d{1,9}");

  /** Gives bytes as they arrive. */
  @FunctionalInterface
  interface Source {
    /** Reads at least one byte, or gives -1 at the end. */
    int read(byte[] into) throws IOException;
  }

  private final Source source;
  private final StoreFailures failures;
  private final byte[] buffer = new byte[8 * 1024];
  private int position;
  private int end;
  private int headBytes;

  HttpReader(Source source, StoreFailures failures) {
    this.source = source;
    this.failures = failures;
  }

  /**
   * Reads the answer.
   *
   * @param arrived told of the body's bytes
   * @throws ProtocolException if it is no HTTP/1.1
   * @throws EOFException if it ends before its end
   */
  HttpAnswer read(ByteAllowance arrived) throws IOException, MountFailure {
    Matcher start = STATUS.matcher(line());
    if (!start.matches()) {
      throw new ProtocolException("no status line");
    }
    int status = Integer.parseInt(start.group(1));
    Map<String, String> headers = headers();
    if (headers.containsKey("transfer-encoding")) {
      throw new ProtocolException("a coding that nobody asked for");
    }
    byte[] body = status == NO_CONTENT ? new byte[0] : body(headers, arrived);
    boolean isLast =
        headers.getOrDefault("connection", "").equalsIgnoreCase("close")
            || !(headers.containsKey("content-length") || status == NO_CONTENT)
            || position < end;
    return new HttpAnswer(status, retryAfter(headers), isLast, body);
  }

  private Map<String, String> headers() throws IOException, MountFailure {
    Map<String, String> headers = new HashMap<>();
    for (String line = line(); !line.isEmpty(); line = line()) {
      int colon = line.indexOf(':');
      if (colon < 1) {
        throw new ProtocolException("a header without a name");
      }
      headers.put(
          line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
    }
    return headers;
  }

  private static Duration retryAfter(Map<String, String> headers) {
    String seconds = headers.getOrDefault("retry-after", "");
    return NUMBER.matcher(seconds).matches()
        ? Duration.ofSeconds(Long.parseLong(seconds))
        : Duration.ZERO;
  }

  private String line() throws IOException, MountFailure {
    StringBuilder line = new StringBuilder();
    for (int next = nextByte(); next != '\n'; next = nextByte()) {
      if (++headBytes > MOST_HEAD) {
        throw failures.tooLarge("headers", MOST_HEAD);
      }
      line.append((char) next);
    }
    int length = line.length();
    return length > 0 && line.charAt(length - 1) == '\r'
        ? line.substring(0, length - 1)
        : line.toString();
  }

  private int nextByte() throws IOException {
    if (position == end && !fill()) {
      throw new EOFException();
    }
    return buffer[position++] & 0xff;
  }

  private boolean fill() throws IOException {
    position = 0;
    end = Math.max(0, source.read(buffer));
    return end > 0;
  }

  /** As long as the head says, or as it goes on. */
  private byte[] body(Map<String, String> headers, ByteAllowance arrived)
      throws IOException, MountFailure {
    String length = headers.getOrDefault("content-length", "");
    if (!length.isEmpty() && !NUMBER.matcher(length).matches()) {
      throw new ProtocolException("a length that is no number");
    }
    int wanted = length.isEmpty() ? Integer.MAX_VALUE : Integer.parseInt(length);
    if (wanted > MOST_BODY && !length.isEmpty()) {
      throw failures.tooLarge("body", MOST_BODY);
    }
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    while (body.size() < wanted) {
      if (position == end && !fill()) {
        if (length.isEmpty()) {
          break;
        }
        throw new EOFException();
      }
      take(body, wanted - body.size(), arrived);
    }
    return body.toByteArray();
  }

  private void take(ByteArrayOutputStream body, int most, ByteAllowance arrived)
      throws MountFailure {
    int count = Math.min(end - position, most);
    if (body.size() + count > MOST_BODY) {
      throw failures.tooLarge("body", MOST_BODY);
    }
    arrived.add(count);
    body.write(buffer, position, count);
    position += count;
  }
}
