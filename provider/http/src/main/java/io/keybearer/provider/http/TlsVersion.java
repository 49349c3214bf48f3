package io.keybearer.provider.http;

/** The lowest version of TLS that a server may speak. */
public enum TlsVersion {
  /** TLS 1.2 (RFC 5246) or 1.3. */
  TLS_1_2,
  /** TLS 1.3 (RFC 8446) alone. */
  TLS_1_3;

  /** The protocols from this one on, by the JDK's names. */
  String[] protocols() {
    return switch (this) {
      case TLS_1_2 -> new String[] {"TLSv1.3", "TLSv1.2"};
      case TLS_1_3 -> new String[] {"TLSv1.3"};
    };
  }
}
