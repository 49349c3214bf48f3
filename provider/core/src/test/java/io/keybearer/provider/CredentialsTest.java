package io.keybearer.provider;

import static io.keybearer.provider.ScriptedBackend.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CredentialsTest {

  @Test
  void printsNothingOfTheTokensAndOfTheSecret() {
    Credentials credentials =
        new Credentials(bytes("canary-token"), Map.of("canary-name", bytes("canary-secret")));

    assertThat(credentials.toString()).isEqualTo("Credentials[redacted]");
  }

  @Test
  void keepsACopyOfTheSecrets() {
    Map<String, SecretBytes> secrets = new HashMap<>(Map.of("key", SecretBytes.empty()));
    Credentials credentials = new Credentials(SecretBytes.empty(), secrets);

    secrets.clear();

    assertThat(credentials.nodePublishSecrets()).isEqualTo(Map.of("key", SecretBytes.empty()));
  }
}
