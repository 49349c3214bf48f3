package io.keybearer.daemonset.lint;

import static org.assertj.core.api.Assertions.assertThat;

import io.keybearer.daemonset.manifest.ManifestFile;
import io.keybearer.daemonset.manifest.ManifestFiles;
import io.keybearer.daemonset.manifest.Manifests;
import io.keybearer.daemonset.manifest.Rule;
import io.keybearer.daemonset.manifest.SecretProviderClassManifest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Files as people have them. What is found in a bad one stands in a file beside it. */
class LintFilesTest {

  private static final Path FOLDER =
      Path.of(System.getProperty("basedir", ""), "src/test/resources/lint");

  /** What files can't be written for, or not in a way that is the same everywhere. */
  private static final Set<Rule> TESTED_ELSEWHERE =
      EnumSet.of(
          Rule.FILE_UNREADABLE,
          Rule.NOT_UTF_8,
          Rule.TOO_LARGE,
          Rule.TOO_MANY_FINDINGS,
          Rule.NOTHING_TO_CHECK,
          Rule.SIZE);

  static List<ManifestFile> good() {
    return files("good");
  }

  static List<ManifestFile> bad() {
    return files("bad");
  }

  private static List<ManifestFile> files(String folder) {
    List<ManifestFile> files =
        new ManifestFiles(List.of(FOLDER.resolve(folder).toString()), InputStream.nullInputStream())
            .files();
    assertThat(files).isNotEmpty();
    return files;
  }

  private static LintResult lint(ManifestFile file) {
    Lint lint = new Lint(new ClassCheck(List.of("sealed"), s -> Linted.sealed(), Linted.NODE, ""));
    String name = Path.of(file.name()).getFileName().toString();
    lint.add(new ManifestFile(name, file.source()));
    return lint.result();
  }

  @ParameterizedTest
  @MethodSource("good")
  void findsNothingInAGoodFile(ManifestFile file) {
    LintResult result = lint(file);

    assertThat(result.findings()).isEmpty();
    assertThat(result.classes()).isPositive();
  }

  @ParameterizedTest
  @MethodSource("bad")
  void findsInABadFileExactlyWhatStandsBesideIt(ManifestFile file) throws IOException {
    Path expected = Path.of(file.name().replace(".yaml", ".expected"));

    assertThat(LintReport.TEXT.of(lint(file), false) + "\n").isEqualTo(Files.readString(expected));
  }

  @Test
  void findsInThemEverythingThatThereIsToFind() {
    Set<Rule> found =
        Stream.concat(good().stream(), bad().stream())
            .flatMap(file -> lint(file).findings().stream())
            .map(finding -> finding.rule())
            .collect(Collectors.toCollection(() -> EnumSet.noneOf(Rule.class)));
    found.addAll(TESTED_ELSEWHERE);

    assertThat(EnumSet.allOf(Rule.class)).isEqualTo(found);
  }

  @Test
  void resolvesAnchorsAndMergesAcrossAList() {
    Manifests manifests =
        good().stream()
            .filter(file -> file.name().endsWith("anchors.yaml"))
            .map(ManifestFile::manifests)
            .findFirst()
            .orElseThrow();

    assertThat(manifests.classes())
        .extracting(SecretProviderClassManifest::subject)
        .containsExactly("dev/app", "test/app", "prod/app");
    assertThat(manifests.classes().get(2).parameters())
        .containsEntry("refreshInterval", "0")
        .containsEntry("scope", "namespace-wide")
        .containsEntry("objects", "- path: a\n  data: " + Linted.SEALED + "\n");
  }
}
