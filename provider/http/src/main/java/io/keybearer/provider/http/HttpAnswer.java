package io.keybearer.provider.http;

import io.keybearer.provider.Fault;
import io.keybearer.provider.SecretBytes;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a server answered, whatever its status.
 *
 * @param status the status code
 * @param headers by name in lower case
 * @param body all of it, as it came
 */
public record HttpAnswer(int status, Map<String, List<String>> headers, SecretBytes body) {

  private static final int PRECONDITION_FAILED = 412;
  private static final int TOO_MANY_REQUESTS = 429;
  private static final int SERVER_ERROR = 500;
  private static final int UNAVAILABLE = 503;
  private static final Pattern SECONDS = Pattern.compile("\\d{1,9}");

  /** Whether it is a 2xx. */
  public boolean isSuccess() {
    return isSuccess(status);
  }

  static boolean isSuccess(int status) {
    return status >= 200 && status < 300;
  }

  /** The first header of that name, which is in lower case. */
  public Optional<String> header(String name) {
    return headers.getOrDefault(name, List.of()).stream().findFirst();
  }

  /** How long the server wants to be left alone, in seconds as every store writes it; or zero. */
  public Duration retryAfter() {
    return header("retry-after").map(HttpAnswer::retryAfter).orElse(Duration.ZERO);
  }

  /** What such a header says. */
  public static Duration retryAfter(String header) {
    return SECONDS.matcher(header).matches()
        ? Duration.ofSeconds(Long.parseLong(header))
        : Duration.ZERO;
  }

  /** What its status means to whoever decides what is tried again. */
  public Fault fault() {
    if (status == TOO_MANY_REQUESTS || (status == UNAVAILABLE && !retryAfter().isZero())) {
      return Fault.throttled(retryAfter());
    }
    if (status == PRECONDITION_FAILED) {
      return Fault.of(Fault.Kind.BEHIND);
    }
    return status >= SERVER_ERROR ? Fault.of(Fault.Kind.SERVER_ERROR) : Fault.none();
  }

  /** Status and length only: headers may hold tokens. */
  @Override
  public String toString() {
    return "HttpAnswer[" + status + ", " + body.length() + " bytes]";
  }
}
