package io.keybearer.provider.text;

import java.util.Optional;

/** Reads truths as Go's {@code strconv.ParseBool} does. */
public final class GoTruth {

  private GoTruth() {}

  /** A truth, or empty for what Go takes for none. */
  public static Optional<Boolean> of(String text) {
    return switch (text) {
      case "1", "t", "T", "TRUE", "true", "True" -> Optional.of(true);
      case "0", "f", "F", "FALSE", "false", "False" -> Optional.of(false);
      default -> Optional.empty();
    };
  }
}
