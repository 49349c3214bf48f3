package io.keybearer.provider;

import java.util.List;

/**
 * A session that a plan wants opened.
 *
 * @param key what makes it the same as another
 * @param audiences whose service account tokens it logs in with; none for a login without a token
 */
public record Login(SessionKey key, List<String> audiences) {

  /** Copies the list. */
  public Login {
    audiences = List.copyOf(audiences);
  }

  /** A login that needs no service account token. */
  public static Login withoutToken(SessionKey key) {
    return new Login(key, List.of());
  }

  /** A login with the pod's token of that audience. */
  public static Login withToken(SessionKey key, String audience) {
    return new Login(key, List.of(audience));
  }
}
