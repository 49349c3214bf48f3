package io.keybearer.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The page of the architecture has one sentence for every class of main code. */
class ArchitecturePageTest {

  private static final Path PAGE =
      Path.of(System.getProperty("basedir", ""), "../src/site/markdown/architecture.md");

  /** A heading, or a row. */
  private static final Pattern LINE =
      Pattern.compile("^##+ (.+)$|^\\| `(\\w+)` \\| (.+) \\|$", Pattern.MULTILINE);

  @Test
  void namesEveryClassUnderItsPackageAndNoOther() throws IOException {
    List<String> classes =
        ArchitectureTest.CLASSES.stream()
            .filter(JavaClass::isTopLevelClass)
            .filter(type -> !type.getSimpleName().equals("package-info"))
            // Generated, and of one file that says what each of them is.
            .filter(type -> !type.getPackageName().equals("io.keybearer.proto"))
            .map(JavaClass::getName)
            .toList();

    assertThat(classes)
        .contains(
            "io.keybearer.provider.SecretBytes",
            "io.keybearer.provider.sealed.SealedBackend",
            "io.keybearer.daemonset.ProviderService",
            "io.keybearer.e2e.driver.Node");
    assertThat(rows().stream().map(Row::type)).containsExactlyInAnyOrderElementsOf(classes);
  }

  @Test
  void saysOneSentenceOfEach() throws IOException {
    assertThat(rows())
        .allSatisfy(
            row -> assertThat(row.sentence()).matches("[A-Z].*[^.]\\.").doesNotContain(". "));
  }

  private record Row(String type, String sentence) {}

  private static List<Row> rows() throws IOException {
    List<Row> rows = new ArrayList<>();
    String packageName = "";
    for (Matcher line = LINE.matcher(Files.readString(PAGE)); line.find(); ) {
      MatchResult found = line.toMatchResult();
      if (found.group(1) != null) {
        packageName = found.group(1);
      } else if (packageName.startsWith("io.keybearer.")) {
        rows.add(new Row(packageName + "." + found.group(2), found.group(3)));
      }
    }
    return rows;
  }
}
