package io.keybearer.provider.http;

import io.keybearer.provider.Fault;
import io.keybearer.provider.Fault.Kind;
import io.keybearer.provider.MountFailure;
import io.keybearer.provider.Quoted;
import io.keybearer.provider.Reason;

/** How what happens on the way to one server is told, and what kind of fault each is. */
final class HttpFailures {

  private static final String REACHABLE = "see whether it runs and is reachable from this node";
  private static final String IS_IT = "see whether it is the store";

  private final String address;

  HttpFailures(HttpAddress address) {
    this.address = Quoted.of(address.toString());
  }

  /** No connection. */
  MountFailure unreachable(String why) {
    return failure(Reason.STORE_UNAVAILABLE, " can't be connected to: " + why, REACHABLE)
        .because(Fault.of(Kind.UNREACHABLE));
  }

  /** No answer to connecting. */
  MountFailure connectedTooLate() {
    return failure(Reason.TIMED_OUT, " can't be connected to in time", REACHABLE)
        .because(Fault.of(Kind.UNREACHABLE));
  }

  /** No connection that can be trusted. */
  MountFailure untrusted(String why) {
    return failure(
            Reason.STORE_UNAVAILABLE,
            " can't be trusted: " + why,
            "look at its certificate and at the CA that it is checked with")
        .because(Fault.of(Kind.TLS));
  }

  /** A file of the TLS settings that is of no use. */
  MountFailure unusableFile(String setting, String file, String why) {
    return MountFailure.of(
            Reason.PRECONDITION,
            setting + " " + Quoted.of(file) + " " + why,
            "mount a PEM file there that Keybearer can read")
        .because(Fault.of(Kind.TLS));
  }

  /** A connection that broke. */
  MountFailure broken() {
    return failure(Reason.STORE_UNAVAILABLE, " ended the connection without an answer", REACHABLE)
        .because(Fault.of(Kind.BROKEN));
  }

  /** No answer in time. */
  MountFailure late() {
    return failure(Reason.TIMED_OUT, " gave no answer in time", "see whether it is overloaded")
        .because(Fault.of(Kind.BROKEN));
  }

  /** An answer that breaks the rules of HTTP/1.1, or whose head has no end. */
  MountFailure notHttp() {
    return unreadable("it does not speak HTTP/1.1 within bounds");
  }

  /** An answer that can't be understood. */
  MountFailure unreadable(String why) {
    return failure(Reason.STORE_UNAVAILABLE, " was not understood: " + why, IS_IT)
        .because(Fault.of(Kind.BROKEN));
  }

  /** An answer beyond all bounds, which would be no smaller the next time. */
  MountFailure tooLarge(String what, int most) {
    return failure(
        Reason.STORE_UNAVAILABLE, " answers with more than " + most + " bytes of " + what, IS_IT);
  }

  /** A redirect that is not followed. */
  MountFailure redirected(String target, String why, String remedy) {
    return failure(Reason.PRECONDITION, " redirects to " + Quoted.of(target) + ", " + why, remedy);
  }

  /** A header whose value no server would take for one. */
  MountFailure unsendable(String header) {
    return failure(
        Reason.PRECONDITION,
        " can't be sent the header " + Quoted.of(header) + ": its value is not one line of ASCII",
        "look for a line break in the token or setting that it is made of");
  }

  private MountFailure failure(Reason reason, String cause, String remedy) {
    return MountFailure.of(reason, address + cause, remedy);
  }
}
