package io.keybearer.daemonset.manifest;

import io.keybearer.provider.Place;
import io.keybearer.provider.text.YamlNode;

/**
 * One parameter of a SecretProviderClass, and how its text lies in the file.
 *
 * @param text what the driver hands to the provider
 * @param key where its name stands
 * @param value where its value begins
 * @param blockLine the line of the {@code |} if it is a literal block, which the file has line by
 *     line; else 0
 * @param indent how far the block's lines are indented
 */
public record ManifestParameter(String text, Spot key, Spot value, int blockLine, int indent) {

  static ManifestParameter of(YamlNode.Scalar scalar, Spot key, Spot value, ManifestText file) {
    int start = ScalarStart.of(file, value).offset();
    boolean literal = file.text().startsWith("|", start);
    int blockLine = literal ? file.lineOf(start) : 0;
    int indent = literal ? indent(scalar.text(), blockLine, file) : 0;
    return new ManifestParameter(scalar.text(), key, value, blockLine, indent);
  }

  /** What the file has more than the text, in the first line that is not empty. */
  private static int indent(String text, int blockLine, ManifestText file) {
    int line = blockLine + 1;
    int start = 0;
    while (start < text.length() && text.charAt(start) == '\n') {
      start++;
      line++;
    }
    int end = text.indexOf('\n', start);
    int length = (end < 0 ? text.length() : end) - start;
    return length == 0 || line > file.lines() ? 0 : Math.max(0, file.line(line).length() - length);
  }

  /** Whether the file shows where each character of the text stands. */
  public boolean isLiteral() {
    return blockLine > 0;
  }

  /** Where that place of the text is in the file; the value's beginning if the file is no guide. */
  public Spot spot(Place place) {
    if (place.isWhole()) {
      return key;
    }
    return isLiteral() ? new Spot(blockLine + place.line(), indent + place.column()) : value;
  }
}
