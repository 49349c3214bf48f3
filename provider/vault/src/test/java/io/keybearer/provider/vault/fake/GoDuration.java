package io.keybearer.provider.vault.fake;

import io.keybearer.provider.text.JsonNode;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads and writes times as Go and the servers do. */
final class GoDuration {

  private static final Pattern PART = Pattern.compile("(\\d+(?:\\.\\d+)?)(ms|d|h|m|s)");
  private static final Pattern WHOLE = Pattern.compile("(?:" + PART.pattern() + ")+");

  private GoDuration() {}

  /** Whole seconds, or numbers with units; nothing where it is neither. */
  static Optional<Duration> parse(String text) {
    if (text.matches("-?\\d+")) {
      return Optional.of(Duration.ofSeconds(Long.parseLong(text)));
    }
    if (!WHOLE.matcher(text).matches()) {
      return Optional.empty();
    }
    Duration all = Duration.ZERO;
    for (Matcher part = PART.matcher(text); part.find(); ) {
      double seconds =
          switch (part.group(2)) {
            case "d" -> 86_400;
            case "h" -> 3600;
            case "m" -> 60;
            case "s" -> 1;
            default -> 0.001;
          };
      all = all.plusNanos(Math.round(Double.parseDouble(part.group(1)) * seconds * 1e9));
    }
    return Optional.of(all);
  }

  /** A member as time; zero where there is none. */
  static Duration of(JsonNode from, String name) {
    String text = WeakJson.text(from, name);
    return text.isEmpty()
        ? Duration.ZERO
        : parse(text)
            .orElseThrow(() -> Refusal.of(400, "error converting input for field " + name));
  }

  /** As the servers print one for people: without parts that are zero. */
  static String text(Duration time) {
    if (time.isZero()) {
      return "0s";
    }
    StringBuilder text = new StringBuilder();
    if (time.toHours() > 0) {
      text.append(time.toHours()).append('h');
    }
    if (time.toMinutesPart() > 0) {
      text.append(time.toMinutesPart()).append('m');
    }
    if (time.toSecondsPart() > 0) {
      text.append(time.toSecondsPart()).append('s');
    }
    return text.toString();
  }
}
