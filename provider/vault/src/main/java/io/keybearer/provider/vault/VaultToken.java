package io.keybearer.provider.vault;

import io.keybearer.provider.SecretBytes;
import io.keybearer.provider.SessionLife;
import io.keybearer.provider.text.JsonNode;
import java.time.Duration;

/**
 * A token of the store.
 *
 * @param text the token itself
 * @param seconds how long it lives from its login or its last renewal; 0 for ever
 * @param renewable whether it can be renewed: a batch token can't
 * @param batch whether it is one, which can't be given back either
 * @param uses how many requests it is good for; 0 for any number
 * @param ofServiceAccount whether the login says that it knows only the service account, as that of
 *     the kubernetes method does
 */
record VaultToken(
    SecretBytes text,
    long seconds,
    boolean renewable,
    boolean batch,
    long uses,
    boolean ofServiceAccount) {

  /** The token of a login's answer, whose text came through the driver. */
  static VaultToken of(SecretBytes text, JsonNode auth) {
    return new VaultToken(
        text,
        number(auth, "lease_duration"),
        auth.isTrue("renewable"),
        auth.text("token_type").equals("batch"),
        number(auth, "num_uses"),
        !auth.text("metadata", "service_account_uid").isEmpty());
  }

  static long number(JsonNode auth, String name) {
    return auth.numeral(name)
        .filter(literal -> literal.matches("\\d{1,15}"))
        .map(Long::parseLong)
        .orElse(0L);
  }

  /** How long a session with it lives from its login. */
  SessionLife life() {
    Duration time = seconds == 0 ? SessionLife.endless().time() : Duration.ofSeconds(seconds);
    return new SessionLife(time, uses == 0);
  }
}
