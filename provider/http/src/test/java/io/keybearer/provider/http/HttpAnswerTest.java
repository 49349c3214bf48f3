package io.keybearer.provider.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.keybearer.provider.Fault.Kind;
import io.keybearer.provider.SecretBytes;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HttpAnswerTest {

  private static HttpAnswer answer(int status, String retryAfter) {
    return new HttpAnswer(
        status, Map.of("retry-after", List.of(retryAfter)), SecretBytes.copyOf(new byte[3]));
  }

  @ParameterizedTest
  @CsvSource({
    "200, '', NONE, 0",
    "404, '', NONE, 0",
    "403, 5, NONE, 0",
    "412, '', BEHIND, 0",
    "429, '', THROTTLED, 0",
    "429, 7, THROTTLED, 7",
    "429, 'Fri, 31 Dec 1999 23:59:59 GMT', THROTTLED, 0",
    "429, -1, THROTTLED, 0",
    "429, 99999999999, THROTTLED, 0",
    "500, '', SERVER_ERROR, 0",
    "503, '', SERVER_ERROR, 0",
    "503, 0, SERVER_ERROR, 0",
    "503, 9, THROTTLED, 9",
    "599, '', SERVER_ERROR, 0",
  })
  void tellsWhatItsStatusMeans(int status, String retryAfter, Kind kind, int seconds) {
    HttpAnswer answer = answer(status, retryAfter);

    assertThat(answer.fault().kind()).isEqualTo(kind);
    assertThat(answer.fault().retryAfter()).isEqualTo(Duration.ofSeconds(seconds));
  }

  @ParameterizedTest
  @CsvSource({"199, false", "200, true", "204, true", "299, true", "300, false", "500, false"})
  void knowsASuccess(int status, boolean success) {
    assertThat(answer(status, "").isSuccess()).isEqualTo(success);
  }

  @Test
  void tellsNothingOfItsContent() {
    assertThat(answer(200, "s3cret")).hasToString("HttpAnswer[200, 3 bytes]");
  }
}
