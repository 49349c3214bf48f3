package io.keybearer.provider.reader;

import io.keybearer.provider.Login;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * What is known of what a pod proves itself with, without keeping it.
 *
 * @param tokens its tokens by audience
 * @param serviceAccountUid the service account's, empty where no token tells it
 * @param secrets a keyed digest of the volume's Secret, empty without one
 * @param podUid the pod's own
 */
record PodProof(
    Map<String, Token> tokens, String serviceAccountUid, String secrets, String podUid) {

  /** No digest has a space in it. */
  private static final String NONE_OF = "none of ";

  /**
   * A token.
   *
   * @param digest a keyed digest of it
   * @param expires when it does
   */
  record Token(String digest, Instant expires) {}

  /**
   * What tells the tokens of this login from others; empty where it needs none. Two pods without a
   * token are not alike: each gets its own, if any.
   */
  String tokensOf(Login login) {
    StringBuilder digests = new StringBuilder();
    for (String audience : login.audiences()) {
      Token token = tokens.get(audience);
      digests.append(token == null ? NONE_OF + podUid : token.digest()).append(' ');
    }
    return digests.toString();
  }

  /** The audiences of a login that there is no token of, or one that has expired. */
  List<String> missing(Login login, Instant now) {
    return login.audiences().stream()
        .filter(
            audience -> {
              Token token = tokens.get(audience);
              return token == null || !token.expires().isAfter(now);
            })
        .toList();
  }
}
