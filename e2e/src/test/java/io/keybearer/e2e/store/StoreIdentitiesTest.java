package io.keybearer.e2e.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.keybearer.e2e.driver.PodIdentity;
import io.keybearer.e2e.driver.TokenIssuer;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StoreIdentitiesTest {

  private final StoreIdentities identities = StoreIdentities.trusting();

  @Test
  void aServiceAccountTokenIsItsPod() {
    Instant now = Instant.EPOCH;
    String token =
        TokenIssuer.unsigned()
            .issue(
                new TokenIssuer.Claims(
                    new PodIdentity("shop", "web-1", "uid", "web"), "store", now, now));

    assertThat(identities.identity("app", token)).hasValue("shop/web/web-1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"t", "a.b.c", "e30.e30.e30", "..", "a.b"})
  void anyOtherTokenIsItsRoleAndItself(String token) {
    assertThat(identities.identity("app", token)).hasValue("app:" + token);
  }

  @Test
  void noTokenIsNobody() {
    assertThat(identities.identity("app", "")).isEmpty();
  }
}
