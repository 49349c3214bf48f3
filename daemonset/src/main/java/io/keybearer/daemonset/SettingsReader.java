package io.keybearer.daemonset;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads settings from flags and, where a flag is absent, from environment variables: {@code
 * --socket-dir} is also {@code KEYBEARER_SOCKET_DIR}. It collects every fault before it tells any.
 */
final class SettingsReader {

  private static final String PREFIX = "KEYBEARER_";

  /** What Kubernetes sets for a Service that is called keybearer; not ours. */
  private static final Pattern SERVICE_LINK =
      Pattern.compile("KEYBEARER(_[A-Z0-9_]+)?_(SERVICE_HOST|SERVICE_PORT|PORT)(_[A-Z0-9_]+)?");

  private static final Pattern DURATION_PART = Pattern.compile("(\\d{1,9})(ms|s|m|h)");
  private static final Pattern BYTES = Pattern.compile("(\\d{1,12})(Ki|Mi)?");

  private final Map<String, String> flags = new LinkedHashMap<>();
  private final Map<String, String> environment;
  private final Map<String, String> help = new TreeMap<>();
  private final Set<String> faults = new LinkedHashSet<>();

  SettingsReader(List<String> words, Map<String, String> environment) {
    this.environment = environment;
    for (int i = 0; i < words.size(); i++) {
      String word = words.get(i);
      if (!word.startsWith("-")) {
        faults.add(word + ": not a flag");
        continue;
      }
      String flag = word.replaceFirst("^--?", "");
      int equals = flag.indexOf('=');
      boolean valueFollows = i + 1 < words.size() && !words.get(i + 1).startsWith("-");
      if (equals >= 0) {
        put(flag.substring(0, equals), flag.substring(equals + 1));
      } else if (valueFollows) {
        put(flag, words.get(++i));
      } else {
        put(flag, "true");
      }
    }
  }

  private void put(String flag, String value) {
    if (flags.put(flag, value) != null) {
      faults.add("--" + flag + ": stands twice");
    }
  }

  String text(String flag, String otherwise, String meaning) {
    return read(flag, otherwise, meaning, "", Function.identity());
  }

  boolean yesOrNo(String flag, String meaning) {
    return read(
        flag,
        "false",
        meaning,
        "true or false",
        text ->
            switch (text) {
              case "true" -> true;
              case "false" -> false;
              default -> throw new IllegalArgumentException();
            });
  }

  <T extends Enum<T>> T choice(String flag, T otherwise, String meaning) {
    Class<T> type = otherwise.getDeclaringClass();
    String choices =
        String.join(
            ", ", Arrays.stream(type.getEnumConstants()).map(SettingsReader::word).toList());
    return read(
        flag,
        word(otherwise),
        meaning + ": " + choices,
        "one of " + choices,
        text -> Enum.valueOf(type, text.toUpperCase(Locale.ROOT)));
  }

  int count(String flag, int least, int otherwise, String meaning) {
    return read(
        flag,
        Integer.toString(otherwise),
        meaning,
        "a whole number from " + least + " on",
        text -> {
          int count = Integer.parseInt(text);
          require(count >= least);
          return count;
        });
  }

  /** Bytes, with Ki and Mi; at most what an array holds. */
  int bytes(String flag, int least, String otherwise, String meaning) {
    return read(
        flag,
        otherwise,
        meaning,
        "a size such as 4Mi, from " + least + " bytes on",
        text -> {
          Matcher matcher = BYTES.matcher(text);
          require(matcher.matches());
          String unit = matcher.group(2);
          long factor = unit == null ? 1 : unit.equals("Ki") ? 1024 : 1024 * 1024;
          long bytes = Math.multiplyExact(Long.parseLong(matcher.group(1)), factor);
          require(bytes >= least && bytes <= Integer.MAX_VALUE);
          return (int) bytes;
        });
  }

  /** A duration as Go writes it: {@code 45s}, {@code 1m30s}. */
  Duration duration(String flag, String otherwise, String meaning) {
    return read(
        flag, otherwise, meaning, "a duration such as 45s or 1m30s", SettingsReader::duration);
  }

  /** A duration between two others, or none at all. */
  Duration durationOrZero(
      String flag, Duration least, String otherwise, Duration most, String meaning) {
    return read(
        flag,
        otherwise,
        meaning,
        "a duration from " + least.toSeconds() + "s to " + most.toHours() + "h, or 0s",
        text -> {
          Duration duration = duration(text);
          require(
              duration.isZero()
                  || (duration.compareTo(least) >= 0 && duration.compareTo(most) <= 0));
          return duration;
        });
  }

  private static Duration duration(String text) {
    Duration sum = Duration.ZERO;
    Matcher part = DURATION_PART.matcher(text);
    int end = 0;
    while (part.find() && part.start() == end) {
      long number = Long.parseLong(part.group(1));
      sum =
          sum.plus(
              switch (part.group(2)) {
                case "ms" -> Duration.ofMillis(number);
                case "s" -> Duration.ofSeconds(number);
                case "m" -> Duration.ofMinutes(number);
                default -> Duration.ofHours(number);
              });
      end = part.end();
    }
    require(end == text.length() && end > 0);
    // A clock counts nanoseconds: this throws for more than 292 years.
    require(sum.toNanos() >= 0);
    return sum;
  }

  /** The value of a flag, or what {@code parse} makes of the default if the value is wrong. */
  <T> T read(
      String flag, String otherwise, String meaning, String wanted, Function<String, T> parse) {
    String variable = variableOf(flag);
    help.put(flag, meaning + " (" + variable + ", default " + quoted(otherwise) + ")");
    String name = flags.containsKey(flag) ? "--" + flag : variable;
    String given = flags.getOrDefault(flag, environment.getOrDefault(variable, otherwise));
    try {
      return parse.apply(given);
    } catch (IllegalArgumentException | ArithmeticException e) {
      faults.add(name + "=" + given + ": must be " + wanted);
      return parse.apply(otherwise);
    }
  }

  /** A fault that shows only in several settings together. */
  void fault(String fault) {
    faults.add(fault);
  }

  /** Every fault, unknown flags and variables among them. To be asked after everything was read. */
  List<String> faults() {
    List<String> all = new ArrayList<>(faults);
    for (String flag : flags.keySet()) {
      if (!help.containsKey(flag)) {
        all.add("--" + flag + ": unknown flag" + Nearest.hint(flag, help.keySet(), "--"));
      }
    }
    for (Map.Entry<String, String> entry : environment.entrySet()) {
      String variable = entry.getKey();
      String flag = flagOf(variable);
      if (variable.startsWith(PREFIX)
          && !(help.containsKey(flag) && variable.equals(variableOf(flag)))
          && !isServiceLink(variable, entry.getValue())) {
        all.add(variable + ": unknown setting" + Nearest.hint(flag, help.keySet(), "--"));
      }
    }
    return all;
  }

  private static boolean isServiceLink(String variable, String value) {
    return SERVICE_LINK.matcher(variable).matches()
        && (!variable.endsWith("_PORT") || value.contains("://") || variable.contains("_PORT_"));
  }

  /** One line for each setting. */
  String help() {
    StringBuilder text = new StringBuilder();
    help.forEach((flag, meaning) -> text.append("  --" + flag + "\n      " + meaning + "\n"));
    return text.toString().stripTrailing();
  }

  private static String variableOf(String flag) {
    return PREFIX + flag.toUpperCase(Locale.ROOT).replace('-', '_');
  }

  private static String flagOf(String variable) {
    return variable.replaceFirst("^" + PREFIX, "").toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static <T extends Enum<T>> String word(T constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  private static String quoted(String text) {
    return text.isEmpty() ? "empty" : text;
  }

  private static void require(boolean holds) {
    if (!holds) {
      throw new IllegalArgumentException();
    }
  }
}
