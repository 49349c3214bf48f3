package io.keybearer.provider.vault.fake;

import java.util.Locale;

/** What a request wants of a path; the names are those of the capabilities in policies. */
enum Operation {
  CREATE,
  READ,
  UPDATE,
  DELETE,
  LIST,
  PATCH;

  boolean isWrite() {
    return this == CREATE || this == UPDATE || this == PATCH;
  }

  String capability() {
    return name().toLowerCase(Locale.ROOT);
  }
}
