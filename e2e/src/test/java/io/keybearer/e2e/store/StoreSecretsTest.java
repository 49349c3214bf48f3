package io.keybearer.e2e.store;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class StoreSecretsTest {

  private final StoreSecrets secrets = new StoreSecrets();

  @Test
  void countsVersionsOnOverARemoval() {
    assertThat(secrets.put("db", "one")).isEqualTo(1);
    assertThat(secrets.put("other", "one")).isEqualTo(1);
    secrets.remove("db");
    secrets.remove("nothing");

    assertThat(secrets.read("db", StoreSecrets.NEWEST)).isEmpty();
    assertThat(secrets.read("db", 1)).isEmpty();
    assertThat(secrets.put("db", "two")).isEqualTo(2);
    assertThat(secrets.read("db", 1)).isEmpty();
  }

  @Test
  void keepsTheTenNewestVersions() {
    for (int i = 1; i <= 11; i++) {
      secrets.put("db", new byte[] {(byte) i});
    }

    assertThat(secrets.read("db", 1)).isEmpty();
    assertThat(secrets.read("db", 2)).hasValue(new StoreSecrets.Version(2, "Ag=="));
    assertThat(secrets.read("db", StoreSecrets.NEWEST))
        .hasValue(new StoreSecrets.Version(11, "Cw=="));
  }
}
