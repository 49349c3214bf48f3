package io.keybearer.provider.aws;

import io.keybearer.provider.Quoted;
import java.util.regex.Pattern;

/** Names of others in the official provider's sentences, which have no quotes. */
final class PlainText {

  private static final Pattern PLAIN = Pattern.compile("[ -!#-\\[\\]-~]{0,512}");

  private PlainText() {}

  /** The name as it is where nothing in it could mislead; else quoted and cut. */
  static String of(String name) {
    return PLAIN.matcher(name).matches() ? name : Quoted.of(name);
  }
}
