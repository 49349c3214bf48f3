package io.keybearer.provider.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.keybearer.provider.MountFailure;
import io.keybearer.provider.Reason;

/** What the tests of {@link YamlReader} share: the message it refuses a text with. */
final class YamlRefusals {

  private YamlRefusals() {}

  static String refusal(String text) {
    MountFailure failure =
        catchThrowableOfType(MountFailure.class, () -> YamlReader.read("objects", text));
    assertThat(failure).as("a refusal").isNotNull();
    assertThat(failure.reason()).isEqualTo(Reason.INVALID_PARAMETERS);
    return failure.getMessage();
  }
}
