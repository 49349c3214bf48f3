package io.keybearer.provider.sealed;

import static io.keybearer.provider.sealed.Failures.assertFails;
import static org.assertj.core.api.Assertions.assertThat;

import io.keybearer.provider.MountFailure;
import io.keybearer.provider.Reason;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class SealScopeTest {

  @ParameterizedTest
  @CsvSource({
    "'', STRICT",
    "strict, STRICT",
    "namespace-wide, NAMESPACE_WIDE",
    "cluster-wide, CLUSTER_WIDE"
  })
  void knowsWhatKubesealCallsIt(String text, SealScope scope) throws MountFailure {
    assertThat(SealScope.parse(text)).isEqualTo(scope);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Strict", "STRICT", "strict ", " ", "namespace", "true"})
  void refusesAnyOtherName(String text) {
    assertFails(
        () -> SealScope.parse(text),
        Reason.INVALID_PARAMETERS,
        "scope \""
            + text
            + "\" is unknown; use strict, namespace-wide or cluster-wide, as kubeseal was told");
  }

  @ParameterizedTest
  @CsvSource({"STRICT, prod/orders-db", "NAMESPACE_WIDE, prod", "CLUSTER_WIDE, ''"})
  void bindsWhatItNames(SealScope scope, String label) {
    assertThat(scope.label("prod", "orders-db")).isEqualTo(label);
  }

  @ParameterizedTest
  @EnumSource
  void printsWhatItParses(SealScope scope) throws MountFailure {
    assertThat(SealScope.parse(scope.toString())).isEqualTo(scope);
  }
}
