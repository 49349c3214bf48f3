package io.keybearer.provider.fake;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The faults that are planted in a server, and how late it is with everything.
 *
 * @param <C> a call of the store
 */
public final class Faults<C> {

  /** As many times as there are calls. */
  public static final int ALWAYS = Integer.MAX_VALUE;

  private static final class Planted<C> {

    private final Predicate<? super C> wanted;
    private final Fault<C> fault;
    private int left;

    private Planted(Predicate<? super C> wanted, int times, Fault<C> fault) {
      this.wanted = wanted;
      this.left = times;
      this.fault = fault;
    }

    private boolean fits(C call) {
      return left > 0 && wanted.test(call);
    }
  }

  private final List<Planted<C>> planted = new ArrayList<>();
  private Duration latency = Duration.ZERO;

  /**
   * Lets the next calls go wrong; of several that fit, what was planted first comes first.
   *
   * @param wanted told of each call before it is answered
   * @param times how many calls, or {@link #ALWAYS}
   */
  public synchronized void plant(Predicate<? super C> wanted, int times, Fault<C> fault) {
    planted.add(new Planted<>(wanted, times, fault));
  }

  /** Holds calls until they are let go. */
  public Hold hold(Predicate<? super C> wanted) {
    Hold hold = new Hold();
    plant(wanted, ALWAYS, Fault.held(hold));
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

  /** Waits for as long as the server is late with everything. */
  public void beLate() {
    Duration time;
    synchronized (this) {
      time = latency;
    }
    Fault.pause(time);
  }

  /** The fault that this call meets; nothing where it is to go well. */
  public synchronized Optional<Fault<C>> take(C call) {
    for (Planted<C> each : planted) {
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
