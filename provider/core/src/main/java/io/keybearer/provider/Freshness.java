package io.keybearer.provider;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How fresh a SecretProviderClass wants its values: the parameters "refreshInterval",
 * "staleIfError" and "shareReads", which every store has.
 *
 * @param refreshInterval how old a value may be at a republish; zero reads every time
 * @param staleIfError how old a value may be while the store fails; zero takes none
 * @param sharing whether values may be shared that the store allows to be
 * @param warnings what was changed of them
 */
public record Freshness(
    Duration refreshInterval, Duration staleIfError, boolean sharing, List<PlanWarning> warnings) {

  private static final String REFRESH_INTERVAL = "refreshInterval";
  private static final String STALE_IF_ERROR = "staleIfError";
  private static final String SHARE_READS = "shareReads";

  /** The parameters that every store has. */
  public static final Set<String> PARAMETERS =
      Set.of(REFRESH_INTERVAL, STALE_IF_ERROR, SHARE_READS);

  /** The shortest interval but none. */
  public static final Duration SHORTEST = Duration.ofSeconds(10);

  /** The longest interval. */
  public static final Duration LONGEST = Duration.ofHours(24);

  /** No longer than a day: more digits could not be meant. */
  private static final Pattern TIME =
      Pattern.compile("(?=[0-9])(?:(\\d{1,5})h)?(?:(\\d{1,5})m)?(?:(\\d{1,5})s)?");

  /** Copies the list. */
  public Freshness {
    warnings = List.copyOf(warnings);
  }

  /**
   * What the request's parameters say, within what the node allows.
   *
   * @throws MountFailure {@link Reason#INVALID_PARAMETERS}
   */
  public static Freshness of(MountRequest request, NodeFacts node) throws MountFailure {
    Limits limits = node.freshness();
    String refresh = request.parameter(REFRESH_INTERVAL);
    String stale = request.parameter(STALE_IF_ERROR);
    Duration wanted =
        refresh.isEmpty() ? limits.refreshInterval() : time(REFRESH_INTERVAL, refresh);
    Duration wantedStale = stale.isEmpty() ? Duration.ZERO : time(STALE_IF_ERROR, stale);
    Duration interval = wanted.isZero() ? wanted : between(SHORTEST, wanted, LONGEST);
    Duration staleness = between(Duration.ZERO, wantedStale, limits.mostStale());
    List<PlanWarning> warnings = new ArrayList<>();
    if (!refresh.isEmpty() && !interval.equals(wanted)) {
      warnings.add(
          new PlanWarning(
              Place.of(REFRESH_INTERVAL),
              REFRESH_INTERVAL + " " + refresh + " becomes " + text(interval)));
    }
    if (!staleness.equals(wantedStale)) {
      warnings.add(
          new PlanWarning(
              Place.of(STALE_IF_ERROR),
              STALE_IF_ERROR
                  + " "
                  + stale
                  + " becomes "
                  + text(staleness)
                  + ", this node's maximum"));
    }
    return new Freshness(interval, staleness, sharing(request), warnings);
  }

  private static boolean sharing(MountRequest request) throws MountFailure {
    String text = request.parameter(SHARE_READS);
    if (!List.of("", "true", "false").contains(text)) {
      throw MountFailure.of(
              Reason.INVALID_PARAMETERS,
              SHARE_READS + " " + Quoted.of(text) + " is neither \"true\" nor \"false\"",
              "quote it in YAML")
          .in(Place.of(SHARE_READS));
    }
    return !text.equals("false");
  }

  /** A time as Go writes it, of hours, minutes and seconds. */
  private static Duration time(String parameter, String text) throws MountFailure {
    Matcher parts = TIME.matcher(text);
    if (text.equals("0")) {
      return Duration.ZERO;
    }
    if (!parts.matches()) {
      throw MountFailure.of(
              Reason.INVALID_PARAMETERS,
              parameter + " " + Quoted.of(text) + " is not a time",
              "write it as 45s, 10m, 1h30m or 0")
          .in(Place.of(parameter));
    }
    return Duration.ofHours(number(parts.group(1)))
        .plusMinutes(number(parts.group(2)))
        .plusSeconds(number(parts.group(3)));
  }

  private static long number(@Nullable String digits) {
    return digits == null ? 0 : Long.parseLong(digits);
  }

  private static Duration between(Duration least, Duration time, Duration most) {
    if (time.compareTo(least) < 0) {
      return least;
    }
    return time.compareTo(most) > 0 ? most : time;
  }

  private static String text(Duration time) {
    return time.toSeconds() % 3600 == 0 && !time.isZero()
        ? time.toHours() + "h"
        : time.toSeconds() + "s";
  }

  /**
   * What the administrator decides about it.
   *
   * @param refreshInterval that of a SecretProviderClass that names none
   * @param mostStale the longest {@code staleIfError}
   */
  public record Limits(Duration refreshInterval, Duration mostStale) {

    /** The limits of a node that sets none. */
    public static Limits usual() {
      return new Limits(Duration.ofSeconds(60), LONGEST);
    }
  }
}
