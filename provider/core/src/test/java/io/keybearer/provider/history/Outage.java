package io.keybearer.provider.history;

import io.keybearer.provider.Fault;
import io.keybearer.provider.MountFailure;
import io.keybearer.provider.Reason;
import java.time.Duration;

/** What keeps the store from answering. */
enum Outage {
  NONE(Fault.Kind.NONE),
  UNREACHABLE(Fault.Kind.UNREACHABLE),
  TLS(Fault.Kind.TLS),
  SERVER_ERROR(Fault.Kind.SERVER_ERROR),
  BROKEN(Fault.Kind.BROKEN),
  THROTTLED(Fault.Kind.THROTTLED),
  /** It answers after twenty seconds, if anybody waits for so long. */
  SLOW(Fault.Kind.NONE);

  static final Duration PAUSE = Duration.ofSeconds(5);

  private final Fault.Kind kind;

  Outage(Fault.Kind kind) {
    this.kind = kind;
  }

  Fault.Kind kind() {
    return kind;
  }

  MountFailure failure() {
    return MountFailure.of(Reason.STORE_UNAVAILABLE, name(), "see the store")
        .because(this == THROTTLED ? Fault.throttled(PAUSE) : Fault.of(kind));
  }

  StoreRead.Result result() {
    return switch (kind) {
      case THROTTLED -> StoreRead.Result.THROTTLED;
      case SERVER_ERROR, BROKEN -> StoreRead.Result.MAYBE;
      default -> StoreRead.Result.UNSENT;
    };
  }
}
