package io.keybearer.e2e.store;

import io.keybearer.e2e.store.StoreCall.Kind;
import java.util.ArrayDeque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;

/** Counts what arrives, and remembers it. All methods are safe for concurrent use. */
public final class StoreLog {

  /** The newest calls are kept: a benchmark makes more than a test will ever read. */
  private static final int CALLS = 100_000;

  private final ArrayDeque<StoreCall> calls = new ArrayDeque<>();
  private final Map<String, Tally> byIdentity = new HashMap<>();
  private final Map<String, Tally> byPath = new HashMap<>();
  private Tally all = new Tally();
  private long connections;
  private int underWay;
  private int mostUnderWay;

  StoreLog() {}

  /** All requests. */
  public synchronized StoreCounts counts() {
    return all.counts();
  }

  /** The requests of one identity; those of nobody are under the empty text. */
  public synchronized StoreCounts countsOf(String identity) {
    return byIdentity.getOrDefault(identity, new Tally()).counts();
  }

  /** The requests that name a path, a batch once for each of its names; logins by their role. */
  public synchronized StoreCounts countsAt(String path) {
    return byPath.getOrDefault(path, new Tally()).counts();
  }

  /** The newest requests, at most 100,000, in the order of their arrival. */
  public synchronized List<StoreCall> calls() {
    return List.copyOf(calls);
  }

  /** How many connections were accepted, whether or not a request came on them. */
  public synchronized long connections() {
    return connections;
  }

  /** How many requests have arrived and not been answered. */
  public synchronized int underWay() {
    return underWay;
  }

  /** How many requests have been under way at once, at most. */
  public synchronized int mostUnderWay() {
    return mostUnderWay;
  }

  /** Starts all counts anew; what is under way stays so. */
  public synchronized void clear() {
    calls.clear();
    byIdentity.clear();
    byPath.clear();
    all = new Tally();
    connections = 0;
    mostUnderWay = underWay;
  }

  synchronized void connected() {
    connections++;
  }

  synchronized void arrived(StoreCall call) {
    underWay++;
    mostUnderWay = Math.max(mostUnderWay, underWay);
    if (calls.size() == CALLS) {
      calls.removeFirst();
    }
    calls.addLast(call);
    all.add(call.kind());
    byIdentity.computeIfAbsent(call.identity(), key -> new Tally()).add(call.kind());
    for (String path : new HashSet<>(call.paths())) {
      byPath.computeIfAbsent(path, key -> new Tally()).add(call.kind());
    }
  }

  synchronized void left() {
    underWay--;
  }

  synchronized void login(StoreCall call, boolean granted) {
    all.login(granted);
    byIdentity.computeIfAbsent(call.identity(), key -> new Tally()).login(granted);
    byPath.computeIfAbsent(call.path(), key -> new Tally()).login(granted);
  }

  private static final class Tally {
    private final Map<Kind, Long> arrived = new EnumMap<>(Kind.class);
    private long granted;
    private long refused;

    void add(Kind kind) {
      arrived.merge(kind, 1L, Long::sum);
    }

    void login(boolean isGranted) {
      if (isGranted) {
        granted++;
      } else {
        refused++;
      }
    }

    StoreCounts counts() {
      return new StoreCounts(
          of(Kind.LOGIN),
          granted,
          refused,
          of(Kind.READ),
          of(Kind.BATCH),
          of(Kind.MINT),
          of(Kind.PROOF),
          of(Kind.RENEW),
          of(Kind.REVOKE),
          of(Kind.UNKNOWN));
    }

    private long of(Kind kind) {
      return arrived.getOrDefault(kind, 0L);
    }
  }
}
