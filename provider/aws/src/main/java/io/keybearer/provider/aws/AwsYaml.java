package io.keybearer.provider.aws;

import io.keybearer.provider.MountFailure;
import io.keybearer.provider.Place;
import io.keybearer.provider.Reason;
import io.keybearer.provider.text.Duplicates;
import io.keybearer.provider.text.YamlNode;
import io.keybearer.provider.text.YamlReader;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * YAML as the official provider reads it: Go's {@code sigs.k8s.io/yaml} makes JSON of it with the
 * types of YAML 1.1, then text of what stands in a field of text. So {@code 0644} is "420", {@code
 * 1.10} is "1.1" and {@code yes} is "true". Names of fields match in any case.
 */
final class AwsYaml {

  /** Digits in groups, where a point comes first. */
  private static final Pattern FRACTION =
      Pattern.compile("\\.[0-9]++(?:_[0-9]++)*+(?:[eE][-+]?[0-9]++(?:_[0-9]++)*+)?");

  private static final Pattern FLOAT =
      Pattern.compile("[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]+)?");
  private static final Pattern INTEGER =
      Pattern.compile("([-+]?)(?:0[xX]([0-9a-fA-F]+)|0[bB]([01]+)|0[oO]?([0-7]+)|(0|[1-9][0-9]*))");

  /** Go takes a sign also between this prefix and the digits. */
  private static final Pattern SIGN_INSIDE = Pattern.compile("^0b([-+])");

  private static final BigInteger LEAST = BigInteger.valueOf(Long.MIN_VALUE);
  private static final BigInteger MOST = BigInteger.valueOf(Long.MAX_VALUE);
  private static final BigInteger MOST_UNSIGNED =
      BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);

  /** No number that is meant has more characters; the time for one grows with their square. */
  private static final int LONGEST_NUMBER = 400;

  private AwsYaml() {}

  /**
   * The first document in {@code text}; an empty one is a null scalar. Of a key that stands twice,
   * the later one counts.
   *
   * @param parameter the parameter's name, for messages
   * @throws MountFailure {@link Reason#INVALID_PARAMETERS} with line and column
   */
  static YamlNode read(String parameter, String text) throws MountFailure {
    return YamlReader.read(parameter, text, Duplicates.LAST_WINS);
  }

  /**
   * The fields of a map under their own names, in whatever case its author wrote them. Other keys
   * are left out. Of one field in two cases Go takes the one whose key sorts last, unless that is
   * null.
   *
   * @param known the names of the fields, ASCII letters only
   * @throws MountFailure {@link Reason#INVALID_PARAMETERS} if a list or a map stands there in two
   *     cases: Go mixes their contents, which nobody means
   */
  static YamlNode.Mapping fields(YamlNode.Mapping mapping, Set<String> known) throws MountFailure {
    Map<String, String> names =
        known.stream().collect(Collectors.toMap(AwsYaml::folded, Function.identity()));
    Map<String, YamlNode> entries = new LinkedHashMap<>();
    Map<String, Place> keys = new LinkedHashMap<>();
    for (Map.Entry<String, YamlNode> entry : new TreeMap<>(mapping.entries()).entrySet()) {
      String name = names.get(folded(entry.getKey()));
      if (name == null) {
        continue;
      }
      Place place = Objects.requireNonNullElse(mapping.keys().get(entry.getKey()), mapping.place());
      YamlNode value = entry.getValue();
      YamlNode earlier = entries.get(name);
      if (earlier != null
          && !(earlier instanceof YamlNode.Scalar && value instanceof YamlNode.Scalar)) {
        throw place.failure("this key stands twice, in two cases", "remove one of them");
      }
      if (earlier == null || !((YamlNode.Scalar) value).isNull()) {
        entries.put(name, value);
        keys.put(name, place);
      }
    }
    return new YamlNode.Mapping(entries, keys, mapping.place());
  }

  /**
   * Equal for what Go takes for the same name: two more characters than ASCII's are one of its
   * letters in another case, the Kelvin sign and the long s.
   */
  private static String folded(String name) {
    return name.toLowerCase(Locale.ROOT).replace('\u017f', 's');
  }

  /**
   * The text that Go reads from a field; empty if it is absent or null. What its author wrote is
   * {@link YamlNode.Mapping#text}.
   *
   * @param fields from {@link #fields}
   * @throws MountFailure {@link Reason#INVALID_PARAMETERS} if it is a list or a map
   */
  static String text(YamlNode.Mapping fields, String name) throws MountFailure {
    return fields.entries().get(name) instanceof YamlNode.Scalar scalar
        ? text(scalar)
        : fields.text(name);
  }

  /** The text that Go reads from a scalar. */
  static String text(YamlNode.Scalar scalar) {
    String text = scalar.text();
    if (!scalar.plain()) {
      return text;
    }
    return switch (text) {
      case "~", "null", "Null", "NULL" -> "";
      case "y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON" -> "true";
      case "n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF" -> "false";
      case ".nan", ".NaN", ".NAN" -> "NaN";
      case ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF" -> "+Inf";
      case "-.inf", "-.Inf", "-.INF" -> "-Inf";
      default -> number(text).orElse(text);
    };
  }

  private static Optional<String> number(String text) {
    // Underscores mean nothing inside, but nothing that begins with one is a number.
    if (text.length() > LONGEST_NUMBER || text.startsWith("_")) {
      return Optional.empty();
    }
    if (text.startsWith(".") && !FRACTION.matcher(text).matches()) {
      return Optional.empty();
    }
    String digits = text.replace("_", "");
    return integer(digits)
        .map(BigInteger::toString)
        .or(() -> floating(digits).map(AwsYaml::printed));
  }

  /** An integer in one of four bases, of 64 bits; it may need the last one if it has no sign. */
  private static Optional<BigInteger> integer(String digits) {
    Matcher parts = INTEGER.matcher(SIGN_INSIDE.matcher(digits).replaceFirst("$10b"));
    if (!parts.matches()) {
      return Optional.empty();
    }
    BigInteger value;
    if (parts.group(2) != null) {
      value = new BigInteger(parts.group(2), 16);
    } else if (parts.group(3) != null) {
      value = new BigInteger(parts.group(3), 2);
    } else if (parts.group(4) != null) {
      value = new BigInteger(parts.group(4), 8);
    } else {
      value = new BigInteger(parts.group(5));
    }
    BigInteger signed = parts.group(1).equals("-") ? value.negate() : value;
    BigInteger most = parts.group(1).isEmpty() ? MOST_UNSIGNED : MOST;
    boolean fits = signed.compareTo(LEAST) >= 0 && signed.compareTo(most) <= 0;
    return fits ? Optional.of(signed) : Optional.empty();
  }

  private static Optional<Double> floating(String digits) {
    return Optional.of(digits)
        .filter(each -> FLOAT.matcher(each).matches())
        .map(Double::valueOf)
        .filter(value -> !value.isInfinite());
  }

  /** As Go prints a number once it is cut down to 32 bits: the shortest digits that are it. */
  private static String printed(double value) {
    float single = (float) value;
    if (Float.isInfinite(single)) {
      return single > 0 ? "+Inf" : "-Inf";
    }
    if (single == 0) {
      return 1 / single < 0 ? "-0" : "0";
    }
    BigDecimal shortest = shortest(single).stripTrailingZeros();
    int exponent = shortest.precision() - shortest.scale() - 1;
    return exponent < -4 || exponent >= 6
        ? exponential(shortest, exponent)
        : shortest.toPlainString();
  }

  /**
   * Java 17's own shortest form has a digit too many now and then. For a few powers of two, such as
   * 2^-12, Go has another last digit.
   */
  private static BigDecimal shortest(float value) {
    BigDecimal exact = new BigDecimal(value);
    for (int digits = 1; digits < 9; digits++) {
      BigDecimal rounded = exact.round(new MathContext(digits, RoundingMode.HALF_EVEN));
      if (rounded.floatValue() == value) {
        return rounded;
      }
    }
    return exact.round(new MathContext(9, RoundingMode.HALF_EVEN));
  }

  private static String exponential(BigDecimal number, int exponent) {
    String digits = number.unscaledValue().abs().toString();
    return (number.signum() < 0 ? "-" : "")
        + digits.charAt(0)
        + (digits.length() > 1 ? "." + digits.substring(1) : "")
        + (exponent < 0 ? "e-" : "e+")
        + (Math.abs(exponent) < 10 ? "0" : "")
        + Math.abs(exponent);
  }
}
