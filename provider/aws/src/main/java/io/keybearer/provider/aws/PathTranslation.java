package io.keybearer.provider.aws;

import io.keybearer.provider.MountFailure;
import io.keybearer.provider.Place;
import io.keybearer.provider.Reason;
import java.nio.charset.StandardCharsets;

/**
 * What becomes of the slashes of a name that is a file's path.
 *
 * @param character in the place of each; empty to leave them, but for those that a name begins with
 */
record PathTranslation(String character) {

  static final String PARAMETER = "pathTranslation";

  private static final String USUAL = "_";

  /**
   * What the parameter says.
   *
   * @throws MountFailure {@link Reason#INVALID_PARAMETERS} for more than one byte
   */
  static PathTranslation parse(String text) throws MountFailure {
    if (text.isEmpty()) {
      return new PathTranslation(USUAL);
    }
    if (text.equalsIgnoreCase("false")) {
      return new PathTranslation("");
    }
    if (text.getBytes(StandardCharsets.UTF_8).length != 1) {
      throw MountFailure.of(
              Reason.INVALID_PARAMETERS,
              "pathTranslation must be either 'False' or a single character string",
              "write one ASCII character, or \"False\"")
          .in(Place.of(PARAMETER));
    }
    return new PathTranslation(text);
  }

  /** The path of the file that has that name. */
  String of(String name) {
    return character.isEmpty() ? name.replaceFirst("^/+", "") : name.replace("/", character);
  }
}
