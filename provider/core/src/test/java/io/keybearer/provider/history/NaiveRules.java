package io.keybearer.provider.history;

import io.keybearer.provider.reader.TimedOutcome.Source;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What the rules allow, as naively as they are written. It knows the store's true history. */
final class NaiveRules {

  private static final Duration TOGETHER = Duration.ofSeconds(2);
  private static final Duration RETRIES = Duration.ofSeconds(150);

  private final ModelStore store;
  private final List<Volume> volumes;
  private final NaiveCounts counts;
  private final NaiveLeases leases;
  private final Map<String, List<Moment>> denials = new HashMap<>();
  private int process;

  NaiveRules(
      ModelStore store, List<Volume> volumes, List<Call> underWay, Map<String, Integer> calls) {
    this.store = store;
    this.volumes = volumes;
    this.counts = new NaiveCounts(store, calls);
    this.leases = new NaiveLeases(store, volumes, underWay);
  }

  void restarted(int number) {
    process = number;
    denials.clear();
    counts.restarted(number);
    leases.restarted(number);
  }

  private void violated(String rule, Object... what) {
    store.violations().add(rule + ": " + List.of(what));
  }

  /** The read whose bytes these are. */
  static int number(String content) {
    return Integer.parseInt(content.substring(content.lastIndexOf('|') + 1));
  }

  /** Looks at what a call was told just now. */
  void judge(Call call) {
    if (call.tellings() != 1 && !(call.left() && call.tellings() <= 1)) {
      violated("told twice", call);
    }
    if (call.left()) {
      return;
    }
    if (call.ended().nanos() > call.deadline()) {
      violated("told after its deadline", call, call.ended());
    }
    if (call.answered() && !call.told().keySet().equals(call.asked().secrets())) {
      violated("answered without all of its references", call);
    }
    call.told().forEach((secret, told) -> judge(call, secret, told));
    counts.judge(call);
  }

  private void judge(Call call, Secret secret, Call.Told told) {
    if (told.reason().equals("OK") && told.content().isEmpty() && call.answered()) {
      violated("a file without its bytes", call, secret);
    } else if (!told.content().isEmpty()) {
      judgeValue(call, secret, told);
    } else if (told.source() == Source.STALE && !told.reason().equals("OK")) {
      violated("a failure that is flagged as a value", call, secret);
    } else if (told.source() == Source.STORE) {
      noteDenial(call, secret, told);
    }
  }

  private void noteDenial(Call call, Secret secret, Call.Told told) {
    Optional<Moment> when =
        switch (told.reason()) {
          case "NOT_FOUND", "ACCESS_DENIED" -> lastDenied(call, secret);
          case "LOGIN_FAILED" -> isAlone(call) ? lastRefused(call, secret) : Optional.empty();
          default -> Optional.empty();
        };
    if (when.isPresent() && !(secret.isUnproven() && call.asked().sharing())) {
      denials.computeIfAbsent(entry(call, secret), k -> new ArrayList<>()).add(when.get());
    }
  }

  private Optional<Moment> lastDenied(Call call, Secret secret) {
    return lastRead(
        call,
        secret,
        EnumSet.of(StoreRead.Result.MISSING, StoreRead.Result.DENIED, StoreRead.Result.REFUSED));
  }

  private Optional<Moment> lastRefused(Call call, Secret secret) {
    return store
        .lastRefusal(call.identity())
        .filter(call.arrived()::isBefore)
        .or(() -> lastRead(call, secret, EnumSet.of(StoreRead.Result.REFUSED)));
  }

  private Optional<Moment> lastRead(Call call, Secret secret, Set<StoreRead.Result> results) {
    String key = call.identity() + "|" + secret;
    return store.reads().stream()
        .filter(read -> read.key().equals(key) && results.contains(read.result()))
        .map(StoreRead::ended)
        .filter(ended -> call.arrived().isBefore(ended) && ended.isBefore(call.ended()))
        .reduce((earlier, later) -> earlier.isBefore(later) ? earlier : later);
  }

  /** Whether nobody else of its identity was under way with it. */
  private boolean isAlone(Call call) {
    return volumes.stream()
        .flatMap(volume -> volume.calls().stream())
        .noneMatch(
            other ->
                other != call
                    && other.identity().equals(call.identity())
                    && call.arrived().isBefore(other.ended()));
  }

  private static String entry(Call call, Secret secret) {
    boolean shared = call.asked().sharing() && !(secret == Secret.LEASE || secret == Secret.OWN);
    return call.identity() + "|" + secret + (shared ? "" : call.volume().id());
  }

  private boolean isDenied(Call call, StoreRead read) {
    return denials.getOrDefault(entry(call, read.secret()), List.of()).stream()
        .anyMatch(denied -> read.ended().isBefore(denied) && denied.isBefore(call.arrived()));
  }

  private void judgeValue(Call call, Secret secret, Call.Told told) {
    StoreRead bytes = store.reads().get(number(told.content()));
    if (!bytes.key().equals(call.identity() + "|" + secret)
        || !bytes.content().equals(told.content())) {
      violated("a value of somebody else", call, bytes);
      return;
    }
    if (bytes.session().process() != process) {
      violated("a value from before the restart", call, bytes);
    }
    boolean unproven = secret.isUnproven() && !store.hasProven();
    if (!bytes.serves(call, isAlone(call, bytes), unproven, call.ended())) {
      violated("what is one mount's served another", call, bytes);
    }
    if (bytes.lease().isPresent()) {
      leases.judge(call, told, bytes.lease().get());
    } else {
      judgeStored(call, secret, told);
    }
  }

  private boolean isAlone(Call call, StoreRead read) {
    return !call.asked().sharing()
        || read.lease().isPresent()
        || read.secret() == Secret.OWN
        || (read.secret().isUnproven() && store.nature() == ModelStore.Nature.MOUNTS_OWN);
  }

  private void judgeStored(Call call, Secret secret, Call.Told told) {
    String key = call.identity() + "|" + secret;
    boolean allowed =
        store.reads().stream()
            .filter(read -> read.result() == StoreRead.Result.OK && read.key().equals(key))
            .filter(read -> read.version().equals(told.version()))
            .filter(read -> read.session().process() == process)
            .filter(read -> !isDenied(call, read))
            .anyMatch(
                read ->
                    switch (told.source()) {
                      case STORE -> call.arrived().isBefore(read.ended());
                      case MEMORY -> mayTake(call, read);
                      case STALE -> mayTakeStale(call, read);
                    });
    if (!allowed) {
      violated("a value that is too old or was denied since", call, secret);
    }
  }

  private boolean mayTake(Call call, StoreRead read) {
    if (call.arrived().isBefore(read.ended())) {
      return true;
    }
    if (call.surelyRepublish()) {
      return isFreshForRepublish(call, read);
    }
    return (call.maybeRepublish() && isFreshForRepublish(call, read))
        || call.arrived().isWithin(TOGETHER, read.began())
        || isKept(call, read);
  }

  private static boolean isFreshForRepublish(Call call, StoreRead read) {
    return read.secret() == Secret.PINNED
        || call.arrived().nanos() - read.began().nanos() < call.asked().interval() * 1_000_000_000L;
  }

  /**
   * Whether a failed try of this very mount may have got it, lately; or got an older one, which
   * another mount has read again since.
   */
  private boolean isKept(Call call, StoreRead read) {
    if (!call.arrived().isWithin(RETRIES, read.began())) {
      return false;
    }
    for (Call before : call.volume().calls()) {
      if (before != call
          && before.isOver()
          && !before.answered()
          && before.ended().isBefore(call.arrived())
          && before.asked().text().equals(call.asked().text())
          && call.arrived().isWithin(RETRIES, before.ended())
          && mayHaveGot(before, read)) {
        return true;
      }
    }
    return false;
  }

  private boolean mayHaveGot(Call failed, StoreRead atMost) {
    return store.reads().subList(0, atMost.number() + 1).stream()
        .filter(read -> read.result() == StoreRead.Result.OK && read.key().equals(atMost.key()))
        .filter(read -> read.session().process() == process)
        .filter(read -> read.ended().isBefore(failed.ended()))
        .anyMatch(read -> mayTake(failed, read));
  }

  private boolean mayTakeStale(Call call, StoreRead read) {
    boolean caused =
        call.arrived().isBefore(store.lastPassingFault())
            || call.ended().nanos() >= call.deadline()
            || store.maybeGated()
            || store.lastFault().isWithin(Outage.PAUSE.plusSeconds(1), call.arrived())
            || call.arrived().isWithin(Outage.PAUSE.plusSeconds(1), store.lastFault());
    boolean proven = !read.secret().isUnproven() || store.hasProven();
    return caused
        && proven
        && call.asked().sharing()
        && read.secret() != Secret.OWN
        && call.token().expires() > call.arrived().nanos()
        && call.arrived().isWithin(Duration.ofSeconds(call.asked().stale()), read.began());
  }

  /** Looks at the whole after a step. */
  void check(boolean held) {
    counts.check();
    leases.check(held);
  }

  void checkNothingIsHeld() {
    leases.checkNothingIsHeld();
  }
}
