package io.keybearer.daemonset.manifest;

import java.util.Arrays;

/** The text of a file and the lines in it. */
final class ManifestText {

  private final String text;

  /** Where each line begins, and where one more would. */
  private final int[] starts;

  /** A text whose lines end with LF, CR or both. */
  ManifestText(String text) {
    this.text = text;
    int lines = 1;
    for (int i = 1; i <= text.length(); i++) {
      lines += beginsLine(i) ? 1 : 0;
    }
    this.starts = new int[lines + 1];
    int line = 1;
    for (int i = 1; i <= text.length(); i++) {
      if (beginsLine(i)) {
        starts[line++] = i;
      }
    }
    starts[lines] = text.length();
  }

  private boolean beginsLine(int at) {
    char before = text.charAt(at - 1);
    boolean splitsBreak = before == '\r' && at < text.length() && text.charAt(at) == '\n';
    return before == '\n' || (before == '\r' && !splitsBreak);
  }

  /** How many lines there are; the last one may be empty. */
  int lines() {
    return starts.length - 1;
  }

  /** A line without its end. */
  String line(int number) {
    int end = starts[number];
    while (end > starts[number - 1] && isBreak(text.charAt(end - 1))) {
      end--;
    }
    return text.substring(starts[number - 1], end);
  }

  /** The lines from one up to, but without, another, each with its end. */
  String lines(int from, int until) {
    return text.substring(starts[from - 1], starts[until - 1]);
  }

  /** The place of what begins there; the end of the text where nothing does. */
  int offset(Spot spot) {
    if (spot.line() > lines()) {
      return text.length();
    }
    int start = starts[spot.line() - 1];
    int characters = Math.min(spot.column() - 1, text.codePointCount(start, starts[spot.line()]));
    return text.offsetByCodePoints(start, characters);
  }

  /** The place of a document's first character. */
  int offset(ManifestDocument document) {
    return starts[document.firstLine() - 1];
  }

  /** The line that this place is in. */
  int lineOf(int offset) {
    int found = Arrays.binarySearch(starts, 0, lines(), offset);
    return found >= 0 ? found + 1 : -found - 1;
  }

  /** The spot of this place. */
  Spot spot(int offset) {
    int line = lineOf(offset);
    return new Spot(line, text.codePointCount(starts[line - 1], offset) + 1);
  }

  /** The characters themselves. */
  String text() {
    return text;
  }

  private static boolean isBreak(char character) {
    return character == '\n' || character == '\r';
  }
}
