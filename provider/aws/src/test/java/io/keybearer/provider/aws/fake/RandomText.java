package io.keybearer.provider.aws.fake;

import java.util.Base64;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;

/** Random characters, for the parts of names and keys that AWS chooses. */
final class RandomText {

  private static final String UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  private static final String LETTERS =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

  private RandomText() {}

  static String upper(int length) {
    return of(UPPER, length);
  }

  static String letters(int length) {
    return of(LETTERS, length);
  }

  /** As AWS's session tokens are: base64, with all of its characters. */
  static String base64(int bytes) {
    byte[] random = new byte[bytes];
    ThreadLocalRandom.current().nextBytes(random);
    return Base64.getEncoder().encodeToString(random);
  }

  private static String of(String alphabet, int length) {
    return ThreadLocalRandom.current()
        .ints(length, 0, alphabet.length())
        .mapToObj(index -> alphabet.substring(index, index + 1))
        .collect(Collectors.joining());
  }
}
