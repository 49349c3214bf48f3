package io.keybearer.e2e.driver;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

final class GoTextTest {
  @Test
  @DisplayName("rule 6: JSON escapes what HTML would read, line separators, control characters")
  void jsonEscapes() {
    assertThat(GoText.json("<>&\u2028\u2029\"\\/\b\f\n\r\t\u0000\u001f\u007fü😀"))
        .isEqualTo(
            "\"\\u003c\\u003e\\u0026\\u2028\\u2029\\\"\\\\/\\b\\f\\n\\r\\t\\u0000\\u001f\u007fü😀\"");
  }

  @Test
  @DisplayName("rule 6: JSON replaces what is no text")
  void jsonReplacesHalfPairs() {
    assertThat(GoText.json("a\ud800b")).isEqualTo("\"a\\ufffdb\"");
  }

  @Test
  @DisplayName("rule 6: JSON sorts keys by their bytes")
  void jsonSortsByBytes() {
    assertThat(GoText.json(Map.of("\uffee", "1", "😀", "2", "B", "3", "a", "4")))
        .isEqualTo("{\"B\":\"3\",\"a\":\"4\",\"\uffee\":\"1\",\"😀\":\"2\"}");
    assertThat(GoText.json(Map.of())).isEqualTo("{}");
  }

  @Test
  @DisplayName("rule 7: quoted names escape as the driver's do")
  void quotes() {
    assertThat(GoText.quote("a\"b\\c\n\u0007\u000b\b\f\r\t\u0001ü"))
        .isEqualTo("\"a\\\"b\\\\c\\n\\a\\v\\b\\f\\r\\t\\x01ü\"");
  }

  @Test
  @DisplayName("rule 11: codes have the names that users see")
  void codesHaveTheirNames() {
    assertThat(GoText.name(Status.Code.CANCELLED)).isEqualTo("Canceled");
    assertThat(GoText.name(Status.Code.OK)).isEqualTo("OK");
    assertThat(GoText.name(Status.Code.FAILED_PRECONDITION)).isEqualTo("FailedPrecondition");
    assertThat(GoText.error(Status.Code.DATA_LOSS, "x"))
        .isEqualTo("rpc error: code = DataLoss desc = x");
  }
}
