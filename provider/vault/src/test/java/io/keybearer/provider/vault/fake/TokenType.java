package io.keybearer.provider.vault.fake;

import java.util.Locale;

/** The two kinds of tokens. */
enum TokenType {
  SERVICE,
  BATCH;

  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** What a role's setting asks for. */
  static TokenType of(String setting) {
    return setting.equals("batch") || setting.equals("default-batch") ? BATCH : SERVICE;
  }
}
