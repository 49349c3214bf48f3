package io.keybearer.provider.aws;

import static io.keybearer.provider.aws.Plans.assertRefused;
import static io.keybearer.provider.aws.Plans.aws;
import static io.keybearer.provider.aws.Plans.secret;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ObjectReaderTest {

  /** What Go does not unmarshal fails as a whole there. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "a: b",
        "text",
        "- a",
        "- [a]",
        "- {objectName: [a]}",
        "- {objectName: a, objectType: secretsmanager, jmesPath: a}",
        "- {objectName: a, objectType: secretsmanager, jmesPath: [a]}",
        "- {objectName: a, objectType: secretsmanager, failoverObject: a}",
        "- {",
      })
  void refusesOtherShapesInTheOfficialWords(String objects) {
    assertThatThrownBy(aws().objects(objects)::plan)
        .hasMessageStartingWith("Failed to load SecretProviderClass: ");
  }

  @Test
  void refusesAnEmptyEntryInTheOfficialWords() {
    assertThatThrownBy(aws().objects(secret("a", "") + "-")::plan)
        .hasMessageContaining("Empty descriptor entry in SecretProviderClass")
        .hasMessageNotContaining("Failed to load");
  }

  @Test
  void countsPathsAsObjects() {
    String paths =
        IntStream.range(0, 1_000)
            .mapToObj(i -> "{path: a, objectAlias: a" + i + "}")
            .collect(Collectors.joining(", ", "jmesPath: [", "]"));
    assertRefused(
        aws().objects(secret("a", paths)),
        "1001 objects, and one SecretProviderClass may name 1000; split it, or raise"
            + " --max-objects");
  }
}
