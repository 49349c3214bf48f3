package io.keybearer.provider.mount;

import io.keybearer.provider.ByteAllowance;
import io.keybearer.provider.Deadline;
import io.keybearer.provider.MountFailure;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Those who wait for one mount: mostly one, two where the driver delivered it twice. */
final class MountCallers implements ByteAllowance {

  private final Map<MountCaller, Deadline> waiting = new LinkedHashMap<>();
  private boolean over;

  /** Adds one; whether there is still something to wait for. */
  synchronized boolean add(MountCaller caller, Deadline deadline) {
    if (!over) {
      waiting.put(caller, deadline);
    }
    return !over;
  }

  /** Takes one out; whether it was still waiting. */
  synchronized boolean remove(MountCaller caller) {
    return waiting.remove(caller) != null;
  }

  /** Takes all of them out: there is an answer, and nobody can join any more. */
  synchronized List<MountCaller> end() {
    over = true;
    List<MountCaller> all = List.copyOf(waiting.keySet());
    waiting.clear();
    return all;
  }

  /** Ends it if nobody waits, so that the work is for nothing; whether it did. */
  synchronized boolean endIfEmpty() {
    boolean ends = !over && waiting.isEmpty();
    over |= ends;
    return ends;
  }

  /** Those whose time has passed. */
  synchronized List<MountCaller> late() {
    List<MountCaller> late = new ArrayList<>();
    waiting.forEach(
        (caller, deadline) -> {
          if (deadline.hasPassed()) {
            late.add(caller);
          }
        });
    return late;
  }

  /** Until when each of them waits. */
  synchronized List<Deadline> deadlines() {
    return List.copyOf(waiting.values());
  }

  /** Each of them holds an answer of its own, so each has to have room for it. */
  @Override
  public void add(long bytes) throws MountFailure {
    List<MountCaller> all;
    synchronized (this) {
      all = List.copyOf(waiting.keySet());
    }
    Optional<MountFailure> noRoom = Optional.empty();
    boolean anyHasRoom = false;
    for (MountCaller caller : all) {
      try {
        caller.inFlight().add(bytes);
        anyHasRoom = true;
      } catch (MountFailure failure) {
        noRoom = Optional.of(failure);
      }
    }
    if (noRoom.isPresent() && !anyHasRoom) {
      throw noRoom.get();
    }
  }
}
