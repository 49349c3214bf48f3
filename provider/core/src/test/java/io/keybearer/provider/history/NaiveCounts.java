package io.keybearer.provider.history;

import io.keybearer.provider.reader.TimedOutcome.Source;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How much a store may be asked: by a provider that remembers nothing, and where rules say less.
 */
final class NaiveCounts {

  private static final int TRIES = 3;
  private static final long LONGEST_CALL = 120_000_000_000L;
  private static final long TOGETHER = 2_000_000_000L;
  private static final long PINNED_KEPT = 590_000_000_000L;

  private static final Set<StoreRead.Result> ACTED =
      EnumSet.of(StoreRead.Result.OK, StoreRead.Result.MAYBE);

  private static final Set<StoreRead.Result> BAD =
      EnumSet.of(StoreRead.Result.DENIED, StoreRead.Result.MISSING, StoreRead.Result.REFUSED);

  private final ModelStore store;
  private final Map<String, Integer> calls;
  private int looked;
  private int process;

  NaiveCounts(ModelStore store, Map<String, Integer> calls) {
    this.store = store;
    this.calls = calls;
  }

  void restarted(int number) {
    process = number;
  }

  private void violated(String rule, Object... what) {
    store.violations().add(rule + ": " + List.of(what));
  }

  /** Looks at what was asked for a call that was told just now. */
  void judge(Call call) {
    for (Secret secret : call.asked().secrets()) {
      if (secret == Secret.LEASE || secret == Secret.OWN) {
        requireOnce(call, secret);
      } else if (secret.isShared() && call.asked().sharing()) {
        requireMemory(call, secret);
      }
    }
  }

  /** What may make something is asked for once. */
  private void requireOnce(Call call, Secret secret) {
    long others =
        call.volume().calls().stream()
            .filter(c -> c != call && (!c.isOver() || call.arrived().isBefore(c.ended())))
            .count();
    long asked =
        store.reads().stream()
            .filter(read -> read.secret() == secret && ACTED.contains(read.result()))
            .filter(read -> read.session().opener().equals(call.volume().id()))
            .filter(read -> read.session().identity().equals(call.identity()))
            .filter(read -> call.arrived().isBefore(read.began()))
            .count();
    if (asked > 1 && others == 0) {
      violated("what may be made was asked for again", call, secret, asked);
    }
  }

  /** What is fresh is not read. */
  private void requireMemory(Call call, Secret secret) {
    String key = call.identity() + "|" + secret;
    Call.Told told = call.told().get(secret);
    if (told == null || told.source() == Source.MEMORY) {
      return;
    }
    for (StoreRead read : store.reads()) {
      if (read.result() == StoreRead.Result.OK
          && read.key().equals(key)
          && read.session().process() == process
          && read.sharedAt().isBefore(call.arrived())
          && mustServe(call, read)
          && !wasDoubted(read)) {
        violated("what is fresh was read", call, secret, read);
        return;
      }
    }
  }

  private static boolean mustServe(Call call, StoreRead read) {
    long age = call.ended().nanos() - read.began().nanos();
    long fresh =
        read.secret() == Secret.PINNED ? PINNED_KEPT : call.asked().interval() * 900_000_000L;
    boolean together = call.arrived().nanos() - read.began().nanos() <= TOGETHER;
    return call.surelyRepublish() ? age < fresh : !call.maybeRepublish() && together;
  }

  private boolean wasDoubted(StoreRead good) {
    boolean refused =
        store
            .lastRefusal(good.session().identity())
            .filter(refusal -> good.began().isBefore(refusal))
            .isPresent();
    return refused
        || store.reads().stream()
            .anyMatch(
                read ->
                    read.key().equals(good.key())
                        && BAD.contains(read.result())
                        && good.began().isBefore(read.ended()));
  }

  /** Looks at all that was asked so far. */
  void check() {
    Map<String, int[]> asked = new HashMap<>();
    Map<String, Integer> refused = new HashMap<>();
    for (StoreRead read : store.reads()) {
      int[] counts = asked.computeIfAbsent(read.key(), k -> new int[3]);
      switch (read.result()) {
        case OK, DENIED, MISSING -> counts[0]++;
        case MAYBE, UNSENT -> counts[1]++;
        case REFUSED -> {
          counts[2]++;
          refused.merge(read.session().identity(), 1, Integer::sum);
        }
        default -> {}
      }
    }
    asked.forEach(this::check);
    checkLogins(refused);
    checkCoalesced();
  }

  private void check(String key, int[] counts) {
    int naive = calls.getOrDefault(key, 0);
    if (counts[0] > naive) {
      violated("more reads than naive", key, counts[0], naive);
    }
    if (counts[2] > 2 * naive) {
      violated("more refused reads than two for each mount", key, counts[2], naive);
    }
    if (counts[1] > TRIES * (naive + counts[2])) {
      violated("more tries than three for each read", key, counts[1], naive);
    }
  }

  private void checkLogins(Map<String, Integer> refused) {
    Map<String, Integer> most = new HashMap<>();
    calls.forEach(
        (key, count) -> most.merge(key.substring(0, key.lastIndexOf('|')), count, Integer::sum));
    most.forEach(
        (identity, count) -> {
          int allowed = count + refused.getOrDefault(identity, 0);
          if (store.logins(identity) > allowed) {
            violated("more logins than naive", identity, store.logins(identity), allowed);
          }
        });
  }

  /** Equal reads at the same time are one. */
  private void checkCoalesced() {
    List<StoreRead> reads = store.reads();
    for (; looked < reads.size(); looked++) {
      StoreRead late = reads.get(looked);
      for (StoreRead early : reads.subList(0, looked)) {
        if (late.secret().isShared()
            && early.key().equals(late.key())
            && late.began().isBefore(early.ended())
            && early.departures() == late.departures()
            && late.began().nanos() - store.lastUnanswered().nanos() > LONGEST_CALL
            && early.session().process() == late.session().process()
            && early.session() == late.session()) {
          violated("read twice at once", early, late);
        }
      }
    }
  }
}
