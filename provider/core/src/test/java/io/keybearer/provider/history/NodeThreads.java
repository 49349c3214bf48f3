package io.keybearer.provider.history;

import io.keybearer.provider.DirectThreads;
import io.keybearer.provider.NoThreads;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** Threads that do what they are given at once, or when a history lets them. */
final class NodeThreads extends NoThreads {

  private final DirectThreads direct = new DirectThreads();
  private final Deque<Runnable> waiting = new ArrayDeque<>();
  private boolean deferring;
  private boolean held;

  @Override
  public void execute(Runnable work) {
    waiting.add(work);
    runAll();
  }

  /** Does that as if no thread had anything else to do: what it starts runs in it. */
  void freely(Runnable step) {
    boolean before = deferring;
    deferring = false;
    step.run();
    deferring = before;
  }

  /** Does that; what it starts begins after it. */
  void after(Runnable first) {
    boolean before = deferring;
    deferring = true;
    first.run();
    deferring = before;
    runAll();
  }

  void hold() {
    held = true;
  }

  boolean isHeld() {
    return held;
  }

  /** What was held runs, the latest first if so wanted. */
  void release(boolean latestFirst) {
    held = false;
    run(latestFirst);
  }

  private void runAll() {
    run(false);
  }

  private void run(boolean latestFirst) {
    while (!waiting.isEmpty() && !held && !deferring) {
      Runnable next = latestFirst ? waiting.removeLast() : waiting.removeFirst();
      deferring = true;
      direct.execute(next);
      deferring = false;
    }
  }

  @Override
  public List<Runnable> shutdownNow() {
    waiting.clear();
    return List.of();
  }
}
