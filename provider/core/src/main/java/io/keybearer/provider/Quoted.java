package io.keybearer.provider;

/** Somebody else's text, made fit for a message: quoted, on one line, bounded. */
public final class Quoted {

  private static final int LONGEST = 80;

  private Quoted() {}

  /**
   * {@code text} in double quotes with everything escaped that could break a line, hide in a
   * terminal or end the quotes, and cut after 80 characters.
   */
  public static String of(String text) {
    return quoted(text, LONGEST);
  }

  /** The same without a bound, for a text that has one of its own. */
  public static String whole(String text) {
    return quoted(text, Integer.MAX_VALUE);
  }

  private static String quoted(String text, int longest) {
    StringBuilder quoted = new StringBuilder(Math.min(text.length(), longest) + 3).append('"');
    for (int i = 0; i < text.length(); ) {
      if (i >= longest) {
        quoted.append('…');
        break;
      }
      int character = text.codePointAt(i);
      append(quoted, character);
      i += Character.charCount(character);
    }
    return quoted.append('"').toString();
  }

  private static void append(StringBuilder quoted, int character) {
    if (character == '"' || character == '\\') {
      quoted.append('\\').appendCodePoint(character);
    } else if (isPlain(character)) {
      quoted.appendCodePoint(character);
    } else {
      quoted.append("\\u{").append(Integer.toHexString(character)).append('}');
    }
  }

  private static boolean isPlain(int character) {
    return switch (Character.getType(character)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }
}
