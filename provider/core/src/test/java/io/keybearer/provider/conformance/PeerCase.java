package io.keybearer.provider.conformance;

import io.keybearer.provider.Fault;
import io.keybearer.provider.Reason;
import java.time.Duration;

/** A store that asks a peer. */
public interface PeerCase extends BackendCase {

  /**
   * How many calls of each kind.
   *
   * @param logins calls of {@link PeerCall.Kind#LOGIN}
   * @param reads calls of {@link PeerCall.Kind#READ}
   * @param others calls of {@link PeerCall.Kind#OTHER}
   */
  record Calls(int logins, int reads, int others) {}

  /** The peer, or its double. */
  Peer peer();

  /** The calls that the first mount of so many secrets makes: no more, no less. */
  Calls firstMount(int secrets);

  /** The reason that this store's word for a denial leads to. */
  default Reason reasonOf(Trouble denial) {
    return switch (denial) {
      case UNAUTHENTICATED -> Reason.LOGIN_FAILED;
      case FORBIDDEN -> Reason.ACCESS_DENIED;
      case ABSENT -> Reason.NOT_FOUND;
      default -> throw new IllegalArgumentException(denial + " is no denial");
    };
  }

  /** What {@link Trouble#THROTTLED} answers have to become: with the time that the peer tells. */
  default Fault throttled() {
    return Fault.throttled(Duration.ofSeconds(7));
  }

  /**
   * What a login becomes that finds nobody: another kind where logins go elsewhere than reads, for
   * this one closes the gate of those.
   */
  default Fault unreachableLogin() {
    return Fault.of(Fault.Kind.UNREACHABLE);
  }

  /** How long a check waits for what has to happen at once. */
  default Duration patience() {
    return Duration.ofSeconds(20);
  }
}
