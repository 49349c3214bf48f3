package io.keybearer.daemonset;

import io.keybearer.provider.text.GoDuration;
import io.keybearer.provider.text.GoTruth;
import io.keybearer.provider.text.Nearest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads settings from flags and, where a flag is absent, from environment variables: {@code
 * --socket-dir} is also {@code KEYBEARER_SOCKET_DIR}. Words without a dash are operands, where a
 * command takes any. It collects every fault before it tells any.
 */
final class SettingsReader {

  private static final String PREFIX = "KEYBEARER_";

  /** What Kubernetes sets for a Service that is called keybearer; not ours. */
  private static final Pattern SERVICE_LINK =
      Pattern.compile("KEYBEARER(_[A-Z0-9_]+)?_(SERVICE_HOST|SERVICE_PORT|PORT)(_[A-Z0-9_]+)?");

  private static final Pattern BYTES = Pattern.compile("(\\d{1,12})(Ki|Mi)?");

  /**
   * A flag as it was given.
   *
   * @param following the place of the word that was taken for its value; 0 where its value stands
   *     behind an equals sign, and {@link #ALONE} where it has none
   */
  private record Given(String value, int following) {

    private static final int ALONE = -1;
  }

  private final Map<String, List<Given>> flags = new LinkedHashMap<>();
  private final SortedMap<Integer, String> operands = new TreeMap<>();
  private final Map<String, String> environment;
  private final Map<String, String> help = new TreeMap<>();
  private final Set<String> variables = new HashSet<>();
  private final Set<String> faults = new LinkedHashSet<>();
  private final Set<String> unknownVariables = new LinkedHashSet<>();
  private boolean takesOperands;

  SettingsReader(List<String> words, Map<String, String> environment) {
    this.environment = environment;
    for (int i = 0; i < words.size(); i++) {
      String word = words.get(i);
      if (!word.startsWith("-") || word.equals("-")) {
        operands.put(i, word);
        continue;
      }
      String flag = word.replaceFirst("^--?", "");
      int equals = flag.indexOf('=');
      boolean valueFollows = i + 1 < words.size() && isValue(words.get(i + 1));
      if (equals >= 0) {
        put(flag.substring(0, equals), new Given(flag.substring(equals + 1), 0));
      } else if (valueFollows) {
        put(flag, new Given(words.get(++i), i));
      } else {
        put(flag, new Given("true", Given.ALONE));
      }
    }
  }

  /** A dash alone is a value: standard input. */
  private static boolean isValue(String word) {
    return !word.startsWith("-") || word.equals("-");
  }

  private void put(String flag, Given given) {
    flags.computeIfAbsent(flag, f -> new ArrayList<>()).add(given);
  }

  /** The process's variables, for what has names of others. */
  Map<String, String> environment() {
    return environment;
  }

  /** Whether a flag stands among the words, whatever the environment says. */
  boolean stands(String flag) {
    return flags.containsKey(flag);
  }

  /** The words that belong to no flag. To be asked after every flag was read. */
  List<String> operands() {
    takesOperands = true;
    return List.copyOf(operands.values());
  }

  String text(String flag, String otherwise, String meaning) {
    return read(flag, otherwise, meaning, "", Function.identity());
  }

  /** One that is false unless somebody says otherwise. */
  boolean yesOrNo(String flag, String meaning) {
    return yesOrNo(flag, false, meaning);
  }

  boolean yesOrNo(String flag, boolean otherwise, String meaning) {
    standsAlone(flag);
    return read(
        flag,
        Boolean.toString(otherwise),
        meaning,
        "true or false",
        text ->
            switch (text) {
              case "true" -> true;
              case "false" -> false;
              default -> throw new IllegalArgumentException();
            });
  }

  /** A truth as Go writes it, of a flag that has variables of other names. */
  boolean truth(String flag, List<String> names, String meaning) {
    standsAlone(flag);
    return read(
        flag,
        names,
        "false",
        meaning,
        "true or false",
        text -> !text.isEmpty() && GoTruth.of(text).orElseThrow(IllegalArgumentException::new));
  }

  /** The first of these variables that is set; empty if none is. */
  String variable(List<String> names) {
    return names.stream()
        .filter(environment::containsKey)
        .findFirst()
        .map(environment::get)
        .orElse("");
  }

  /** A flag that needs no value takes none but true or false from the word behind it. */
  private void standsAlone(String flag) {
    flags.computeIfPresent(
        flag, (f, all) -> new ArrayList<>(all.stream().map(this::alone).toList()));
  }

  private Given alone(Given given) {
    boolean isValue = given.value().equals("true") || given.value().equals("false");
    if (given.following() == 0 || (given.following() > 0 && isValue)) {
      return given;
    }
    if (given.following() > 0) {
      operands.put(given.following(), given.value());
    }
    return new Given("true", 0);
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
        text -> Enum.valueOf(type, text.toUpperCase(Locale.ROOT).replace('-', '_')));
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
    return GoDuration.of(text).orElseThrow(IllegalArgumentException::new);
  }

  /** The values of a flag that may stand several times; it has no variable. */
  <T> List<T> several(String flag, String meaning, String wanted, Function<String, T> parse) {
    help.put(flag, meaning + " (may stand several times)");
    List<T> values = new ArrayList<>();
    for (Given given : flags.getOrDefault(flag, List.of())) {
      try {
        if (hasValue(flag, given)) {
          values.add(parse.apply(given.value()));
        }
      } catch (IllegalArgumentException e) {
        faults.add("--" + flag + "=" + given.value() + ": must be " + wanted);
      }
    }
    return values;
  }

  /** The value of a flag, or what {@code parse} makes of the default if the value is wrong. */
  <T> T read(
      String flag, String otherwise, String meaning, String wanted, Function<String, T> parse) {
    return read(flag, List.of(variableOf(flag)), otherwise, meaning, wanted, parse);
  }

  /**
   * The same of a flag that has variables of other names.
   *
   * @param names the first of them that is set counts, even if it is empty
   */
  <T> T read(
      String flag,
      List<String> names,
      String otherwise,
      String meaning,
      String wanted,
      Function<String, T> parse) {
    String variable =
        names.stream().filter(environment::containsKey).findFirst().orElse(names.get(0));
    String told = String.join(", ", names);
    help.put(flag, meaning + " (" + told + ", default " + quoted(otherwise) + ")");
    variables.addAll(names);
    List<Given> all = flags.getOrDefault(flag, List.of());
    if (all.size() > 1) {
      faults.add("--" + flag + ": stands twice");
    }
    Given last =
        all.isEmpty()
            ? new Given(environment.getOrDefault(variable, otherwise), 0)
            : all.get(all.size() - 1);
    String name = all.isEmpty() ? variable : "--" + flag;
    String given = hasValue(flag, last) ? last.value() : otherwise;
    try {
      return parse.apply(given);
    } catch (IllegalArgumentException | ArithmeticException e) {
      faults.add(name + "=" + given + ": must be " + wanted);
      return parse.apply(otherwise);
    }
  }

  private boolean hasValue(String flag, Given given) {
    if (given.following() == Given.ALONE) {
      faults.add("--" + flag + ": needs a value");
    }
    return given.following() != Given.ALONE;
  }

  /** A fault that shows only in several settings together. */
  void fault(String fault) {
    faults.add(fault);
  }

  /** Every fault, unknown flags among them. To be asked after everything was read. */
  List<String> faults() {
    List<String> all = new ArrayList<>(faults);
    if (!takesOperands) {
      operands.values().forEach(word -> all.add(word + ": not a flag"));
    }
    for (String flag : flags.keySet()) {
      if (!help.containsKey(flag)) {
        all.add("--" + flag + ": unknown flag" + Nearest.hint(flag, help.keySet(), "--"));
      }
    }
    all.addAll(unknownVariables);
    return all;
  }

  /**
   * Makes a fault of each variable of this project that nothing was read of, for a process that all
   * of them are meant for. To be asked after every flag was read.
   */
  void refuseUnknownVariables() {
    for (Map.Entry<String, String> entry : environment.entrySet()) {
      String variable = entry.getKey();
      String flag = flagOf(variable);
      if (variable.startsWith(PREFIX)
          && !variables.contains(variable)
          && !isServiceLink(variable, entry.getValue())) {
        unknownVariables.add(
            variable + ": unknown setting" + Nearest.hint(flag, help.keySet(), "--"));
      }
    }
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
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
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
