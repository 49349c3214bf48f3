package io.keybearer.daemonset.manifest;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * One document of a file, with the {@code ---} that begins it.
 *
 * @param firstLine the file's line that it begins with
 * @param text its lines
 */
record ManifestDocument(int firstLine, String text) {

  private static final String BEGIN = "---";
  private static final String END = "...";

  /**
   * The documents of a file, split before anything of it is parsed: what is wrong with one hides no
   * other.
   */
  static List<ManifestDocument> split(ManifestText file) {
    List<ManifestDocument> documents = new ArrayList<>();
    int first = 1;
    boolean directives = false;
    boolean content = false;
    for (int number = 1; number <= file.lines(); number++) {
      String line = file.line(number);
      if (isMarker(line, BEGIN)) {
        if (!directives) {
          add(documents, file, first, number);
          first = number;
        }
        directives = false;
        content = true;
      } else if (isMarker(line, END)) {
        add(documents, file, first, number + 1);
        first = number + 1;
        directives = false;
        content = false;
      } else if (!content) {
        directives = line.startsWith("%") || (directives && isBlank(line));
        content = !directives && !isBlank(line);
      }
    }
    add(documents, file, first, file.lines() + 1);
    return documents;
  }

  private static void add(
      List<ManifestDocument> documents, ManifestText file, int first, int until) {
    ManifestDocument document = new ManifestDocument(first, file.lines(first, until));
    if (!document.isEmpty()) {
      documents.add(document);
    }
  }

  /** Whether nothing but comments stands there. */
  private boolean isEmpty() {
    return text.lines()
        .allMatch(
            line ->
                isBlank(
                    isMarker(line, BEGIN) || isMarker(line, END)
                        ? line.substring(BEGIN.length())
                        : line));
  }

  /** Whether a SecretProviderClass can stand there. */
  boolean mentionsClasses() {
    return text.contains(ClassReader.KIND) || text.contains(ClassReader.GROUP);
  }

  /** Whether it is what Helm makes manifests of. */
  boolean looksLikeTemplate() {
    return text.contains("{{");
  }

  /** The first character that YAML does not allow anywhere, as an index of the text. */
  OptionalInt controlCharacter() {
    for (int i = 0; i < text.length(); i++) {
      char character = text.charAt(i);
      boolean allowed =
          (character >= ' ' && character < 0x7F)
              || (character >= 0xA0 && character < 0xFFFE)
              || "\t\n\r\u0085".indexOf(character) >= 0;
      if (!allowed) {
        return OptionalInt.of(i);
      }
    }
    return OptionalInt.empty();
  }

  /** The text as a YAML parser takes it: JSON may be indented with tabs. */
  String yaml() {
    String begin = text.stripLeading();
    boolean isJson = begin.startsWith("{") || begin.startsWith("[");
    return isJson ? text.replace('\t', ' ') : text;
  }

  private static boolean isMarker(String line, String marker) {
    return line.startsWith(marker)
        && (line.length() == marker.length() || " \t".indexOf(line.charAt(marker.length())) >= 0);
  }

  private static boolean isBlank(String line) {
    String rest = line.strip();
    return rest.isEmpty() || rest.startsWith("#");
  }
}
