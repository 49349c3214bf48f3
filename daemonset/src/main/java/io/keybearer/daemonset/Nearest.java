package io.keybearer.daemonset;

import java.util.Collection;
import java.util.Comparator;

/** Finds what somebody may have meant. */
final class Nearest {

  private static final int FARTHEST = 3;

  private Nearest() {}

  /** {@code "; did you mean X?"}, or nothing if no known word is near. */
  static String hint(String word, Collection<String> known, String prefix) {
    return known.stream()
        .min(Comparator.comparingInt(other -> distance(word, other)))
        .filter(best -> distance(word, best) <= FARTHEST)
        .map(best -> "; did you mean " + prefix + best + "?")
        .orElse("");
  }

  /** Levenshtein's distance. */
  private static int distance(String a, String b) {
    int[] previous = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      previous[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int[] current = new int[b.length() + 1];
      current[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        current[j] = Math.min(replaced, Math.min(previous[j], current[j - 1]) + 1);
      }
      previous = current;
    }
    return previous[b.length()];
  }
}
