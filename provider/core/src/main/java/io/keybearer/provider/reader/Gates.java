package io.keybearer.provider.reader;

import com.github.benmanes.caffeine.cache.Cache;
import io.keybearer.provider.Fault;
import io.keybearer.provider.MountFailure;
import io.keybearer.provider.Ticker;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Keeps requests away from where they can't succeed: an endpoint that could not be connected to
 * three times in a row gets one probe a second, and a store that asks to be left alone is.
 */
final class Gates {

  private static final int CLOSES_AFTER = 3;
  private static final Duration BETWEEN_PROBES = Duration.ofSeconds(1);

  /** A store may ask for any time; after this one it is asked whether it still wants that. */
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(10);

  private static final int MOST = 10_000;

  /** What could not be connected to, and who tries it now. */
  private static final class Gate {
    private int failures;
    private long lastProbe;
    private @Nullable Object probe;
    private @Nullable MountFailure cause;
  }

  /**
   * When a store may be asked again.
   *
   * @param cause what it said
   */
  record Pause(long until, MountFailure cause) {}

  private final Ticker ticker;
  private final Cache<Object, Gate> gates;
  private final Cache<Object, Pause> pauses;

  Gates(Ticker ticker) {
    this.ticker = ticker;
    gates = ReaderCaches.of(MOST, ticker).expireAfterAccess(LONGEST_PAUSE).build();
    pauses = ReaderCaches.of(MOST, ticker).expireAfterWrite(LONGEST_PAUSE).build();
  }

  /** Why {@code call} would not be let through now, if so. */
  Optional<MountFailure> closed(Object endpoint, Object call) {
    Gate gate = gates.getIfPresent(endpoint);
    if (gate == null || gate.failures < CLOSES_AFTER || gate.probe == call) {
      return Optional.empty();
    }
    boolean mayProbe =
        gate.probe == null && ticker.nanos() - gate.lastProbe >= BETWEEN_PROBES.toNanos();
    return mayProbe ? Optional.empty() : Optional.ofNullable(gate.cause);
  }

  /** Lets {@code call} through, or says why not; where a probe is due, it becomes the probe. */
  Optional<MountFailure> enter(Object endpoint, Object call) {
    Optional<MountFailure> closed = closed(endpoint, call);
    Gate gate = gates.getIfPresent(endpoint);
    if (closed.isEmpty() && gate != null && gate.failures >= CLOSES_AFTER) {
      gate.probe = call;
      gate.lastProbe = ticker.nanos();
    }
    return closed;
  }

  /** Told when a call that was let through has ended, however. */
  void leave(Object endpoint, Object call) {
    Gate gate = gates.getIfPresent(endpoint);
    if (gate != null && gate.probe == call) {
      gate.probe = null;
    }
  }

  /** Told that the endpoint was connected to. */
  void connected(Object endpoint) {
    gates.invalidate(endpoint);
  }

  /** Told that the endpoint could not be connected to. */
  void notConnected(Object endpoint, MountFailure cause) {
    Gate gate = gates.get(endpoint, e -> new Gate());
    gate.failures++;
    gate.cause = cause;
    if (gate.failures == CLOSES_AFTER) {
      gate.lastProbe = ticker.nanos();
    }
  }

  /** Told that somebody was asked to leave the store alone. */
  void throttled(Object who, MountFailure cause) {
    Fault fault = cause.fault();
    if (!fault.retryAfter().isZero()) {
      Duration pause =
          fault.retryAfter().compareTo(LONGEST_PAUSE) < 0 ? fault.retryAfter() : LONGEST_PAUSE;
      pauses.put(who, new Pause(ticker.nanos() + pause.toNanos(), cause));
    }
  }

  /** Until when the store is left alone by {@code who}, if it is. */
  Optional<Pause> pause(Object who) {
    return Optional.ofNullable(pauses.getIfPresent(who))
        .filter(pause -> pause.until() - ticker.nanos() > 0);
  }
}
