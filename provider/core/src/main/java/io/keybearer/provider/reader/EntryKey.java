package io.keybearer.provider.reader;

import io.keybearer.provider.SecretRef;

/** What memory keeps a value under: a reference in a session. */
record EntryKey(SessionId session, SecretRef reference) {

  @Override
  public int hashCode() {
    return 31 * session.hashCode() + reference.hashCode();
  }

  /** A number between zero and one that is always the same for this key. */
  double jitter() {
    // The upper bits of a product with the golden ratio are spread evenly.
    return (hashCode() * 0x9E3779B9L & 0xFFFFFFFFL) / (double) 0x100000000L;
  }
}
