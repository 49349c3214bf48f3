package io.keybearer.daemonset.manifest;

/**
 * Where a scalar itself begins: a parser's place for it is that of an anchor or a tag before it.
 *
 * @param tag such as {@code !!str}, empty if there is none
 * @param offset in the file
 */
record ScalarStart(String tag, int offset) {

  /** Nobody writes so much before a scalar. */
  private static final int FARTHEST = 1_024;

  /** The beginning of the scalar whose node begins there. */
  static ScalarStart of(ManifestText file, Spot node) {
    String text = file.text();
    int at = file.offset(node);
    int end = Math.min(text.length(), at + FARTHEST);
    String tag = "";
    while (at < end && (text.charAt(at) == '&' || text.charAt(at) == '!')) {
      int after = at;
      while (after < end && !isSpace(text.charAt(after))) {
        after++;
      }
      if (text.charAt(at) == '!') {
        tag = text.substring(at, after);
      }
      at = afterSpace(text, after, end);
    }
    return new ScalarStart(tag, at);
  }

  private static int afterSpace(String text, int from, int end) {
    int at = from;
    while (at < end && isSpace(text.charAt(at))) {
      at++;
    }
    return at;
  }

  private static boolean isSpace(char character) {
    return character == ' ' || character == '\t' || character == '\n' || character == '\r';
  }
}
