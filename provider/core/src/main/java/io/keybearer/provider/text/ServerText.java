package io.keybearer.provider.text;

import java.util.regex.Pattern;

/** What servers say, made fit for a message. */
public final class ServerText {

  /** More of it would only push out what to try. */
  private static final int LONGEST = 300;

  /** What is looked at of a text, which may have megabytes; tokens among it take no room. */
  private static final int LONGEST_SEEN = 2_000;

  /**
   * A JSON Web Token, a token of Vault, a session token of AWS, or what is too long to be a word: a
   * hostile server could give back what it got.
   */
  private static final Pattern TOKEN =
      Pattern.compile(
          "[-\\w]{10,}\\.[-\\w]{10,}\\.[-\\w]{10,}"
              + "|\\b(?:hv[sbr]|[sbr])\\.[-\\w.]{20,}"
              + "|\\b(?:IQoJ|F[Qw]oG|AQoD)[-\\w+/=]{20,}"
              + "|[-\\w]{64,}");

  private ServerText() {}

  /** A server's text on one line, without what could hide in a terminal, and without tokens. */
  public static String line(String text) {
    return bounded(replaced(TOKEN, oneLine(text)));
  }

  /**
   * The same for a server with tokens that others have as names.
   *
   * @param tokens what else is one
   */
  public static String line(String text, Pattern tokens) {
    return bounded(replaced(tokens, replaced(TOKEN, oneLine(text))));
  }

  private static String oneLine(String text) {
    String start =
        text.length() <= LONGEST_SEEN
            ? text
            // The last word may be a part of a token.
            : text.substring(0, LONGEST_SEEN).replaceFirst("\\S*+$", "…");
    return start.strip().replaceAll("\\p{Cntrl}+\\s*", " ").replaceAll("\\p{Cf}", "");
  }

  private static String replaced(Pattern tokens, String line) {
    return tokens.matcher(line).replaceAll("[token]");
  }

  /** At most 300 characters of a text. */
  public static String bounded(String text) {
    return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "…";
  }
}
