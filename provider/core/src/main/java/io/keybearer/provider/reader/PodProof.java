package io.keybearer.provider.reader;

import io.keybearer.provider.Login;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * What is known of what a pod proves itself with, without keeping it.
 *
 * @param tokens its tokens by audience
 * @param serviceAccountUid the service account's, empty where no token tells it
 * @param secrets a keyed digest of the volume's Secret, empty without one
 */
record PodProof(Map<String, Token> tokens, String serviceAccountUid, String secrets) {

  /**
   * A token.
   *
   * @param digest a keyed digest of it
   * @param expires when it does
   */
  record Token(String digest, Instant expires) {}

  /** What tells the tokens of this login from others; empty where it needs none or has none. */
  String tokensOf(Login login) {
    StringBuilder digests = new StringBuilder();
    for (String audience : login.audiences()) {
      Optional.ofNullable(tokens.get(audience)).ifPresent(token -> digests.append(token.digest()));
    }
    return digests.toString();
  }

  /** Whether the pod could still log in: it has each token, and none has expired. */
  boolean isGoodFor(Login login, Instant now) {
    return login.audiences().stream()
        .map(tokens::get)
        .allMatch(token -> token != null && token.expires().isAfter(now));
  }
}
