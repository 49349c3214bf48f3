package io.keybearer.provider.conformance.proof;

import io.keybearer.provider.Deadline;
import io.keybearer.provider.Fault;
import io.keybearer.provider.MountFailure;
import io.keybearer.provider.Reason;
import io.keybearer.provider.conformance.PeerCall;
import io.keybearer.provider.conformance.Trouble;
import java.time.Duration;
import java.util.Optional;

/** Sends calls to the peer and tells what they met. */
final class MemoryCalls {

  private final MemoryPeer peer;
  private final Flaw flaw;

  MemoryCalls(MemoryPeer peer, Flaw flaw) {
    this.peer = peer;
    this.flaw = flaw;
  }

  /** A call that nobody waits for. */
  void note(PeerCall.Kind kind) {
    peer.log().add(new PeerCall(kind, ""));
  }

  void send(PeerCall.Kind kind, String credential, Deadline deadline)
      throws MountFailure, InterruptedException {
    Optional<Trouble> met = sendOnce(kind, credential, deadline);
    if (met.isPresent() && flaw == Flaw.TRIES_AGAIN) {
      met = sendOnce(kind, credential, deadline);
    }
    if (met.isPresent()) {
      throw quoting(failure(met.get()), credential);
    }
  }

  private Optional<Trouble> sendOnce(PeerCall.Kind kind, String credential, Deadline deadline)
      throws InterruptedException {
    Deadline until =
        flaw == Flaw.IGNORES_DEADLINES
            ? Deadline.after(Duration.ofHours(1), deadline.ticker())
            : deadline;
    try {
      return peer.call(kind, credential, until);
    } catch (InterruptedException e) {
      if (flaw == Flaw.IGNORES_INTERRUPTION) {
        return peer.call(kind, credential, until);
      }
      throw e;
    }
  }

  private MountFailure quoting(MountFailure failure, String credential) {
    return flaw == Flaw.QUOTES_THE_ANSWER ? failure.and("it got " + credential) : failure;
  }

  private MountFailure failure(Trouble trouble) {
    return switch (trouble) {
      case HANGING, STALLED -> MountFailure.of(Reason.TIMED_OUT, "no answer");
      case REFUSED -> unavailable(Fault.of(Fault.Kind.UNREACHABLE));
      case BROKEN -> unavailable(Fault.of(Fault.Kind.BROKEN));
      case SERVER_ERROR ->
          flaw == Flaw.TAKES_OUTAGES_FOR_DENIALS
              ? denial(Reason.ACCESS_DENIED)
              : unavailable(
                  Fault.of(
                      flaw == Flaw.TELLS_THE_WRONG_FAULT
                          ? Fault.Kind.UNREACHABLE
                          : Fault.Kind.SERVER_ERROR));
      case THROTTLED ->
          unavailable(
              Fault.throttled(
                  flaw == Flaw.FORGETS_RETRY_AFTER ? Duration.ZERO : peer.retryAfter()));
      case UNAUTHENTICATED -> denial(Reason.LOGIN_FAILED);
      case FORBIDDEN -> denial(Reason.ACCESS_DENIED);
      case ABSENT -> denial(Reason.NOT_FOUND);
    };
  }

  private MountFailure denial(Reason reason) {
    return flaw == Flaw.TAKES_DENIALS_FOR_OUTAGES
        ? unavailable(Fault.of(Fault.Kind.SERVER_ERROR))
        : MountFailure.of(reason, "the peer said no", "ask its owner");
  }

  private static MountFailure unavailable(Fault fault) {
    return MountFailure.of(Reason.STORE_UNAVAILABLE, "the peer fails", "see why").because(fault);
  }
}
