package io.keybearer.provider.aws;

import io.keybearer.provider.SecretBytes;
import java.nio.charset.StandardCharsets;

/** The texts that the SDK wants and gives, to and from what does not print itself. */
final class AwsTexts {

  private AwsTexts() {}

  static SecretBytes secret(String text) {
    return SecretBytes.copyOf(text.getBytes(StandardCharsets.UTF_8));
  }

  static String text(SecretBytes secret) {
    return new String(secret.reveal(), StandardCharsets.UTF_8);
  }
}
