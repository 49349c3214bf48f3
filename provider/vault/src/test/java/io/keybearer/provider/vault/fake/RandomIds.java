package io.keybearer.provider.vault.fake;

import java.security.SecureRandom;
import java.util.Base64;
import java.util.UUID;
import java.util.random.RandomGenerator;

/** New names for what a server makes, of the forms that it has. */
final class RandomIds {

  private static final String LETTERS =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  private static final int BATCH_BYTES = 96;

  private final RandomGenerator random = new SecureRandom();
  private final Flavour flavour;

  RandomIds(Flavour flavour) {
    this.flavour = flavour;
  }

  String uuid() {
    return UUID.randomUUID().toString();
  }

  String letters(int length) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < length; i++) {
      text.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
    }
    return text.toString();
  }

  /** An accessor, a lease's last part: 24 letters, and the namespace's own where it has one. */
  String name(FakeNamespace namespace) {
    return letters(24) + namespace.suffix();
  }

  String token(TokenType type, FakeNamespace namespace) {
    if (type == TokenType.BATCH) {
      byte[] sealed = new byte[BATCH_BYTES];
      random.nextBytes(sealed);
      return (flavour == Flavour.VAULT ? "hvb." : "b.")
          + Base64.getUrlEncoder().withoutPadding().encodeToString(sealed)
          + namespace.suffix();
    }
    return flavour == Flavour.VAULT
        ? "hvs." + letters(24) + namespace.suffix()
        : "s." + letters(24) + namespace.suffix();
  }

  String password() {
    return letters(9) + "-" + letters(10);
  }
}
