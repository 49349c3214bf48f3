package io.keybearer.e2e.driver;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The driver's checks of a file's path, in its order and with its texts. Lengths count bytes. */
final class FilePaths {
  private static final int LONGEST_PATH = 4096;
  private static final int LONGEST_NAME = 255;

  private FilePaths() {}

  /** Passes what the driver passes, {@code "."} and NUL included. */
  static void check(String path) throws WriteFailure {
    if (path.isEmpty()) {
      throw new WriteFailure("invalid path: must not be empty: \"\"");
    }
    if (path.startsWith("/")) {
      throw new WriteFailure("invalid path: must be relative path: " + path);
    }
    if (length(path) > LONGEST_PATH) {
      throw new WriteFailure("invalid path: must be less than or equal to 4096 characters");
    }
    checkElements(path);
    if (!clean(path).equals(path)) {
      throw new WriteFailure("invalid filepath: " + GoText.quote(path));
    }
  }

  private static void checkElements(String path) throws WriteFailure {
    String[] elements = path.split("/", -1);
    for (String element : elements) {
      if (element.equals("..")) {
        throw new WriteFailure("invalid path: must not contain '..': " + path);
      }
      if (length(element) > LONGEST_NAME) {
        throw new WriteFailure(
            "invalid path: filenames must be less than or equal to 255 characters");
      }
    }
    if (elements[0].startsWith("..")) {
      throw new WriteFailure("invalid path: must not start with '..': " + path);
    }
  }

  /** A relative path without {@code ..} in its shortest form. */
  private static String clean(String path) {
    List<String> kept = new ArrayList<>();
    for (String element : path.split("/", -1)) {
      if (!element.isEmpty() && !element.equals(".")) {
        kept.add(element);
      }
    }
    return kept.isEmpty() ? "." : String.join("/", kept);
  }

  /** The part before the first slash: the only one that is a link in the volume's root. */
  static String first(String path) {
    int slash = path.indexOf('/');
    return slash < 0 ? path : path.substring(0, slash);
  }

  private static int length(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }
}
