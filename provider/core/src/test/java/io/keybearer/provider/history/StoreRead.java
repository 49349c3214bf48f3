package io.keybearer.provider.history;

import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** One reference that was read of the store once, and what became of it. */
final class StoreRead {

  /** How it ended. */
  enum Result {
    RUNNING,
    OK,
    DENIED,
    MISSING,
    REFUSED,
    THROTTLED,
    /** A fault after which the store may have acted. */
    MAYBE,
    /** A fault before anything was sent. */
    UNSENT
  }

  private final int number;
  private final ModelSession session;
  private final Secret secret;
  private final Moment began;
  private final int departures;
  private final Set<String> servedAlone = new TreeSet<>();
  private final Set<String> served = new TreeSet<>();
  private Moment ended = Moment.NEVER;
  private Moment sharedAt = Moment.NEVER;
  private Result result = Result.RUNNING;
  private String version = "";
  private Optional<Lease> lease = Optional.empty();

  /**
   * A read.
   *
   * @param departures how many calls had ended before it
   */
  StoreRead(int number, ModelSession session, Secret secret, Moment began, int departures) {
    this.number = number;
    this.session = session;
    this.secret = secret;
    this.began = began;
    this.departures = departures;
  }

  int number() {
    return number;
  }

  ModelSession session() {
    return session;
  }

  Secret secret() {
    return secret;
  }

  /** Who read what. */
  String key() {
    return session.identity() + "|" + secret;
  }

  Moment began() {
    return began;
  }

  Moment ended() {
    return ended;
  }

  int departures() {
    return departures;
  }

  Result result() {
    return result;
  }

  void result(Result now) {
    result = now;
  }

  void end(Moment now) {
    ended = now;
  }

  String version() {
    return version;
  }

  Optional<Lease> lease() {
    return lease;
  }

  void gives(String newVersion, Optional<Lease> made) {
    result = Result.OK;
    version = newVersion;
    lease = made;
  }

  /** The bytes say all of whom and what they are. */
  String content() {
    return key() + "|" + number;
  }

  /** Notes whom it served; whether that keeps to the rule that what is one mount's stays so. */
  boolean serves(Call call, boolean alone, boolean unproven, Moment now) {
    served.add(call.volume().id());
    if (alone) {
      servedAlone.add(call.volume().id());
    } else if (sharedAt.equals(Moment.NEVER)) {
      sharedAt = now;
    }
    return served.size() == 1 || (servedAlone.isEmpty() && !unproven);
  }

  /** Since when it is known to serve all of its identity. */
  Moment sharedAt() {
    return sharedAt;
  }

  @Override
  public String toString() {
    return "read " + number + " of " + key() + " from " + began + " to " + ended + ": " + result;
  }
}
