package io.keybearer.provider.mount;

import io.keybearer.provider.MountFailure;
import io.keybearer.provider.Quoted;
import io.keybearer.provider.Reason;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * The rules for a file's path in a volume: those of the driver's writer in its order, and what it
 * lets through to its harm.
 */
final class FilePath {

  private static final int LONGEST = 4096;
  private static final int LONGEST_NAME = 255;

  private FilePath() {}

  /**
   * Returns if the driver can write to this path.
   *
   * @throws MountFailure {@link Reason#INVALID_PARAMETERS}; its text holds "invalid path"
   */
  static void check(String path) throws MountFailure {
    require(!path.isEmpty(), path, "is empty");
    require(!path.startsWith("/"), path, "is absolute");
    require(utf8Length(path) <= LONGEST, path, "has more than 4096 bytes");
    for (String name : path.split("/", -1)) {
      require(!name.equals(".."), path, "contains \"..\"");
      require(utf8Length(name) <= LONGEST_NAME, path, "has a name of more than 255 bytes");
      require(!name.isEmpty(), path, "has an empty name, as in \"a//b\" or \"a/\"");
      require(!name.equals("."), path, "contains \".\"");
    }
    require(!path.startsWith(".."), path, "starts with \"..\"");
    require(path.indexOf('\0') < 0, path, "contains a NUL character");
  }

  private static void require(boolean holds, String path, String problem) throws MountFailure {
    if (!holds) {
      throw MountFailure.of(
          Reason.INVALID_PARAMETERS,
          "invalid path: " + Quoted.of(path) + " " + problem,
          "use a relative path such as \"db/password\"");
    }
  }

  private static boolean isAscii(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) >= 0x80) {
        return false;
      }
    }
    return true;
  }

  private static int utf8Length(String text) throws MountFailure {
    if (isAscii(text)) {
      return text.length();
    }
    try {
      ByteBuffer bytes = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
      return bytes.remaining();
    } catch (CharacterCodingException e) {
      require(false, text, "is not valid Unicode");
      return 0;
    }
  }
}
