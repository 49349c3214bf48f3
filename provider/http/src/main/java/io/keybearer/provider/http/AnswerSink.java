package io.keybearer.provider.http;

import io.keybearer.provider.ByteAllowance;
import io.keybearer.provider.MountFailure;
import io.keybearer.provider.SecretBytes;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Takes an answer as it comes, and ends it where it is too large. One thread at a time calls it,
 * each seeing what the one before did.
 */
final class AnswerSink {

  /** Takes a line of a body, or nobody wants them. */
  private static final HttpStack.LineReader NOBODY = line -> {};

  private static final String CHUNKED = "chunked";
  private static final Pattern LENGTH = Pattern.compile("\\d{1,18}");

  private final HttpLimits limits;
  private final HttpFailures failures;
  private final ByteAllowance arrived;
  private final HttpStack.LineReader lines;
  private final ByteArrayOutputStream body = new ByteArrayOutputStream();
  private int status;
  private boolean hasHead;
  private Map<String, List<String>> headers = Map.of();

  private AnswerSink(
      HttpLimits limits, HttpFailures failures, ByteAllowance arrived, HttpStack.LineReader lines) {
    this.limits = limits;
    this.failures = failures;
    this.arrived = arrived;
    this.lines = lines;
  }

  /** One that keeps the body. */
  static AnswerSink whole(HttpLimits limits, HttpFailures failures, ByteAllowance arrived) {
    return new AnswerSink(limits, failures, arrived, NOBODY);
  }

  /** One that passes on the lines of a 2xx answer, and keeps the body of any other. */
  static AnswerSink lines(HttpLimits limits, HttpFailures failures, HttpStack.LineReader lines) {
    return new AnswerSink(limits, failures, bytes -> {}, lines);
  }

  HttpFailures failures() {
    return failures;
  }

  HttpLimits limits() {
    return limits;
  }

  /**
   * Takes the head.
   *
   * @throws MountFailure if it is too large, or leaves open where the body ends
   */
  void head(int code, Map<String, List<String>> received) throws MountFailure {
    long bytes = 0;
    Map<String, List<String>> kept = new LinkedHashMap<>();
    for (Map.Entry<String, List<String>> header : received.entrySet()) {
      for (String value : header.getValue()) {
        bytes += header.getKey().length() + value.length() + 4;
      }
      kept.put(header.getKey().toLowerCase(Locale.ROOT), List.copyOf(header.getValue()));
    }
    if (bytes > limits.mostHeadBytes()) {
      throw failures.tooLarge("headers", limits.mostHeadBytes());
    }
    requireOneLength(kept);
    status = code;
    headers = kept;
    hasHead = true;
  }

  /** What RFC 9112, section 6.3, has to be refused: somebody between may see another end. */
  private void requireOneLength(Map<String, List<String>> received) throws MountFailure {
    List<String> codings = received.getOrDefault("transfer-encoding", List.of());
    Set<String> lengths = Set.copyOf(received.getOrDefault("content-length", List.of()));
    boolean coded = !codings.isEmpty();
    boolean clear =
        coded
            ? lengths.isEmpty() && codings.size() == 1 && CHUNKED.equalsIgnoreCase(codings.get(0))
            : lengths.size() <= 1
                && lengths.stream().allMatch(each -> LENGTH.matcher(each).matches());
    if (!clear) {
      throw failures.notHttp();
    }
  }

  /**
   * Takes a part of the body.
   *
   * @throws MountFailure if it is too much, for this answer or for whoever asked
   */
  void body(byte[] bytes, int offset, int length) throws MountFailure {
    if (!tellsLines()) {
      keep(bytes, offset, length);
      return;
    }
    int begin = offset;
    for (int i = offset; i < offset + length; i++) {
      if (bytes[i] == '\n') {
        keep(bytes, begin, i - begin);
        begin = i + 1;
        tell();
      }
    }
    keep(bytes, begin, offset + length - begin);
  }

  /**
   * Takes the end of the body, where a last line may stand without one.
   *
   * @throws MountFailure as the reader of lines does
   */
  void end() throws MountFailure {
    if (tellsLines() && body.size() > 0) {
      tell();
    }
  }

  private void tell() throws MountFailure {
    String line = body.toString(StandardCharsets.UTF_8);
    body.reset();
    lines.line(line.endsWith("\r") ? line.substring(0, line.length() - 1) : line);
  }

  private boolean tellsLines() {
    return lines != NOBODY && HttpAnswer.isSuccess(status);
  }

  private void keep(byte[] bytes, int offset, int length) throws MountFailure {
    if (body.size() + (long) length > limits.mostBodyBytes()) {
      throw failures.tooLarge("body", limits.mostBodyBytes());
    }
    arrived.add(length);
    body.write(bytes, offset, length);
  }

  boolean hasHead() {
    return hasHead;
  }

  /** The answer so far. */
  HttpAnswer answer() {
    return new HttpAnswer(status, headers, SecretBytes.copyOf(body.toByteArray()));
  }
}
