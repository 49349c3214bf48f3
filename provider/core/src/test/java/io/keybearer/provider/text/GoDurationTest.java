package io.keybearer.provider.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GoDurationTest {

  @ParameterizedTest
  @CsvSource({
    "0s, PT0S",
    "45s, PT45S",
    "1m30s, PT1M30S",
    "2h, PT2H",
    "1.5s, PT1.5S",
    "250ms, PT0.25S",
    "3us, PT0.000003S",
    "3µs, PT0.000003S",
    "7ns, PT0.000000007S",
    "0.5h, PT30M",
  })
  void readsWhatGoWrites(String text, Duration duration) {
    assertThat(GoDuration.of(text)).contains(duration);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "45", "s", "-1s", "1m 30s", "1d", "45sx", "x45s", "PT45S", "9999999h"})
  void takesNothingElse(String text) {
    assertThat(GoDuration.of(text)).isEmpty();
  }
}
