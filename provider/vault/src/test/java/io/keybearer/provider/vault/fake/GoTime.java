package io.keybearer.provider.vault.fake;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Moments as Go prints them (RFC 3339, to the nanosecond, without zeros at the end). */
final class GoTime {

  private static final DateTimeFormatter SECONDS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);

  private GoTime() {}

  @SuppressWarnings("JavaInstantGetSecondsGetNano") // The seconds are told apart.
  static String text(Instant moment) {
    String fraction =
        String.format(Locale.ROOT, ".%09d", moment.getNano()).replaceAll("\\.?0+$", "");
    return SECONDS.format(moment) + fraction + "Z";
  }
}
