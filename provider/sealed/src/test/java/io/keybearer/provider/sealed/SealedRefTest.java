package io.keybearer.provider.sealed;

import static org.assertj.core.api.Assertions.assertThat;

import io.keybearer.provider.MountFailure;
import io.keybearer.provider.Scope;
import org.junit.jupiter.api.Test;

class SealedRefTest {

  @Test
  void mayServeWhoeverHasAnEqualOneForEver() throws MountFailure {
    assertThat(Golden.of("strict").reference().scope()).isEqualTo(Scope.SHARED);
    assertThat(Golden.of("strict").reference().immutable()).isTrue();
  }

  @Test
  void equalsWhatHasTheSameLabelAndCiphertext() throws MountFailure {
    SealedRef reference = Golden.of("strict").reference();

    assertThat(reference)
        .isEqualTo(Golden.of("strict-folded").reference())
        .isNotEqualTo(Golden.of("strict").reference("prod"))
        .isNotEqualTo(Golden.of("binary").reference());
  }

  @Test
  void printsTheLabelAndTheVersionOnly() throws MountFailure {
    assertThat(Golden.of("strict").reference())
        .hasToString("SealedRef[label=prod/orders-db, ciphertext=sha256:be965376c5561f08]");
  }
}
