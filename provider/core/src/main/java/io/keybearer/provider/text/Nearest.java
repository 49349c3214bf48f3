package io.keybearer.provider.text;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Finds what somebody may have meant by a misspelt word. */
public final class Nearest {

  /** How many letters differ at most, and never more than half of them. */
  private static final int FARTHEST = 3;

  private Nearest() {}

  /** {@code "; did you mean X?"}, or nothing if no known word is near. */
  public static String hint(String word, Collection<String> known, String prefix) {
    return to(word, known).map(best -> "; did you mean " + prefix + best + "?").orElse("");
  }

  /** The known word that is nearest, if one is near. It costs little, however long the word is. */
  public static Optional<String> to(String word, Collection<String> known) {
    return known.stream()
        .filter(other -> Math.abs(other.length() - word.length()) <= FARTHEST)
        .min(Comparator.comparingInt(other -> distance(word, other)))
        .filter(best -> distance(word, best) <= Math.min(FARTHEST, best.length() / 2));
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
