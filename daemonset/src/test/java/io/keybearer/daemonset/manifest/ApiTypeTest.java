package io.keybearer.daemonset.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import io.keybearer.provider.Place;
import io.keybearer.provider.text.YamlNode.Scalar;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ApiTypeTest {

  private static Scalar plain(String text) {
    return new Scalar(text, true, Place.of(""));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"true", "False", "yes", "NO", "on", "Off", "y", "Y", "n", "N", "TRUE", "OFF"})
  void takesTheWordsOfYaml11ForBooleans(String text) {
    assertThat(ApiType.of(plain(text), "")).isEqualTo(ApiType.BOOLEAN);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0",
        "1",
        "-1",
        "+5",
        "0644",
        "0o17",
        "0x1F",
        "0b101",
        "08",
        "1_000",
        "1.5",
        ".5",
        "1.",
        "1e3",
        "-1.5E-7",
        "99999999999999999999",
        ".inf",
        "-.Inf",
        "+.INF",
        ".nan",
        ".NaN",
        "0_7"
      })
  void takesForNumbersWhatGoDoes(String text) {
    assertThat(ApiType.of(plain(text), "")).isEqualTo(ApiType.NUMBER);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "~", "null", "Null", "NULL"})
  void takesNullForNothing(String text) {
    assertThat(ApiType.of(plain(text), "")).isEqualTo(ApiType.NULL);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "yEs",
        "nULL",
        "tRue",
        "strict",
        "2026-11-21",
        "2026-11-21T10:00:00Z",
        "12:30",
        "1:30:00",
        "1.2.3",
        "0x",
        "0b2",
        "0o8",
        "-",
        ".",
        "+",
        "e3",
        "1e",
        "10m",
        "1h30m",
        ".5.",
        "._5",
        "-.nan",
        "#x",
        "a b"
      })
  void leavesOtherWordsAsTexts(String text) {
    assertThat(ApiType.of(plain(text), "")).isEqualTo(ApiType.TEXT);
  }

  @ParameterizedTest
  @ValueSource(strings = {"true", "1", "", "~", "null"})
  void takesWhatIsQuotedForText(String text) {
    assertThat(ApiType.of(new Scalar(text, false, Place.of("")), "")).isEqualTo(ApiType.TEXT);
  }

  @ParameterizedTest
  @CsvSource({
    "!!str, TEXT",
    "!, TEXT",
    "!!bool, BOOLEAN",
    "!!int, NUMBER",
    "!!float, NUMBER",
    "!!null, NULL",
    "!mine, BOOLEAN"
  })
  void heedsATag(String tag, ApiType type) {
    assertThat(ApiType.of(plain("true"), tag)).isEqualTo(type);
  }

  @Test
  void hasWordsForAMessage() {
    assertThat(ApiType.values())
        .extracting(ApiType::toString)
        .containsExactly("a text", "a boolean", "a number", "nothing");
  }
}
