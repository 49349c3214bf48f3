package io.keybearer.provider.vault;

import io.keybearer.provider.SecretBytes;
import io.keybearer.provider.http.HttpCall;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * The pod's own token in each request, in place of a token of the store. See <a
 * href="https://openbao.org/docs/concepts/auth/#inline-authentication">inline authentication</a>,
 * of OpenBao 2.4 and later.
 */
final class InlineAuth {

  private static final String HEADER = "X-Vault-Inline-Auth-";

  private InlineAuth() {}

  /** A call that logs in for itself. */
  static HttpCall on(HttpCall call, VaultIdentity identity, SecretBytes jwt) {
    HttpCall named =
        call.with(HEADER + "Path", identity.loginPath())
            .with(HEADER + "Parameter-role", encoded("role", identity.role()))
            .withSecret(
                HEADER + "Parameter-jwt",
                SecretBytes.copyOf(
                    encoded("jwt", new String(jwt.reveal(), StandardCharsets.UTF_8))
                        .getBytes(StandardCharsets.US_ASCII)));
    return identity.namespace().isEmpty()
        ? named
        : named.with(HEADER + "Namespace", identity.namespace());
  }

  private static String encoded(String key, String value) {
    String json = "{\"key\":" + GoJson.quoted(key) + ",\"value\":" + GoJson.quoted(value) + "}";
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(json.getBytes(StandardCharsets.UTF_8));
  }
}
