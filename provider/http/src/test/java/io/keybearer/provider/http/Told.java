package io.keybearer.provider.http;

/** How the stack tells what a server did to it: reason, fault, message behind the address. */
enum Told {
  /** The deadline came. */
  LATE("TIMED_OUT BROKEN % gave no answer in time; see whether it is overloaded"),
  /** The connection ended, or the JDK ended it. */
  BROKEN(
      "STORE_UNAVAILABLE BROKEN % ended the connection without an answer;"
          + " see whether it runs and is reachable from this node"),
  /** No HTTP/1.1. */
  NOT_HTTP(
      "STORE_UNAVAILABLE BROKEN % was not understood: it does not speak HTTP/1.1 within bounds;"
          + " see whether it is the store"),
  /** More head than anybody takes. */
  HEAD_TOO_LARGE(
      "STORE_UNAVAILABLE NONE % answers with more than 65536 bytes of headers;"
          + " see whether it is the store"),
  /** More body than anybody takes. */
  BODY_TOO_LARGE(
      "STORE_UNAVAILABLE NONE % answers with more than 262144 bytes of body;"
          + " see whether it is the store"),
  /** No TLS. */
  NO_TLS(
      "STORE_UNAVAILABLE TLS % can't be trusted: the TLS handshake failed;"
          + " look at its certificate and at the CA that it is checked with"),
  /** A certificate that is not good, not for that name, or of nobody who is trusted. */
  UNTRUSTED(
      "STORE_UNAVAILABLE TLS % can't be trusted: its certificate is not trusted;"
          + " look at its certificate and at the CA that it is checked with"),
  /** Nobody listens. */
  REFUSED(
      "STORE_UNAVAILABLE UNREACHABLE % can't be connected to: the connection is refused;"
          + " see whether it runs and is reachable from this node"),
  /** It was there for a moment, and no request left. */
  ENDED_AT_ONCE(
      "STORE_UNAVAILABLE UNREACHABLE % can't be connected to: it ends the connection at once;"
          + " see whether it runs and is reachable from this node"),
  /** Nobody listens on a unix socket. */
  NO_SOCKET(
      "STORE_UNAVAILABLE UNREACHABLE % can't be connected to: nobody answers on that socket, or"
          + " Keybearer may not use it; see whether it runs and is reachable from this node"),
  /** The connect limit came. */
  CONNECTED_TOO_LATE(
      "TIMED_OUT UNREACHABLE % can't be connected to in time;"
          + " see whether it runs and is reachable from this node"),
  /** Not a failure: what came before the fault is an answer of its own. */
  EMPTY_ANSWER("200 ");

  private final String text;

  Told(String text) {
    this.text = text;
  }

  /** As {@link CallOutcome#text} has it. */
  String of(HttpAddress address) {
    return text.replace("%", "\"" + address + "\"");
  }
}
