package io.keybearer.provider.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keybearer.provider.MountFailure;
import io.keybearer.provider.Reason;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class YamlNodeTest {

  @ParameterizedTest
  @ValueSource(strings = {"key:", "key: ~", "key: null", "key: ''", "other: a"})
  void textThatIsAbsentOrNullIsEmpty(String yaml) throws MountFailure {
    assertThat(read(yaml).requireMapping("an object").text("key")).isEmpty();
  }

  @Test
  void textIsNotAListOrAMap() {
    assertRefused(
        () -> read("a: b\nkey: [canary]").requireMapping("an object").text("key"),
        "objects, line 2, column 6: \"key\" must be a single value; see the store's page");
    assertRefused(
        () -> read("key: {canary: a}").requireMapping("an object").text("key"),
        "objects, line 1, column 6: \"key\" must be a single value; see the store's page");
  }

  @Test
  void itemsAreThoseOfAList() throws MountFailure {
    assertThat(read("- a\n- b").requireItems("secrets")).hasSize(2);
    assertThat(read("[]").requireItems("secrets")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"canary", "canary: a", "~"})
  void itemsAreNotThoseOfAnythingElse(String yaml) {
    assertRefused(
        () -> read(yaml).requireItems("secrets"),
        "objects, line 1, column 1: expected a list of secrets; start each of them with \"- \"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"canary", "[canary]", "~"})
  void aMapIsNothingElse(String yaml) {
    assertRefused(
        () -> read(yaml).requireMapping("a secret"),
        "objects, line 1, column 1: expected a secret as a map; write its fields as"
            + " \"key: value\"");
  }

  private static YamlNode read(String yaml) throws MountFailure {
    return YamlReader.read("objects", yaml);
  }

  private static void assertRefused(ThrowingCallable call, String message) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            MountFailure.class,
            failure -> assertThat(failure.reason()).isEqualTo(Reason.INVALID_PARAMETERS))
        .hasMessage(message);
  }
}
