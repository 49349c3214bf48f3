package io.keybearer.provider.conformance;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The calls that a peer has got. */
public final class PeerLog {

  private final List<PeerCall> calls = new ArrayList<>();

  /** A call has arrived; told before anything is answered. */
  public synchronized void add(PeerCall call) {
    calls.add(call);
    notifyAll();
  }

  /** All of them, in the order in which they came. */
  public synchronized List<PeerCall> calls() {
    return List.copyOf(calls);
  }

  /** How many of that kind have come. */
  public synchronized int count(PeerCall.Kind kind) {
    return (int) calls.stream().filter(call -> call.kind() == kind).count();
  }

  /** Waits until so many of that kind have come; whether they did. */
  public synchronized boolean await(PeerCall.Kind kind, int number, Duration most)
      throws InterruptedException {
    long end = System.nanoTime() + most.toNanos();
    while (count(kind) < number) {
      long left = Duration.ofNanos(end - System.nanoTime()).toMillis();
      if (left <= 0) {
        return false;
      }
      wait(left);
    }
    return true;
  }
}
