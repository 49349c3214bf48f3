package io.keybearer.provider.vault;

import io.keybearer.provider.Deadline;
import io.keybearer.provider.SecretBytes;
import io.keybearer.provider.SessionLife;
import io.keybearer.provider.http.HttpAnswer;
import io.keybearer.provider.http.HttpCall;
import io.keybearer.provider.text.GoJson;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;

/**
 * The pod's own token in each request: OpenBao keeps nothing of it, and makes no leases for it. See
 * <a href="https://openbao.org/docs/concepts/auth/#inline-authentication">inline
 * authentication</a>, of OpenBao 2.4 and later.
 *
 * @param left how long the pod's token lives from the beginning of the session
 */
record InlineAccess(VaultIdentity identity, SecretBytes jwt, Duration left) implements VaultAccess {

  private static final String HEADER = "X-Vault-Inline-Auth-";

  @Override
  public HttpCall on(HttpCall call, String namespace) {
    String token = new String(jwt.reveal(), StandardCharsets.UTF_8);
    HttpCall named =
        VaultAccess.in(call, namespace)
            .with(HEADER + "Path", identity.loginPath())
            .with(HEADER + "Parameter-role", parameter("role", identity.role()))
            .withSecret(
                HEADER + "Parameter-jwt",
                SecretBytes.copyOf(parameter("jwt", token).getBytes(StandardCharsets.US_ASCII)));
    return identity.namespace().isEmpty()
        ? named
        : named.with(HEADER + "Namespace", identity.namespace());
  }

  private static String parameter(String key, String value) {
    String json = "{\"key\":" + GoJson.quoted(key) + ",\"value\":" + GoJson.quoted(value) + "}";
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(json.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public SessionLife life() {
    return SessionLife.of(left);
  }

  @Override
  public boolean sharesReads() {
    return false;
  }

  @Override
  public boolean canBeLookedUp() {
    return false;
  }

  /** A header tells it, but not where the method answers with an error. */
  @Override
  public boolean isRefused(HttpAnswer answer) {
    return answer.header("x-vault-inline-auth-failed").isPresent()
        || VaultErrors.say(answer.body(), "failed to perform inline authentication");
  }

  @Override
  public SessionLife renew(Deadline deadline) {
    return SessionLife.of(Duration.ZERO);
  }

  @Override
  public Optional<SecretBytes> state(Map<String, VaultLease> leases) {
    return Optional.empty();
  }

  @Override
  public void end(Deadline deadline) {
    // The store has kept nothing.
  }
}
