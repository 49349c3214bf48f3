package io.keybearer.provider.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.keybearer.provider.Fault;
import io.keybearer.provider.MountFailure;
import io.keybearer.provider.Reason;

/** What calls of every kind have in common that meet trouble. */
final class CallChecks {

  private CallChecks() {}

  /** Waits until the peer has got such a call. */
  static void arrives(PeerCase store, PeerCall.Kind kind) throws InterruptedException {
    assertThat(store.peer().log().await(kind, 1, store.patience())).as("a call came").isTrue();
  }

  /** What ends at its deadline says so, or that no answer came in time. */
  static void assertLate(PeerCase store, Throwable thrown) throws MountFailure {
    assertThat(thrown).isInstanceOf(MountFailure.class);
    MountFailure failure = (MountFailure) thrown;
    boolean late =
        failure.reason() == Reason.TIMED_OUT || failure.fault().kind() == Fault.Kind.BROKEN;
    assertThat(late).as("%s, %s", failure.reason(), failure.fault()).isTrue();
    new Canaries(store, Pod.web(1)).andOf(store.peer().log()).assertNotIn(failure);
  }

  /** The fault that this trouble has to become. */
  static Fault fault(PeerCase store, Trouble trouble) {
    return switch (trouble) {
      case REFUSED -> Fault.of(Fault.Kind.UNREACHABLE);
      case BROKEN -> Fault.of(Fault.Kind.BROKEN);
      case SERVER_ERROR -> Fault.of(Fault.Kind.SERVER_ERROR);
      case THROTTLED -> store.throttled();
      default -> throw new IllegalArgumentException(trouble + " is no fault");
    };
  }

  /** A call has failed for that trouble, and tells no secret. */
  static void assertFault(PeerCase store, Trouble trouble, Throwable thrown) throws MountFailure {
    assertFault(store, fault(store, trouble), thrown);
  }

  /** The same of that fault. */
  static void assertFault(PeerCase store, Fault expected, Throwable thrown) throws MountFailure {
    assertThat(thrown).isInstanceOf(MountFailure.class);
    MountFailure failure = (MountFailure) thrown;
    assertThat(failure.fault()).isEqualTo(expected);
    assertThat(failure.reason()).isEqualTo(Reason.STORE_UNAVAILABLE);
    new Canaries(store, Pod.web(1)).andOf(store.peer().log()).assertNotIn(failure);
  }

  /** The store has sent it once, unless it could not even connect. */
  static void assertSent(PeerCase store, PeerCall.Kind kind, Trouble trouble) {
    assertThat(store.peer().log().count(kind))
        .as("calls sent")
        .isEqualTo(trouble == Trouble.REFUSED ? 0 : 1);
  }
}
