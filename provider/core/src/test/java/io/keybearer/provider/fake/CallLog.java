package io.keybearer.provider.fake;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * Every call that arrived, in the order of their ends.
 *
 * @param <C> a call of the store
 */
public final class CallLog<C> {

  private final List<C> calls = new ArrayList<>();

  /** Keeps one that has ended. */
  public synchronized void add(C call) {
    calls.add(call);
  }

  /** All of them. */
  public synchronized List<C> calls() {
    return List.copyOf(calls);
  }

  /** Those that a test is after. */
  public List<C> calls(Predicate<? super C> wanted) {
    return calls().stream().filter(wanted).toList();
  }

  /** How many of those there were. */
  public int count(Predicate<? super C> wanted) {
    return calls(wanted).size();
  }

  /** Forgets them. */
  public synchronized void clear() {
    calls.clear();
  }
}
