package io.keybearer.provider.mount;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keybearer.provider.MountFailure;
import io.keybearer.provider.ObjectVersion;
import io.keybearer.provider.Reason;
import io.keybearer.provider.SecretBytes;
import io.keybearer.provider.SecretFile;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MountResultTest {

  private static final String APART = "; give each object a path of its own";

  private final MountResult.Draft draft = new MountResult.Draft();

  @Test
  void holdsWhatWasAddedInItsOrder() throws MountFailure {
    draft.add("one", file("b", 3));
    draft.add("two", file("a/b", 4));
    draft.add(new ObjectVersion("one", "v1"));
    draft.add(new ObjectVersion("two", "v2"));

    MountResult result = draft.result(1000);

    assertThat(result.files()).containsExactly(file("b", 3), file("a/b", 4));
    assertThat(result.versions())
        .containsExactly(new ObjectVersion("one", "v1"), new ObjectVersion("two", "v2"));
    assertThat(result.warnings()).isEmpty();
    assertThat(result.bytes()).isEqualTo(7);
  }

  @Test
  void refusesAPathThatTheDriverWouldRefuse() {
    assertRefused(
        () -> draft.add("one", file("../a", 1)),
        "invalid path: \"../a\" contains \"..\"; use a relative path such as \"db/password\"");
  }

  @Test
  void refusesAPathThatAnotherObjectWrites() throws MountFailure {
    draft.add("one", file("a/b", 1));
    draft.add("two", file("a/c", 1));

    assertRefused(
        () -> draft.add("three", file("a/b", 1)),
        "invalid path: path \"a/b\" is also written by object \"one\"" + APART);
  }

  @Test
  void refusesAFileBelowAnotherFile() throws MountFailure {
    draft.add("one", file("a", 1));

    assertRefused(
        () -> draft.add("two", file("a/b/c", 1)),
        "invalid path: path \"a/b/c\" lies below the file of object \"one\"" + APART);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "a/b"})
  void refusesAFileThatIsTheFolderOfAnother(String path) throws MountFailure {
    draft.add("one", file("a/b/c", 1));

    assertRefused(
        () -> draft.add("two", file(path, 1)),
        "invalid path: path \""
            + path
            + "\" is a file here and a folder of object \"one\""
            + APART);
  }

  @ParameterizedTest
  @CsvSource({"a, ab", "ab, a", "a/b, a/bc", "a/b, ab", "a.b/c, a", "A, a"})
  void takesPathsThatOnlyBeginAlike(String one, String other) {
    assertThatCode(
            () -> {
              draft.add("one", file(one, 1));
              draft.add("two", file(other, 1));
            })
        .doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "0400, 0400", "0644, 0644", "0777, 0777"})
  void keepsAModeThatMeansPermissionsOnly(String given, String kept) throws MountFailure {
    draft.add("one", new SecretFile("a", Integer.parseInt(given, 8), SecretBytes.empty()));
    draft.add(new ObjectVersion("one", "v1"));

    MountResult result = draft.result(1000);

    assertThat(result.files().get(0).mode()).isEqualTo(Integer.parseInt(kept, 8));
    assertThat(result.warnings()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"01204, 0204", "04755, 0755", "0100644, 0644", "017777777777, 0777"})
  void masksHigherBitsAsTheDriverDoesAndWarns(String given, String kept) throws MountFailure {
    draft.add("one", new SecretFile("a\n", Integer.parseInt(given, 8), SecretBytes.empty()));
    draft.add(new ObjectVersion("one", "v1"));

    MountResult result = draft.result(1000);

    assertThat(result.files().get(0).mode()).isEqualTo(Integer.parseInt(kept, 8));
    assertThat(result.warnings())
        .containsExactly("\"a\\u{a}\": mode " + given + " becomes " + kept);
  }

  @ParameterizedTest
  @CsvSource({"0, 00", "01000, 01000", "010000000000, 010000000000"})
  void refusesAModeWithoutPermission(String given, String told) {
    assertRefused(
        () ->
            draft.add("one", new SecretFile("a", Integer.parseInt(given, 8), SecretBytes.empty())),
        "mode "
            + told
            + " of \"a\" lets nobody read it; use 0444, or 0440 for a pod that runs with group 0");
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, -420, Integer.MIN_VALUE})
  void refusesANegativeMode(int mode) {
    assertRefused(
        () -> draft.add("one", new SecretFile("a", mode, SecretBytes.empty())),
        "mode "
            + mode
            + " of \"a\" is negative; use 0444, or 0440 for a pod that runs with group 0");
  }

  @Test
  void refusesToBeEmpty() {
    assertRefused(
        () -> draft.result(1000),
        "no files come of this SecretProviderClass; name at least one object that exists");
  }

  @Test
  void refusesToHaveVersionsOnly() {
    draft.add(new ObjectVersion("one", "v1"));

    assertRefused(
        () -> draft.result(1000),
        "no files come of this SecretProviderClass; name at least one object that exists");
  }

  @Test
  void refusesToHaveFilesOnly() throws MountFailure {
    draft.add("one", file("a", 1));

    assertRefused(
        () -> draft.result(1000),
        "no files come of this SecretProviderClass; name at least one object that exists");
  }

  @Test
  void countsContentsPathsAndVersionsWithTheirFraming() throws MountFailure {
    draft.add("one", file("ä", 100));
    draft.add(new ObjectVersion("one", "ü1"));

    assertThat(draft.result(172).files()).hasSize(1);
    assertRefused(
        () -> draft.result(171),
        "the files are 172 bytes together, and the driver takes 171; split the SecretProviderClass,"
            + " or raise --max-answer-bytes together with the driver's --max-call-recv-msg-size");
  }

  private static SecretFile file(String path, int length) {
    return new SecretFile(path, 0644, SecretBytes.copyOf(new byte[length]));
  }

  private static void assertRefused(ThrowingCallable call, String message) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            MountFailure.class,
            failure -> assertThat(failure.reason()).isEqualTo(Reason.INVALID_PARAMETERS))
        .hasMessage(message);
  }
}
