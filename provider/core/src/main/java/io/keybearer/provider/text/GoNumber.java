package io.keybearer.provider.text;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/** Writes numbers as Go's {@code encoding/json} writes those of 64 bits. */
public final class GoNumber {

  private GoNumber() {}

  /** The shortest digits that are this number and no other. */
  public static String text(double value) {
    BigDecimal shortest = shortest(value);
    double size = Math.abs(value);
    if (size == 0) {
      return 1 / value < 0 ? "-0" : "0";
    }
    if (size < 1e-6 || size >= 1e21) {
      return exponential(shortest);
    }
    return shortest.stripTrailingZeros().toPlainString();
  }

  /** Java 17's own shortest form has a digit too many now and then. */
  private static BigDecimal shortest(double value) {
    BigDecimal exact = new BigDecimal(value);
    for (int digits = 1; digits < 17; digits++) {
      BigDecimal rounded = exact.round(new MathContext(digits, RoundingMode.HALF_EVEN));
      if (rounded.doubleValue() == value) {
        return rounded;
      }
    }
    return exact.round(new MathContext(17, RoundingMode.HALF_EVEN));
  }

  private static String exponential(BigDecimal number) {
    BigDecimal stripped = number.stripTrailingZeros();
    String digits = stripped.unscaledValue().abs().toString();
    int exponent = digits.length() - 1 - stripped.scale();
    String fraction = digits.length() > 1 ? "." + digits.substring(1) : "";
    return (stripped.signum() < 0 ? "-" : "")
        + digits.charAt(0)
        + fraction
        + "e"
        + (exponent < 0 ? "" : "+")
        + exponent;
  }
}
