package io.keybearer.provider.vault.fake;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The faults that are planted in a server, and how late it is with everything. */
public final class Faults {

  /** As many times as there are calls. */
  public static final int ALWAYS = Integer.MAX_VALUE;

  private static final class Planted {

    private final String method;
    private final String prefix;
    private final Fault fault;
    private int left;

    private Planted(String method, String prefix, int times, Fault fault) {
      this.method = method;
      this.prefix = prefix;
      this.left = times;
      this.fault = fault;
    }

    private boolean fits(String called, String path) {
      return left > 0 && (method.equals("*") || method.equals(called)) && path.startsWith(prefix);
    }
  }

  private final List<Planted> planted = new ArrayList<>();
  private Duration latency = Duration.ZERO;

  Faults() {}

  /**
   * Lets the next calls go wrong; of several that fit, what was planted first comes first.
   *
   * @param method the verb, or {@code *} for each
   * @param prefix how the path starts, from {@code /v1/} on
   * @param times how many calls, or {@link #ALWAYS}
   */
  public synchronized void plant(String method, String prefix, int times, Fault fault) {
    planted.add(new Planted(method, prefix, times, fault));
  }

  /** Answers every call that much later than it could. */
  public synchronized void latency(Duration time) {
    latency = time;
  }

  /** Takes all of them out, and the latency. */
  public synchronized void clear() {
    planted.clear();
    latency = Duration.ZERO;
  }

  synchronized Duration latency() {
    return latency;
  }

  synchronized Optional<Fault> take(String method, String path) {
    for (Planted each : planted) {
      if (each.fits(method, path)) {
        if (each.left != ALWAYS) {
          each.left--;
        }
        return Optional.of(each.fault);
      }
    }
    return Optional.empty();
  }
}
