package io.keybearer.provider;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NodeFactsTest {

  private final NodeFacts node = new NodeFacts("node-1", 1000, Freshness.Limits.usual());

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 999, 1000})
  @DisplayName("rule 18: up to the bound, objects are taken")
  void takesAsManyObjectsAsTheBoundSays(int objects) {
    assertThatCode(() -> node.requireObjectCount(objects)).doesNotThrowAnyException();
  }

  @Test
  @DisplayName("rule 18: one object more is refused")
  void refusesOneObjectMore() {
    assertThatThrownBy(() -> node.requireObjectCount(1001))
        .isInstanceOf(MountFailure.class)
        .hasMessage(
            "1001 objects, and one SecretProviderClass may name 1000; split it, or raise"
                + " --max-objects")
        .extracting(failure -> ((MountFailure) failure).reason())
        .isEqualTo(Reason.INVALID_PARAMETERS);
  }
}
