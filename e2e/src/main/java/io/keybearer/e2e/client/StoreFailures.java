package io.keybearer.e2e.client;

import io.keybearer.provider.Fault;
import io.keybearer.provider.Fault.Kind;
import io.keybearer.provider.MountFailure;
import io.keybearer.provider.Quoted;
import io.keybearer.provider.Reason;
import io.keybearer.provider.http.HttpAnswer;

/** How what one store answers is told where it is no value. */
final class StoreFailures {

  private final String address;

  StoreFailures(String address) {
    this.address = Quoted.of(address);
  }

  /** An answer that can't be understood. */
  MountFailure unreadable(String why) {
    return failure(
            Reason.STORE_UNAVAILABLE, " was not understood: " + why, "see whether it is the store")
        .because(Fault.of(Kind.BROKEN));
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
        .because(answer.fault());
  }

  private MountFailure failure(Reason reason, String cause, String remedy) {
    return MountFailure.of(reason, address + cause, remedy);
  }
}
