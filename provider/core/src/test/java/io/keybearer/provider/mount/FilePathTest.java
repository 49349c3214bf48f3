package io.keybearer.provider.mount;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keybearer.provider.MountFailure;
import io.keybearer.provider.Reason;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.statistics.Statistics;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FilePathTest {

  private static final String REMEDY = "; use a relative path such as \"db/password\"";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a",
        "d/b",
        "a/..b",
        ".hidden",
        "a/.b",
        "a b",
        "größe/密码",
        "a\nb",
        "a..b",
        "a/b../c",
        "~",
        "-rf",
        "C:\\a",
        "a:b"
      })
  void takesWhatTheDriverWrites(String path) {
    assertThatCode(() -> FilePath.check(path)).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = '@',
      value = {
        "`` @ \"\" is empty",
        "/ @ \"/\" is absolute",
        "/etc/passwd @ \"/etc/passwd\" is absolute",
        "//a @ \"//a\" is absolute",
        ".. @ \"..\" contains \"..\"",
        "../a @ \"../a\" contains \"..\"",
        "a/../b @ \"a/../b\" contains \"..\"",
        "a/.. @ \"a/..\" contains \"..\"",
        "..a @ \"..a\" starts with \"..\"",
        "..data/a @ \"..data/a\" starts with \"..\"",
        "... @ \"...\" starts with \"..\"",
        ". @ \".\" contains \".\"",
        "./a @ \"./a\" contains \".\"",
        "a/. @ \"a/.\" contains \".\"",
        "a/./b @ \"a/./b\" contains \".\"",
        "a//b @ \"a//b\" has an empty name, as in \"a//b\" or \"a/\"",
        "a/ @ \"a/\" has an empty name, as in \"a//b\" or \"a/\""
      })
  void refusesWhatHarmsTheVolume(String path, String problem) {
    assertRefused(path, "invalid path: " + problem + REMEDY);
  }

  @Test
  void refusesNul() {
    assertRefused("a\0b", "invalid path: \"a\\u{0}b\" contains a NUL character" + REMEDY);
  }

  @Test
  void refusesWhatIsNoUnicode() {
    assertRefused("a\ud800", "invalid path: \"a\\u{d800}\" is not valid Unicode" + REMEDY);
  }

  @ParameterizedTest
  @CsvSource({"x, 255", "ä, 127", "密, 85", "😀, 63"})
  void boundsANameInBytes(String character, int most) {
    String longest = character.repeat(most);

    assertThatCode(() -> FilePath.check("d/" + longest + "/e")).doesNotThrowAnyException();
    assertThatThrownBy(() -> FilePath.check("d/" + longest + character + "/e"))
        .isInstanceOf(MountFailure.class)
        .hasMessageStartingWith("invalid path: \"d/" + character)
        .hasMessageEndingWith("has a name of more than 255 bytes" + REMEDY);
  }

  @Test
  void boundsThePathInBytes() {
    String longest = "ä/".repeat(1365) + "a";

    assertThat(longest.getBytes(UTF_8)).hasSize(4096);
    assertThatCode(() -> FilePath.check(longest)).doesNotThrowAnyException();
    assertThatThrownBy(() -> FilePath.check(longest + "a"))
        .isInstanceOf(MountFailure.class)
        .hasMessageEndingWith("has more than 4096 bytes" + REMEDY);
  }

  @Property(tries = 5000)
  void takesExactlyWhatTheDriverWritesWithoutHarm(@ForAll("paths") String path) {
    boolean taken = takes(path);

    Statistics.label("taken")
        .collect(taken)
        .coverage(
            coverage -> {
              coverage.check(true).percentage(share -> share > 5);
              coverage.check(false).percentage(share -> share > 5);
            });
    boolean harmless = path.indexOf('\0') < 0 && !path.equals(".") && isUnicode(path);
    assertThat(taken).isEqualTo(driverTakes(path) && harmless);
  }

  @Provide
  Arbitrary<String> paths() {
    return Arbitraries.of(
            "/",
            "/",
            "/",
            ".",
            "..",
            "...",
            "a",
            "b",
            "c",
            "\0",
            "\ud800",
            "ä",
            "\n",
            " ",
            "\\",
            "x".repeat(255),
            "ä".repeat(128),
            "y".repeat(1500))
        .list()
        .ofMinSize(0)
        .ofMaxSize(8)
        .map(parts -> String.join("", parts));
  }

  private static boolean takes(String path) {
    try {
      FilePath.check(path);
      return true;
    } catch (MountFailure failure) {
      assertThat(failure.reason()).isEqualTo(Reason.INVALID_PARAMETERS);
      assertThat(failure.getMessage()).startsWith("invalid path: ").hasSizeLessThan(700);
      return false;
    }
  }

  /** The driver's own rules, written as it has them: on bytes, and by a path's cleaned form. */
  private static boolean driverTakes(String path) {
    if (path.isEmpty() || path.startsWith("/") || path.getBytes(UTF_8).length > 4096) {
      return false;
    }
    for (String element : path.split("/", -1)) {
      if (element.equals("..") || element.getBytes(UTF_8).length > 255) {
        return false;
      }
    }
    return !path.startsWith("..") && path.equals(cleaned(path));
  }

  /** What Go's {@code filepath.Clean} makes of a relative path without {@code ..}. */
  private static String cleaned(String path) {
    Deque<String> elements = new ArrayDeque<>();
    for (String element : path.split("/", -1)) {
      if (!element.isEmpty() && !element.equals(".")) {
        elements.add(element);
      }
    }
    return elements.isEmpty() ? "." : String.join("/", List.copyOf(elements));
  }

  private static boolean isUnicode(String text) {
    return text.codePoints()
        .noneMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
  }

  private static void assertRefused(String path, String message) {
    assertThatThrownBy(() -> FilePath.check(path))
        .isInstanceOfSatisfying(
            MountFailure.class,
            failure -> assertThat(failure.reason()).isEqualTo(Reason.INVALID_PARAMETERS))
        .hasMessage(message);
  }
}
