package io.keybearer.provider.history;

import io.keybearer.provider.reader.TimedOutcome.Source;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Whose each lease is, and whether anybody still needs it. */
final class NaiveLeases {

  private static final Duration RETRIES = Duration.ofSeconds(150);
  private static final long GRACE = Duration.ofSeconds(210).toNanos();
  private static final long GATED = Duration.ofMinutes(11).toNanos();

  private final ModelStore store;
  private final List<Volume> volumes;
  private final List<Call> underWay;
  private int process;

  NaiveLeases(ModelStore store, List<Volume> volumes, List<Call> underWay) {
    this.store = store;
    this.volumes = volumes;
    this.underWay = underWay;
  }

  void restarted(int number) {
    process = number;
  }

  private void violated(String rule, Object... what) {
    store.violations().add(rule + ": " + List.of(what));
  }

  /** Looks at a lease that a call was told. */
  void judge(Call call, Call.Told told, Lease lease) {
    String volume = call.volume().id();
    if (!lease.owner().orElse(volume).equals(volume)) {
      violated("a lease of another mount", call, lease);
    }
    lease.ownedBy(volume);
    boolean isNew = call.arrived().isBefore(lease.read().ended());
    if (lease.expires() <= call.arrived().nanos() && !isNew) {
      violated("a lease that has ended", call, lease);
    }
    if (lease.session().ended().isBefore(call.arrived())) {
      violated("a lease that was given back", call, lease);
    }
    if (told.source() == Source.STALE || (told.source() == Source.STORE && !isNew)) {
      violated("a lease that is not from where it is said to be", call, lease);
    }
  }

  /** Looks at all of them after a step. */
  void check(boolean held) {
    long now = store.nanos();
    for (Lease lease : store.leases()) {
      if (isOver(lease)) {
        continue;
      }
      if (held || isNeeded(lease)) {
        lease.neededAt(now);
      } else if (store.outage() != Outage.NONE || now - store.lastFault().nanos() < GATED) {
        lease.excuse();
      }
      if (!lease.isExcused() && Math.min(now, lease.expires()) - lease.lastNeeded() > GRACE) {
        violated("a lease that nobody gives back", lease, "now " + now / 1_000_000);
      }
    }
  }

  private boolean isOver(Lease lease) {
    return !lease.session().ended().equals(Moment.NEVER)
        || lease.session().isRevoked()
        || lease.session().process() != process;
  }

  private boolean isNeeded(Lease lease) {
    if (lease.owner().isEmpty()) {
      // Nobody was told whose it is: it may be anybody's who asked for it.
      return volumes.stream()
          .flatMap(volume -> volume.calls().stream())
          .anyMatch(call -> (call.identity() + "|").equals(prefix(lease)) && names(call, lease));
    }
    Optional<Volume> owner =
        volumes.stream().filter(v -> v.id().equals(lease.owner().get())).findFirst();
    if (owner.isEmpty()) {
      return false;
    }
    return underWay.stream().anyMatch(call -> call.volume() == owner.get())
        || lease.session().leases().stream()
            .anyMatch(each -> isLatest(each) && isWanted(owner.get(), each));
  }

  private boolean isLatest(Lease lease) {
    return store.leases().stream()
        .noneMatch(
            other ->
                other.owner().equals(lease.owner())
                    && other.read().key().equals(lease.read().key())
                    && lease.read().began().isBefore(other.read().began()));
  }

  /** Whether the volume's files hold it, or its next try would take it. */
  private boolean isWanted(Volume volume, Lease lease) {
    boolean everAnswered = volume.calls().stream().anyMatch(Call::answered);
    boolean named = false;
    boolean lately = false;
    for (Call call : volume.calls()) {
      boolean names = isNextOf(call, lease) && names(call, lease);
      named = call.answered() ? names : named || names;
      lately = !call.isOver() || store.now().isWithin(RETRIES, call.ended());
    }
    return named && (everAnswered || lately);
  }

  private static boolean isNextOf(Call call, Lease lease) {
    return call.identity().equals(lease.read().session().identity());
  }

  private static boolean names(Call call, Lease lease) {
    return call.asked().secrets().contains(lease.read().secret());
  }

  private static String prefix(Lease lease) {
    return lease.read().session().identity() + "|";
  }

  /** Once all pods have ended, and long after. */
  void checkNothingIsHeld() {
    for (Lease lease : store.leases()) {
      boolean endedAlone = lease.expires() - lease.lastNeeded() <= GRACE;
      if (!isOver(lease) && !lease.isExcused() && !endedAlone) {
        violated("a lease of a pod that has ended", lease);
      }
    }
  }
}
