package io.keybearer.e2e.client;

import io.keybearer.provider.Fault;
import io.keybearer.provider.Fault.Kind;
import io.keybearer.provider.MountFailure;
import io.keybearer.provider.Quoted;
import io.keybearer.provider.Reason;

/** How failures of one address are told, and what kind of fault each is. */
final class StoreFailures {

  private static final String REACHABLE = "see whether it runs and is reachable from this node";

  private final String address;

  StoreFailures(String address) {
    this.address = Quoted.of(address);
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
            "look at its certificate and at caFile")
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

  /** An answer that can't be understood. */
  MountFailure unreadable(String why) {
    return failure(
            Reason.STORE_UNAVAILABLE, " was not understood: " + why, "see whether it is the store")
        .because(Fault.of(Kind.BROKEN));
  }

  /** An answer beyond all bounds, which would be no smaller the next time. */
  MountFailure tooLarge(String what, int most) {
    return failure(
        Reason.STORE_UNAVAILABLE,
        " answers with more than " + most + " bytes of " + what,
        "see whether it is the store");
  }

  /** A secret that is not there. */
  MountFailure notFound() {
    return MountFailure.of(
        Reason.NOT_FOUND, "the store has no such secret or version", "put it there");
  }

  /** A secret that this identity may not see. */
  MountFailure denied() {
    return MountFailure.of(
        Reason.ACCESS_DENIED, "the store denies it to this identity", "look at its policy");
  }

  /** What the answer to a login says that was not granted. */
  MountFailure ofLogin(HttpAnswer answer) {
    return switch (answer.status()) {
      case 401, 403 ->
          failure(
              Reason.LOGIN_FAILED,
              " refuses the login with " + answer.status(),
              "look at the role and at whom it admits");
      default -> ofStatus(answer);
    };
  }

  /** What the answer to any other request says that was not granted. */
  MountFailure ofRead(HttpAnswer answer) {
    return switch (answer.status()) {
      case 401 ->
          failure(Reason.LOGIN_FAILED, " takes the session no longer", "kubelet tries again");
      case 403 -> denied();
      case 404 -> notFound();
      default -> ofStatus(answer);
    };
  }

  private MountFailure ofStatus(HttpAnswer answer) {
    return failure(
            Reason.STORE_UNAVAILABLE, " answers " + answer.status(), "see what is wrong with it")
        .because(fault(answer));
  }

  private static Fault fault(HttpAnswer answer) {
    int status = answer.status();
    if (status == 429 || (status == 503 && !answer.retryAfter().isZero())) {
      return Fault.throttled(answer.retryAfter());
    }
    if (status == 412) {
      return Fault.of(Kind.BEHIND);
    }
    return status >= 500 ? Fault.of(Kind.SERVER_ERROR) : Fault.none();
  }

  private MountFailure failure(Reason reason, String cause, String remedy) {
    return MountFailure.of(reason, address + cause, remedy);
  }
}
