package io.keybearer.provider.vault.fake;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How long something is good for, and what is said where that is less than was asked for.
 *
 * @param time from now on, whole seconds
 */
record Ttl(Duration time, List<String> warnings) {

  /** What a server grants where nothing else is said, and the most that it grants. */
  static final Duration SYSTEM = Duration.ofDays(32);

  /**
   * What bounds a time; zero where something is not bounded.
   *
   * @param usual where nothing is asked for
   * @param most from its start on
   * @param explicitMost the same, and also for what has a period
   * @param period for how long each renewal is good, without end
   */
  record Bounds(Duration usual, Duration most, Duration explicitMost, Duration period) {

    static final Bounds NONE =
        new Bounds(Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO);

    /** The same where these hold too. */
    Bounds within(Duration mountUsual, Duration mountMost) {
      return new Bounds(
          isSet(usual) ? usual : mountUsual,
          isSet(most) ? least(most, mountMost) : mountMost,
          explicitMost,
          period);
    }
  }

  /**
   * What is granted now.
   *
   * @param asked zero for what is usual
   * @return nothing where its most is over
   */
  static Optional<Ttl> grant(Bounds bounds, Duration asked, Instant start, Instant now) {
    List<String> warnings = new ArrayList<>();
    Duration most =
        isSet(bounds.explicitMost) ? least(bounds.explicitMost, bounds.most) : bounds.most;
    Duration time = isSet(asked) ? asked : bounds.usual;
    if (isSet(bounds.period)) {
      time = bounds.period;
      if (time.compareTo(most) > 0) {
        warnings.add(capped("period", "period value", time, most));
        time = most;
      }
      if (!isSet(bounds.explicitMost)) {
        return Optional.of(new Ttl(time, warnings));
      }
      most = bounds.explicitMost;
    }
    Duration left = Duration.between(now, start.plus(most));
    left = Duration.ofSeconds(left.plusMillis(999).toSeconds());
    if (left.isZero() || left.isNegative()) {
      return Optional.empty();
    }
    if (time.compareTo(left) > 0) {
      warnings.add(capped("TTL", "TTL value", time, left));
      time = left;
    }
    return Optional.of(new Ttl(time, warnings));
  }

  private static String capped(String what, String value, Duration time, Duration most) {
    return "%s of \"%s\" exceeded the effective max_ttl of \"%s\"; %s is capped accordingly"
        .formatted(what, GoDuration.text(time), GoDuration.text(most), value);
  }

  private static boolean isSet(Duration time) {
    return !time.isZero();
  }

  private static Duration least(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }
}
