package io.keybearer.provider.aws.fake;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Every call that arrived, in the order of their ends. */
public final class CallLog {

  private final List<Call> calls = new ArrayList<>();

  CallLog() {}

  synchronized void add(Call call) {
    calls.add(call);
  }

  /** All of them. */
  public synchronized List<Call> calls() {
    return List.copyOf(calls);
  }

  /** Those that a test is after. */
  public List<Call> calls(Predicate<Call> wanted) {
    return calls().stream().filter(wanted).toList();
  }

  /** How many there were of an operation, in all regions. */
  public int count(String operation) {
    return calls(call -> call.operation().equals(operation)).size();
  }

  /** How many there were of an operation in one region. */
  public int count(String operation, String region) {
    return calls(call -> call.operation().equals(operation) && call.region().equals(region)).size();
  }

  /** Forgets them. */
  public synchronized void clear() {
    calls.clear();
  }
}
