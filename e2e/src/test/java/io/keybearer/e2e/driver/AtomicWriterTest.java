package io.keybearer.e2e.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.protobuf.ByteString;
import io.keybearer.proto.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The writer on a mounted volume: its files, its links and its traps. */
@ExtendWith(VolumesOfTests.class)
final class AtomicWriterTest {
  private static final FileTime LONG_AGO = FileTime.from(Instant.parse("2026-01-29T22:29:56Z"));

  @TempDir Path directory;
  private final VolumeMounts mounts = VolumesOfTests.open();
  private Path target;

  @BeforeEach
  void mount() throws IOException {
    target = Files.createDirectory(directory.resolve("mount"));
    mounts.mount(target);
  }

  @AfterEach
  void unmount() {
    mounts.close();
  }

  @Test
  @DisplayName(
      "rule 16: a timestamped folder, a link to it, a visible link for each first component")
  void writesFolderAndLinks() throws Exception {
    write(Answers.file("a", 0644, "1"), Answers.file("d/e/b", 0440, "2"));

    assertThat(names()).hasSize(4).contains("..data", "a", "d");
    Path folder = Files.readSymbolicLink(target.resolve("..data"));
    assertThat(folder.toString()).matches("\\.\\.\\d{4}(_\\d\\d){5}\\.\\d+");
    assertThat(FileTrees.mode(target.resolve(folder))).isEqualTo(0755);
    assertThat(Files.readSymbolicLink(target.resolve("d"))).hasToString("..data/d");
    assertThat(target.resolve("a")).hasContent("1");
    assertThat(target.resolve("d/e/b")).hasContent("2");
    assertThat(FileTrees.mode(target.resolve("d/e/b"))).isEqualTo(0440);
  }

  @Test
  @DisplayName("rule 16: equal content touches nothing, not even the root's time")
  void equalContentTouchesNothing() throws Exception {
    write(Answers.file("a", 0644, "1"), Answers.file("d/b", 0644, "2"));
    Path folder = Files.readSymbolicLink(target.resolve("..data"));
    Files.setLastModifiedTime(target, LONG_AGO);
    write(Answers.file("d/b", 0644, "2"), Answers.file("a", 0644, "1"));

    assertThat(Files.getLastModifiedTime(target)).isEqualTo(LONG_AGO);
    assertThat(Files.readSymbolicLink(target.resolve("..data"))).isEqualTo(folder);
  }

  @Test
  @DisplayName("rule 16: a mode that changes alone is not applied")
  void changedModeAloneIsIgnored() throws Exception {
    write(Answers.file("a", 0644, "1"));
    write(Answers.file("a", 0400, "1"));
    assertThat(FileTrees.mode(target.resolve("a"))).isEqualTo(0644);
    write(Answers.file("a", 0400, "2"));
    assertThat(FileTrees.mode(target.resolve("a"))).isEqualTo(0400);
  }

  @Test
  @DisplayName("rule 16: files that are no longer in the answer go, and so does the old folder")
  void vanishedFilesGo() throws Exception {
    write(
        Answers.file("a", 0644, "1"),
        Answers.file("d/b", 0644, "2"),
        Answers.file("d/c", 0644, "3"));
    write(Answers.file("d/c", 0644, "3"));
    assertThat(names()).hasSize(3).contains("..data", "d");
    assertThat(target.resolve("d/b")).doesNotExist();
    assertThat(target.resolve("d/c")).hasContent("3");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ''          | invalid path: must not be empty: ""
          /etc/passwd | invalid path: must be relative path: /etc/passwd
          ..          | invalid path: must not contain '..': ..
          a/../b      | invalid path: must not contain '..': a/../b
          ../a        | invalid path: must not contain '..': ../a
          ..data      | invalid path: must not start with '..': ..data
          ...         | invalid path: must not start with '..': ...
          a//b        | invalid filepath: "a//b"
          ./a         | invalid filepath: "./a"
          a/          | invalid filepath: "a/"
          a/./b       | invalid filepath: "a/./b"
          //          | invalid path: must be relative path: //
          """)
  @DisplayName("rule 16: bad paths fail with the driver's texts, and nothing is written")
  void badPathsFail(String path, String text) {
    assertThat(failure(Answers.file("good", 0644, "1"), Answers.file(path, 0644, "2")))
        .isEqualTo(text);
    assertThat(target).isEmptyDirectory();
  }

  @Test
  @DisplayName("rule 16: lengths count bytes, and a path's comes before a name's")
  void lengthsCountBytes() throws Exception {
    String longName = "x".repeat(256);
    assertThat(failure(Answers.file(longName, 0644, "")))
        .isEqualTo("invalid path: filenames must be less than or equal to 255 characters");
    assertThat(failure(Answers.file("ü".repeat(128), 0644, "")))
        .isEqualTo("invalid path: filenames must be less than or equal to 255 characters");
    assertThat(failure(Answers.file("../".repeat(1366), 0644, "")))
        .isEqualTo("invalid path: must be less than or equal to 4096 characters");
    write(Answers.file("x".repeat(255), 0644, "fits"));
    assertThat(target.resolve("x".repeat(255))).hasContent("fits");
  }

  @ParameterizedTest
  @ValueSource(strings = {"d/b", "a/..b", ".hidden", "with space", "ümläut/名", "new\nline", "a\\b"})
  @DisplayName("rule 16: strange but good paths are written")
  void strangePathsAreWritten(String path) throws Exception {
    write(Answers.file(path, 0644, "1"));
    assertThat(target.resolve(path)).hasContent("1");
  }

  @Test
  @DisplayName("rule 16: a NUL passes the checks, and fails at the clean-up")
  void nulFailsAtTheCleanup() {
    assertThat(failure(Answers.file("a\0b", 0644, "1")))
        .isEqualTo("cleanup failure: lstat " + target + "/a\0b: invalid argument");
  }

  @Test
  @DisplayName("rule 16: the path \".\" wipes the whole volume")
  void dotWipesTheVolume() throws Exception {
    write(Answers.file("a", 0644, "1"), Answers.file("d/b", 0644, "2"));
    assertThat(failure(Answers.file("a", 0644, "1"), Answers.file(".", 0644, "2")))
        .isEqualTo("cleanup failure: unlinkat " + target + ": device or resource busy");
    assertThat(target).isEmptyDirectory();
    assertThat(mounts.isMounted(target)).isTrue();
  }

  @Test
  @DisplayName("rule 16: a file or folder of the old style makes room for a link")
  void oldStyleFilesMakeRoom() throws Exception {
    Files.writeString(target.resolve("a"), "old");
    Files.createDirectories(target.resolve("d/old"));
    write(Answers.file("a", 0644, "1"), Answers.file("d/b", 0644, "2"));
    assertThat(target.resolve("a")).isSymbolicLink().hasContent("1");
    assertThat(target.resolve("d")).isSymbolicLink();
    assertThat(target.resolve("d/old")).doesNotExist();
  }

  @Test
  @DisplayName("rule 16: of two files of one path the last one wins")
  void lastOfDuplicatesWins() throws Exception {
    write(Answers.file("a", 0644, "first"), Answers.file("a", 0600, "last"));
    assertThat(target.resolve("a")).hasContent("last");
    assertThat(FileTrees.mode(target.resolve("a"))).isEqualTo(0600);
  }

  @Test
  @DisplayName(
      "rules 16, 17: a file that is also a folder fails, with a text of chance, and leaks plain text")
  void prefixConflictLeaks() throws Exception {
    Set<String> texts = new HashSet<>();
    for (int seed = 0; seed < 20; seed++) {
      AtomicWriter writer = writer(seed);
      List<File> files =
          List.of(Answers.file("p", 0644, "plain"), Answers.file("p/q", 0644, "plain"));
      assertThatExceptionOfType(WriteFailure.class)
          .isThrownBy(() -> writer.write(files))
          .satisfies(failure -> texts.add(failure.text().replaceAll("^(\\w+) .*: ", "$1: ")));
    }
    assertThat(texts).containsExactlyInAnyOrder("open: is a directory", "mkdir: not a directory");
    assertThat(names()).hasSize(20).allMatch(name -> name.startsWith("..2"));
    try (Stream<Path> leaked = Files.walk(target)) {
      assertThat(leaked.filter(Files::isRegularFile))
          .hasSize(20)
          .allMatch(AtomicWriterTest::isPlain);
    }
  }

  @Test
  @DisplayName(
      "rules 16, 17: a file that becomes a folder fails, or succeeds if another change is met first")
  void fileThatBecomesAFolderDependsOnChance() throws Exception {
    Set<String> outcomes = new HashSet<>();
    for (int seed = 0; seed < 30; seed++) {
      write(Answers.file("a", 0644, "old"), Answers.file("p", 0644, "1"));
      assertThat(failure(Answers.file("a", 0644, "old"), Answers.file("p/q", 0644, "1")))
          .as("nothing else changed")
          .endsWith("/p/q: not a directory");
      try {
        writer(seed).write(List.of(Answers.file("a", 0644, "new"), Answers.file("p/q", 0644, "1")));
        outcomes.add("written");
        assertThat(failure(Answers.file("a", 0644, "new"), Answers.file("p", 0644, "1")))
            .as("the reverse")
            .startsWith("read ")
            .endsWith("/p: is a directory");
      } catch (WriteFailure failure) {
        outcomes.add("failed");
        assertThat(target.resolve("a")).hasContent("old");
      }
      FileTrees.delete(target.resolve("..data"));
      for (Path child : FileTrees.children(target)) {
        FileTrees.delete(child);
      }
    }
    assertThat(outcomes).containsExactlyInAnyOrder("written", "failed");
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "420, 0644", "511, 0777", "2541, 0755", "-1, 07777", "1204, 0264"})
  @DisplayName("rule 16: modes keep nine bits, and a negative one has set-uid, set-gid and sticky")
  void modesKeepNineBits(int mode, String written) throws Exception {
    write(Answers.file("a", mode, "1"));
    assertThat(FileTrees.mode(target.resolve("a"))).isEqualTo(Integer.parseInt(written, 8));
    Files.setLastModifiedTime(target, LONG_AGO);
    write(Answers.file("a", mode, "1"));
    assertThat(Files.getLastModifiedTime(target)).as("root reads it").isEqualTo(LONG_AGO);
  }

  @Test
  @DisplayName("rule 18: who is neither root nor of its group reads by the last three bits")
  void othersReadByTheLastBits() throws Exception {
    write(
        Answers.file("none", 0, "1"),
        Answers.file("root", 0440, "1"),
        Answers.file("d/all", 0444, "1"));
    try (VolumeView view = mounts.view(target)) {
      Container container = new Container(java.util.Map.of("v", view));
      assertThat(container.readableByOthers("v", "none")).isFalse();
      assertThat(container.readableByOthers("v", "root")).isFalse();
      assertThat(container.readableByOthers("v", "d/all")).isTrue();
      assertThat(container.read("v", "none")).as("root reads all").isEqualTo("1");
      assertThat(container.mode("v", "root")).isEqualTo(0440);
    }
  }

  @Test
  @DisplayName("rule 17: the order of writing is random, and a seed repeats it")
  void orderIsRandom() throws Exception {
    Set<List<String>> orders = new HashSet<>();
    for (int seed = 0; seed < 10; seed++) {
      assertThat(orderOf(seed)).isEqualTo(orderOf(seed));
      orders.add(orderOf(seed));
    }
    assertThat(orders).hasSizeGreaterThan(1);
  }

  /** The files that were written before one failed. */
  private List<String> orderOf(long seed) throws Exception {
    List<File> files =
        new java.util.ArrayList<>(
            IntStream.range(0, 8).mapToObj(i -> Answers.file("f" + i, 0644, "1")).toList());
    files.add(Answers.file("f0/x", 0644, "1"));
    assertThatExceptionOfType(WriteFailure.class).isThrownBy(() -> writer(seed).write(files));
    Path leaked = target.resolve(names().get(0));
    List<String> written =
        FileTrees.children(leaked).stream().map(path -> path.getFileName() + "").sorted().toList();
    FileTrees.delete(leaked);
    return written;
  }

  private static boolean isPlain(Path file) {
    try {
      return Files.readString(file).equals("plain");
    } catch (IOException failure) {
      throw new AssertionError(failure);
    }
  }

  private AtomicWriter writer(long seed) {
    // Neighbouring small seeds begin alike.
    return new AtomicWriter(target, new Random(seed * 0x9E3779B97F4A7C15L), new VirtualClock());
  }

  private void write(File... files) throws WriteFailure {
    writer(1).write(List.of(files));
  }

  private String failure(File... files) {
    try {
      write(files);
      return "written";
    } catch (WriteFailure failure) {
      return failure.text();
    }
  }

  private List<String> names() throws IOException {
    return FileTrees.children(target).stream().map(path -> path.getFileName() + "").toList();
  }

  /** Bytes that are no text stay as they are. */
  @Test
  @DisplayName("rule 16: contents are bytes")
  void contentsAreBytes() throws Exception {
    byte[] bytes = {0, (byte) 0xff, 10, (byte) 0x80};
    write(
        File.newBuilder()
            .setPath("a")
            .setMode(0644)
            .setContents(ByteString.copyFrom(bytes))
            .build());
    assertThat(target.resolve("a")).hasBinaryContent(bytes);
  }
}
