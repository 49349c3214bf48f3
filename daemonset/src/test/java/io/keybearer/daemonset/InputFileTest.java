package io.keybearer.daemonset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keybearer.provider.MountFailure;
import io.keybearer.provider.Reason;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class InputFileTest {

  private static final Path STANDARD_INPUT = Path.of("-");

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 9, 10})
  void readsAllBytesUpToItsBound(int length) throws Exception {
    byte[] bytes = new byte[length];
    Path file = Files.write(folder.resolve("f"), bytes);

    assertThat(InputFile.of(file, "flag", 10)).isEqualTo(bytes);
    assertThat(InputFile.orStandardInput(file, "flag", 10, InputStream.nullInputStream()))
        .isEqualTo(bytes);
    assertThat(
            InputFile.orStandardInput(STANDARD_INPUT, "flag", 10, new ByteArrayInputStream(bytes)))
        .isEqualTo(bytes);
  }

  @Test
  void refusesOneByteMore() throws Exception {
    Path file = Files.write(folder.resolve("f"), new byte[11]);
    InputStream in = new ByteArrayInputStream(new byte[11]);

    assertFails(
        () -> InputFile.of(file, "flag", 10),
        Reason.INVALID_PARAMETERS,
        "\"" + file + "\" has more than 10 bytes; give less");
    assertFails(
        () -> InputFile.orStandardInput(STANDARD_INPUT, "flag", 10, in),
        Reason.INVALID_PARAMETERS,
        "standard input has more than 10 bytes; give less");
  }

  @Test
  void readsStandardInputWithoutClosingIt() throws Exception {
    InputStream open =
        new FilterInputStream(new ByteArrayInputStream(new byte[] {1, 2})) {
          @Override
          public void close() {
            throw new AssertionError("it is the process's");
          }
        };

    assertThat(InputFile.orStandardInput(STANDARD_INPUT, "flag", 10, open)).containsExactly(1, 2);
  }

  @Test
  void tellsWhyAFileCannotBeRead() {
    assertFails(
        () -> InputFile.of(folder.resolve("none"), "cert", 10),
        Reason.PRECONDITION,
        "\"" + folder + "/none\" can't be read: no such file; see what --cert names");
    assertFails(
        () -> InputFile.of(folder, "cert", 10),
        Reason.PRECONDITION,
        "\"" + folder + "\" can't be read: Is a directory; see what --cert names");
  }

  @Test
  void tellsWhyStandardInputCannotBeRead() {
    InputStream broken =
        new FilterInputStream(InputStream.nullInputStream()) {
          @Override
          public int read(byte[] bytes, int from, int most) throws IOException {
            throw new IOException("Input/output error");
          }
        };

    assertFails(
        () -> InputFile.orStandardInput(STANDARD_INPUT, "from-file", 10, broken),
        Reason.PRECONDITION,
        "standard input can't be read: Input/output error; --from-file names a file instead");
  }

  @ParameterizedTest
  @MethodSource
  void saysCausesWithoutTheFile(IOException failure, String cause) {
    assertThat(InputFile.cause(failure)).isEqualTo(cause);
  }

  static Stream<Arguments> saysCausesWithoutTheFile() {
    return Stream.of(
        Arguments.of(new NoSuchFileException("f"), "no such file"),
        Arguments.of(new AccessDeniedException("f"), "permission denied"),
        Arguments.of(new FileSystemException("f", null, "Not a directory"), "Not a directory"),
        Arguments.of(new FileSystemException("f"), "FileSystemException"),
        Arguments.of(new IOException(), "IOException"));
  }

  private static void assertFails(ThrowingCallable call, Reason reason, String message) {
    assertThatThrownBy(call)
        .isInstanceOf(MountFailure.class)
        .hasMessage(message)
        .extracting(failure -> ((MountFailure) failure).reason())
        .isEqualTo(reason);
  }
}
