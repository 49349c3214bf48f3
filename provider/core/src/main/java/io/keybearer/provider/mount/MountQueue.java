package io.keybearer.provider.mount;

import io.keybearer.provider.Deadline;
import io.keybearer.provider.MountFailure;
import io.keybearer.provider.Reason;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Decides whose turn it is. A bounded number of mounts runs at once; a namespace, and likewise a
 * store's address, starts another only while it runs fewer than are free, so that neither can take
 * the last place. What waits is served one namespace after another.
 */
public final class MountQueue {

  /**
   * The bounds of the queue.
   *
   * @param running mounts that run at once
   * @param waiting mounts that wait at once
   * @param waitingOfNamespace those of one namespace among them
   */
  public record Bounds(int running, int waiting, int waitingOfNamespace) {}

  /** A mount that wants its turn. */
  public interface Turn {

    /** Its namespace. */
    String namespace();

    /** The addresses that it reads from. */
    Set<String> addresses();

    /** When it is too late for it. */
    Deadline deadline();

    /**
     * Begins the work. Called once, unless {@link #refuse} is.
     *
     * @param ended to be called once it has ended, on any thread
     */
    void run(Runnable ended);

    /** Told instead of {@link #run} when the queue is full or the deadline has passed. */
    void refuse(MountFailure failure);
  }

  private final Bounds bounds;
  private final Executor threads;
  private final Map<String, Deque<Turn>> waiting = new LinkedHashMap<>();
  private final Map<String, Integer> runningBy = new HashMap<>();
  private int running;
  private int waits;

  /**
   * A queue.
   *
   * @param threads where a mount runs that had to wait; one that did not runs on its caller's
   */
  public MountQueue(Bounds bounds, Executor threads) {
    this.bounds = bounds;
    this.threads = threads;
  }

  /** Runs {@code turn} now, later, or refuses it. */
  public void enter(Turn turn) {
    boolean now;
    synchronized (this) {
      // Somebody who waits, waits for a bound of his own: a free place is nobody's by right.
      now = waitsOf(turn.namespace()) == 0 && mayRun(turn);
      if (now) {
        take(turn);
      } else if (waits < bounds.waiting && waitsOf(turn.namespace()) < bounds.waitingOfNamespace) {
        waiting.computeIfAbsent(turn.namespace(), n -> new ArrayDeque<>()).add(turn);
        waits++;
        return;
      }
    }
    if (now) {
      begin(turn);
    } else {
      turn.refuse(
          MountFailure.of(
              Reason.BUSY,
              "busy: too many mounts wait on this node already",
              "kubelet tries again; look for a store that hangs"));
    }
  }

  /** Refuses those whose time has passed while they waited. To be called now and then. */
  public void refuseExpired() {
    List<Turn> expired = new ArrayList<>();
    synchronized (this) {
      for (Deque<Turn> turns : waiting.values()) {
        turns.removeIf(turn -> turn.deadline().hasPassed() && expired.add(turn));
      }
      waiting.values().removeIf(Deque::isEmpty);
      waits -= expired.size();
    }
    for (Turn turn : expired) {
      turn.refuse(waitedTooLong());
    }
  }

  /** How many run, for those who wait for the last one to end. */
  public synchronized int unanswered() {
    return running + waits;
  }

  private static MountFailure waitedTooLong() {
    return MountFailure.of(
        Reason.BUSY,
        "busy: this mount waited its whole time for others to end",
        "kubelet tries again; look for a store that hangs");
  }

  private void begin(Turn turn) {
    if (turn.deadline().hasPassed()) {
      // It would find the store silent for the nothing that is left, and blame the store.
      turn.refuse(waitedTooLong());
      end(turn);
    } else {
      turn.run(() -> end(turn));
    }
  }

  private void end(Turn turn) {
    List<Turn> next;
    synchronized (this) {
      running--;
      count(turn, -1);
      next = takeRunnable();
    }
    next.forEach(ready -> threads.execute(() -> begin(ready)));
  }

  /** Those that may begin now, at most one of a namespace before the next namespace's. */
  private List<Turn> takeRunnable() {
    List<Turn> taken = new ArrayList<>();
    boolean found = true;
    while (found && running < bounds.running) {
      found = false;
      Map<String, Deque<Turn>> served = new LinkedHashMap<>();
      for (Iterator<Map.Entry<String, Deque<Turn>>> each = waiting.entrySet().iterator();
          each.hasNext(); ) {
        Map.Entry<String, Deque<Turn>> namespace = each.next();
        Turn turn = firstRunnable(namespace.getValue());
        if (turn != null) {
          take(turn);
          waits--;
          taken.add(turn);
          found = true;
          each.remove();
          if (!namespace.getValue().isEmpty()) {
            served.put(namespace.getKey(), namespace.getValue());
          }
        }
      }
      // Those served go behind those who were not.
      waiting.putAll(served);
    }
    return taken;
  }

  private @Nullable Turn firstRunnable(Deque<Turn> turns) {
    for (Iterator<Turn> each = turns.iterator(); each.hasNext(); ) {
      Turn turn = each.next();
      if (mayRun(turn)) {
        each.remove();
        return turn;
      }
    }
    return null;
  }

  private boolean mayRun(Turn turn) {
    int free = bounds.running - running;
    return runningBy.getOrDefault(namespaceKey(turn), 0) < free
        && turn.addresses().stream().allMatch(a -> runningBy.getOrDefault(addressKey(a), 0) < free);
  }

  private void take(Turn turn) {
    running++;
    count(turn, 1);
  }

  private void count(Turn turn, int change) {
    runningBy.merge(namespaceKey(turn), change, MountQueue::sumOrNothing);
    turn.addresses().forEach(a -> runningBy.merge(addressKey(a), change, MountQueue::sumOrNothing));
  }

  private static @Nullable Integer sumOrNothing(int a, int b) {
    return a + b == 0 ? null : a + b;
  }

  private int waitsOf(String namespace) {
    Deque<Turn> turns = waiting.get(namespace);
    return turns == null ? 0 : turns.size();
  }

  private static String namespaceKey(Turn turn) {
    return "namespace " + turn.namespace();
  }

  private static String addressKey(String address) {
    return "address " + address;
  }
}
