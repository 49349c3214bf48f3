package io.keybearer.daemonset.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class ManifestFilesTest {

  @TempDir private Path folder;

  private void write(String... names) throws IOException {
    for (String name : names) {
      Path file = folder.resolve(name);
      Files.createDirectories(file.resolveSibling("."));
      Files.writeString(file, "a: b\n");
    }
  }

  private ManifestFiles find(String... operands) {
    return new ManifestFiles(
        Arrays.stream(operands).map(name -> folder.resolve(name).toString()).toList(),
        InputStream.nullInputStream());
  }

  private List<String> names(ManifestFiles files) {
    return files.files().stream()
        .map(file -> folder.relativize(Path.of(file.name())).toString())
        .toList();
  }

  @Test
  void takesOfAFolderWhatIsNamedLikeAManifestInTheOrderOfPaths() throws IOException {
    write("d/z.yaml", "d/a.yml", "d/sub/b.json", "d/notes.txt", "d/yaml", "d/b.yaml.bak");

    assertThat(names(find("d"))).containsExactly("d/a.yml", "d/sub/b.json", "d/z.yaml");
  }

  @Test
  void takesAFileWhateverItIsCalled() throws IOException {
    write("notes.txt", ".hidden");

    assertThat(names(find("notes.txt", ".hidden"))).containsExactly("notes.txt", ".hidden");
  }

  @Test
  void looksIntoNothingHiddenBelowAFolder() throws IOException {
    write(".d/a.yaml", ".d/.git/b.yaml", ".d/..data/c.yaml", ".d/.d.yaml");

    assertThat(names(find(".d"))).containsExactly(".d/a.yaml");
  }

  @Test
  void takesEachFileOnce() throws IOException {
    write("d/a.yaml");

    assertThat(names(find("d", "d/a.yaml", "d/../d"))).containsExactly("d/a.yaml");
    assertThat(new ManifestFiles(List.of("-", "-"), InputStream.nullInputStream()).files())
        .hasSize(1);
  }

  @Test
  void followsLinksButNotInACircle() throws IOException {
    write("d/a.yaml", "other/b.yaml");
    Files.createSymbolicLink(folder.resolve("d/link"), folder.resolve("other"));
    Files.createSymbolicLink(folder.resolve("d/loop"), folder.resolve("d"));
    Files.createSymbolicLink(folder.resolve("d/gone.yaml"), folder.resolve("nothing"));

    ManifestFiles files = find("d");

    assertThat(names(files)).containsExactly("d/a.yaml", "d/link/b.yaml");
    assertThat(files.findings())
        .containsExactlyInAnyOrder(
            unreadable("d/loop", "this link leads back to a folder above it; remove it"),
            unreadable("d/gone.yaml", "there is nothing here, or nothing where this link leads"));
  }

  private Finding unreadable(String name, String message) {
    return new Finding(
        folder.resolve(name).toString(), Spot.WHOLE_FILE, Rule.FILE_UNREADABLE, "", message);
  }

  @Test
  void tellsWhichOperandsThereAreNot() throws IOException {
    write("a.yaml");

    ManifestFiles files = find("a.yaml", "b.yaml");

    assertThat(files.missing()).containsExactly(folder.resolve("b.yaml").toString());
    assertThat(new ManifestFiles(List.of("\0"), InputStream.nullInputStream()).missing())
        .containsExactly("\0");
  }

  @Test
  void readsStandardInputForADash() {
    byte[] content = "kind: SecretProviderClass".getBytes(StandardCharsets.UTF_8);

    ManifestFile file =
        new ManifestFiles(List.of("-"), new ByteArrayInputStream(content)).files().get(0);

    assertThat(file.name()).isEqualTo("<stdin>");
    assertThat(file.manifests().classes()).hasSize(1);
  }

  /** Standard input mostly is one, and a stream of a file is not read in the same way there. */
  @Test
  @Timeout(20)
  void readsAPipe() throws Exception {
    Path pipe = folder.resolve("pipe");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    Process writer =
        new ProcessBuilder(
                "sh", "-c", "printf 'kind: SecretProviderClass' > \"$0\"", pipe.toString())
            .start();

    try (FileInputStream in = new FileInputStream(pipe.toFile())) {
      ManifestFile file = new ManifestFiles(List.of("-"), in).files().get(0);

      assertThat(file.manifests().classes()).hasSize(1);
    }
    assertThat(writer.waitFor()).isZero();
  }

  @Test
  void aFileThatCannotBeReadIsAFinding() {
    ManifestFile file =
        new ManifestFile(
            "a.yaml",
            () -> {
              throw new AccessDeniedException("/secret/path");
            });

    assertThat(file.manifests())
        .isEqualTo(
            new Manifests(
                0,
                List.of(),
                List.of(
                    new Finding(
                        "a.yaml",
                        Spot.WHOLE_FILE,
                        Rule.FILE_UNREADABLE,
                        "",
                        "this may not be read; look at its permissions"))));
    assertThat(ManifestFiles.why(new FileSystemException("x")))
        .isEqualTo("this can't be read (FileSystemException)");
  }

  @Test
  void readsNoMoreThanShowsThatAFileIsTooLarge() throws IOException {
    Path file = folder.resolve("large.yaml");
    Files.write(file, new byte[Manifests.MOST_BYTES + 1000]);

    assertThat(find("large.yaml").files().get(0).source().read()).hasSize(Manifests.MOST_BYTES + 1);
    assertThat(find("large.yaml").files().get(0).manifests().findings())
        .extracting(Finding::message)
        .containsExactly("more than 8 MiB; split it");
  }
}
