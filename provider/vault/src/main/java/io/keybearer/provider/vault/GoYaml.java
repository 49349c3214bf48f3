package io.keybearer.provider.vault;

import io.keybearer.provider.MountFailure;
import io.keybearer.provider.text.GoNumber;
import io.keybearer.provider.text.JsonNode;
import io.keybearer.provider.text.YamlNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Gives YAML scalars the types that Go's {@code yaml.v3} gives them, which are those of neither
 * YAML 1.1 nor 1.2: {@code yes} is a text, {@code 0600} is octal, {@code 2024-01-02} is a time.
 */
final class GoYaml {

  private static final Pattern FLOAT =
      Pattern.compile("[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]+)?");
  private static final Pattern INTEGER =
      Pattern.compile("([-+]?)(?:0[xX]([0-9a-fA-F]+)|0[bB]([01]+)|0[oO]?([0-7]+)|(0|[1-9][0-9]*))");

  /** A date; behind "T" a time with its offset, behind spaces one without. */
  private static final Pattern TIME =
      Pattern.compile(
          "([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:([Tt]| +)([0-9]{1,2}):([0-9]{1,2}):([0-9]{1,2})"
              + "(?:\\.([0-9]{1,9}))?(Z|[-+][0-9]{2}:[0-9]{2})?)?");

  private static final DateTimeFormatter SECONDS =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss", Locale.ROOT);

  private static final BigInteger LEAST = BigInteger.valueOf(Long.MIN_VALUE);
  private static final BigInteger MOST = BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);

  /** Decimal digits beyond which no number of 64 bits is meant. */
  private static final int MOST_DIGITS = 400;

  private GoYaml() {}

  /**
   * A node as the JSON that Go makes of it.
   *
   * @throws MountFailure for a number that JSON has not: infinite, or none
   */
  static JsonNode json(YamlNode node) throws MountFailure {
    if (node instanceof YamlNode.Mapping mapping) {
      Map<String, JsonNode> members = new LinkedHashMap<>();
      for (Map.Entry<String, YamlNode> entry : mapping.entries().entrySet()) {
        members.put(entry.getKey(), json(entry.getValue()));
      }
      return new JsonNode.Members(members);
    }
    if (node instanceof YamlNode.Sequence sequence) {
      List<JsonNode> items = new ArrayList<>();
      for (YamlNode item : sequence.items()) {
        items.add(json(item));
      }
      return new JsonNode.Items(items);
    }
    return scalar((YamlNode.Scalar) node);
  }

  private static JsonNode scalar(YamlNode.Scalar scalar) throws MountFailure {
    String text = scalar.text();
    if (!scalar.plain()) {
      return new JsonNode.Text(text);
    }
    if (scalar.isNull()) {
      return new JsonNode.Nothing();
    }
    switch (text) {
      case "true", "True", "TRUE" -> {
        return new JsonNode.Truth(true);
      }
      case "false", "False", "FALSE" -> {
        return new JsonNode.Truth(false);
      }
      default -> {
        // What follows looks at its characters.
      }
    }
    if (isNotANumber(text)) {
      throw scalar
          .place()
          .failure("this number has no form in JSON", "quote it if a text is meant");
    }
    return integer(text)
        .map(BigInteger::toString)
        .or(() -> floating(text).map(GoNumber::text))
        .<JsonNode>map(JsonNode.Numeral::new)
        .or(() -> time(text))
        .orElseGet(() -> new JsonNode.Text(text));
  }

  private static boolean isNotANumber(String text) {
    return switch (text) {
      case ".nan", ".NaN", ".NAN" -> true;
      case ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF", "-.inf", "-.Inf", "-.INF" -> true;
      default -> false;
    };
  }

  /**
   * The whole number that a plain scalar is; a fraction is cut off, as Go does.
   *
   * @return nothing for anything else, a quoted number among it
   */
  static Optional<BigInteger> wholeNumber(YamlNode.Scalar scalar) {
    return scalar.plain()
        ? integer(scalar.text())
            .or(() -> floating(scalar.text()).map(BigDecimal::new).map(BigDecimal::toBigInteger))
        : Optional.<BigInteger>empty();
  }

  /** Underscores may stand anywhere but at the beginning, and mean nothing. */
  private static String digits(String text) {
    return text.length() > MOST_DIGITS || text.startsWith("_") ? "" : text.replace("_", "");
  }

  /** An integer in one of four bases, of 64 bits. */
  private static Optional<BigInteger> integer(String text) {
    Matcher parts = INTEGER.matcher(digits(text));
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
    boolean fits = signed.compareTo(LEAST) >= 0 && signed.compareTo(MOST) <= 0;
    return fits ? Optional.of(signed) : Optional.empty();
  }

  private static Optional<Double> floating(String text) {
    String digits = digits(text);
    return Optional.of(digits)
        .filter(each -> FLOAT.matcher(each).matches())
        .map(Double::valueOf)
        .filter(value -> !value.isInfinite());
  }

  /** A time as Go writes one into JSON (RFC 3339). */
  private static Optional<JsonNode> time(String text) {
    Matcher parts = TIME.matcher(text);
    if (!parts.matches()) {
      return Optional.empty();
    }
    boolean spaced = parts.group(4) != null && parts.group(4).isBlank();
    boolean hasOffset = parts.group(9) != null;
    if (parts.group(4) != null && spaced == hasOffset) {
      return Optional.empty();
    }
    try {
      String fraction = parts.group(8) == null ? "" : parts.group(8).replaceFirst("0+$", "");
      LocalDateTime local =
          LocalDateTime.of(
              part(parts.group(1)),
              part(parts.group(2)),
              part(parts.group(3)),
              part(parts.group(5)),
              part(parts.group(6)),
              part(parts.group(7)));
      String offset = hasOffset ? ZoneOffset.of(parts.group(9)).getId() : "Z";
      return Optional.of(
          new JsonNode.Text(
              local.format(SECONDS) + (fraction.isEmpty() ? "" : "." + fraction) + offset));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  private static int part(@Nullable String digits) {
    return digits == null ? 0 : Integer.parseInt(digits);
  }
}
