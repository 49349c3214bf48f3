package io.keybearer.daemonset.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keybearer.daemonset.volume.FileChange.Kind;
import io.keybearer.provider.SecretBytes;
import io.keybearer.provider.SecretFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VolumeFolderTest {

  @TempDir private Path folder;

  private Instant now = Instant.parse("2026-11-27T08:09:10.000000042Z");

  private Path target() {
    return folder.resolve("volume");
  }

  private VolumeFolder volume() throws IOException {
    return new VolumeFolder(target(), () -> now);
  }

  private List<FileChange> write(SecretFile... files) throws IOException {
    now = now.plusNanos(1);
    return volume().write(List.of(files));
  }

  private static SecretFile file(String path, String content) {
    return new SecretFile(path, 0644, SecretBytes.copyOf(content.getBytes(StandardCharsets.UTF_8)));
  }

  private String read(String path) throws IOException {
    return Files.readString(target().resolve(path));
  }

  private List<String> entries() throws IOException {
    try (Stream<Path> entries = Files.list(target())) {
      return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void laysFilesOutAsTheDriverDoes() throws IOException {
    assertThat(write(file("db/user", "orders"), file("db/more/password", "p"), file("token", "t")))
        .containsExactly(
            new FileChange(Kind.ADDED, "db/more/password"),
            new FileChange(Kind.ADDED, "db/user"),
            new FileChange(Kind.ADDED, "token"));

    assertThat(entries())
        .containsExactly("..2026_11_27_08_09_10.000000043", "..data", "db", "token");
    assertThat(Files.readSymbolicLink(target().resolve("..data")))
        .hasToString("..2026_11_27_08_09_10.000000043");
    assertThat(Files.readSymbolicLink(target().resolve("db"))).hasToString("..data/db");
    assertThat(read("db/user")).isEqualTo("orders");
    assertThat(read("db/more/password")).isEqualTo("p");
  }

  @ParameterizedTest
  @CsvSource({"0444, r--r--r--", "0440, r--r-----", "0754, rwxr-xr--", "01, --------x"})
  void givesFilesTheirModes(String mode, String permissions) throws IOException {
    write(new SecretFile("a", Integer.parseInt(mode, 8), SecretBytes.empty()));

    Path real = target().resolve("a").toRealPath();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(real)))
        .isEqualTo(permissions);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(real.getParent())))
        .isEqualTo("rwxr-xr-x");
  }

  @Test
  void tellsWhatChangedAndLeavesNothingBehind() throws IOException {
    write(file("a", "1"), file("b", "1"), file("c/d", "1"));

    assertThat(write(file("a", "2"), file("b", "1"), file("e", "1")))
        .containsExactly(
            new FileChange(Kind.CHANGED, "a"),
            new FileChange(Kind.REMOVED, "c/d"),
            new FileChange(Kind.ADDED, "e"));

    assertThat(entries())
        .containsExactly("..2026_11_27_08_09_10.000000044", "..data", "a", "b", "e");
    assertThat(read("a")).isEqualTo("2");
  }

  @Test
  void touchesNothingWhereAllContentsAreTheSame() throws IOException {
    write(file("a", "1"));
    List<String> before = entries();

    assertThat(write(new SecretFile("a", 0400, file("a", "1").contents()))).isEmpty();
    assertThat(entries()).isEqualTo(before);
  }

  @Test
  void makesAFolderOfWhatWasAFile() throws IOException {
    write(file("db", "1"));
    write(file("db/password", "2"));

    assertThat(read("db/password")).isEqualTo("2");
    write(file("db", "3"));
    assertThat(read("db")).isEqualTo("3");
  }

  @Test
  void goesOnWithTheVolumeOfAnEarlierProcess() throws IOException {
    write(file("a", "1"));

    assertThat(write(file("a", "1"))).isEmpty();
    assertThat(write()).containsExactly(new FileChange(Kind.REMOVED, "a"));
  }

  @Test
  void keepsTheFilesWhereTheNewOnesCanNotBeWritten() throws IOException {
    write(file("a", "1"));
    List<String> before = entries();

    assertThatThrownBy(() -> write(file("b", "1"), file("x".repeat(256), "1")))
        .isInstanceOf(FileSystemException.class);
    assertThat(entries()).isEqualTo(before);
    assertThat(read("a")).isEqualTo("1");
  }

  @Test
  void touchesNoFolderThatHoldsSomethingElse() throws IOException {
    Files.createDirectory(target());
    Files.writeString(target().resolve("mine"), "precious");

    assertThatThrownBy(this::volume)
        .isInstanceOf(FileSystemException.class)
        .hasMessageContaining("it is not empty and holds no volume; name another folder");
    assertThat(read("mine")).isEqualTo("precious");
  }

  @Test
  void leavesWhatAVolumesOwnerHasPutBesideIt() throws IOException {
    write(file("a", "1"));
    Files.writeString(target().resolve("mine"), "precious");

    write(file("b", "1"));
    assertThat(read("mine")).isEqualTo("precious");
    assertThat(Files.exists(target().resolve("a"), LinkOption.NOFOLLOW_LINKS)).isFalse();
  }
}
