package io.keybearer.provider.vault.fake;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;

/** Every call that the server got, in the order of their ends. */
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

  /**
   * How many there were.
   *
   * @param method the verb, or {@code *} for each
   * @param prefix how the path starts, from {@code /v1/} on
   */
  public long count(String method, String prefix) {
    return calls(
            call ->
                (method.equals("*") || call.method().equals(method))
                    && call.path().startsWith(prefix))
        .size();
  }

  /** Logins that came about. */
  public long logins() {
    return calls(Call::isLogin).size();
  }

  /** Reads of secrets, with any verb: what is not under {@code auth} and {@code sys}. */
  public long reads() {
    return calls(call -> isSecret(call.path())).size();
  }

  /** Renewals of tokens and leases. */
  public long renewals() {
    return calls(call -> call.path().matches(".*/(auth/token/renew-self|sys/leases/renew).*"))
        .size();
  }

  /** Revocations of tokens and leases. */
  public long revocations() {
    return calls(call -> call.path().matches(".*/(auth/token/revoke|sys/leases/revoke).*")).size();
  }

  /** Forgets them. */
  public synchronized void clear() {
    calls.clear();
  }

  private static boolean isSecret(String path) {
    String lower = path.toLowerCase(Locale.ROOT);
    return !lower.contains("/auth/") && !lower.contains("/sys/");
  }
}
