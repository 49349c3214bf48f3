package io.keybearer.provider.text;

import static org.assertj.core.api.Assertions.assertThat;

import io.keybearer.provider.MountFailure;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The right-hand sides are what Go 1.26 wrote. */
final class GoJsonTest {

  private static String written(String json) throws MountFailure {
    return GoJson.of(JsonTree.read("test", json));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"b\": 1, \"a\": 2}|{\"a\":2,\"b\":1}",
        "{\"é\":1,\"z\":2,\"A\":3}|{\"A\":3,\"z\":2,\"é\":1}",
        "[ 1.0 , 12345678901234567890, 1e0 ]|[1.0,12345678901234567890,1e0]",
        "\"<a>&\\u2028\\u2029\"|\"\\u003ca\\u003e\\u0026\\u2028\\u2029\"",
        "\"\\b\\f\\n\\r\\t\\u0001\\u001f\\u007f\"|\"\\b\\f\\n\\r\\t\\u0001\\u001f\u007f\"",
        "\"\\\"\\\\\\/\"|\"\\\"\\\\/\"",
        "\"\\ud83d\\ude00\"|\"😀\"",
        "[true,false,null,{},[]]|[true,false,null,{},[]]",
      })
  void writesAsGoDoes(String json, String expected) throws MountFailure {
    assertThat(written(json)).isEqualTo(expected);
  }

  @Test
  void replacesHalfOfAPair() throws MountFailure {
    assertThat(written("\"a\\ud800b\"")).isEqualTo("\"a\uFFFDb\"");
  }

  @Test
  void sortsKeysByTheirBytesAndNotByJavasCharacters() throws MountFailure {
    assertThat(written("{\"\\ud83d\\ude00\":1,\"\\uffee\":2}"))
        .isEqualTo("{\"\uFFEE\":2,\"😀\":1}");
  }
}
