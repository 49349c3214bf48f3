package io.keybearer.provider;

import java.util.regex.Pattern;

/** Somebody else's names in sentences that have no quotes. */
public final class PlainText {

  private static final Pattern PLAIN = Pattern.compile("[ -!#-\\[\\]-~]{0,512}");

  private PlainText() {}

  /** The name as it is where nothing in it could mislead; else quoted and cut. */
  public static String of(String name) {
    return PLAIN.matcher(name).matches() ? name : Quoted.of(name);
  }
}
