package io.keybearer.provider.aws.fake;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** The faults that are planted in a server, and how late it is with everything. */
public final class Faults {

  /** As many times as there are calls. */
  public static final int ALWAYS = Integer.MAX_VALUE;

  /** Each operation, or each region. */
  public static final String ANY = "*";

  private static final class Planted {

    private final Predicate<Call> wanted;
    private final Fault fault;
    private int left;

    private Planted(Predicate<Call> wanted, int times, Fault fault) {
      this.wanted = wanted;
      this.left = times;
      this.fault = fault;
    }

    private boolean fits(Call call) {
      return left > 0 && wanted.test(call);
    }
  }

  private final List<Planted> planted = new ArrayList<>();
  private Duration latency = Duration.ZERO;

  Faults() {}

  /**
   * Lets the next calls go wrong; of several that fit, what was planted first comes first.
   *
   * @param operation such as {@code GetSecretValue}, or {@link #ANY}
   * @param region of the signature, or {@link #ANY}; calls without a signature have none
   * @param times how many calls, or {@link #ALWAYS}
   */
  public void plant(String operation, String region, int times, Fault fault) {
    plant(call -> fits(operation, call.operation()) && fits(region, call.region()), times, fault);
  }

  private static boolean fits(String wanted, String text) {
    return wanted.equals(ANY) || wanted.equals(text);
  }

  /**
   * The same for the calls that a test is after.
   *
   * @param wanted told of each call before it is answered
   */
  public synchronized void plant(Predicate<Call> wanted, int times, Fault fault) {
    planted.add(new Planted(wanted, times, fault));
  }

  /** Holds the calls of an operation in a region until they are let go. */
  public Hold hold(String operation, String region) {
    Hold hold = new Hold();
    plant(operation, region, ALWAYS, Fault.held(hold));
    return hold;
  }

  /** Answers every call that much later than it could. */
  public synchronized void latency(Duration time) {
    latency = time;
  }

  /** Takes all of them out, and the latency. What is held already stays so. */
  public synchronized void clear() {
    planted.clear();
    latency = Duration.ZERO;
  }

  synchronized Duration latency() {
    return latency;
  }

  synchronized Optional<Fault> take(Call call) {
    for (Planted each : planted) {
      if (each.fits(call)) {
        if (each.left != ALWAYS) {
          each.left--;
        }
        return Optional.of(each.fault);
      }
    }
    return Optional.empty();
  }
}
