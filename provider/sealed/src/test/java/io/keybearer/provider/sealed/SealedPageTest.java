package io.keybearer.provider.sealed;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The store's page has its headings, and a row for whatever the planner reads. */
class SealedPageTest {

  private static final Path MODULE = Path.of(System.getProperty("basedir", ""));
  private static final Path PAGE = MODULE.resolve("../../src/site/markdown/sealed.md");
  private static final Path PLANNER =
      MODULE.resolve("src/main/java/io/keybearer/provider/sealed/SealedPlanner.java");

  /** What the planner asks a request and an object for. */
  private static final Pattern READ = Pattern.compile("\\b(request\\.parameter|fields\\.text)\\(");

  private static final Pattern KEY =
      Pattern.compile("\\b(request\\.parameter|fields\\.text)\\(\\s*\"(\\w+)\"\\s*\\)");
  private static final Pattern ROW =
      Pattern.compile("^\\| `([\\w.\\[\\]]+)` \\|", Pattern.MULTILINE);
  private static final Pattern HEADING = Pattern.compile("^## (.+)$", Pattern.MULTILINE);

  @Test
  void theListAndThePageNameEveryParameterThatThePlannerReadsAndNoOther() throws IOException {
    TreeSet<String> read = new TreeSet<>();
    KEY.matcher(Files.readString(PLANNER))
        .results()
        .forEach(
            key ->
                read.add(
                    key.group(1).equals("fields.text")
                        ? "objects[]." + key.group(2)
                        : key.group(2)));

    assertThat(SealedPlanner.PARAMETERS).containsExactlyInAnyOrderElementsOf(read);
    assertThat(ROW.matcher(section("Parameters")).results().map(row -> row.group(1)))
        .containsExactlyInAnyOrderElementsOf(read);
  }

  @Test
  void seesEveryKeyThatThePlannerReads() throws IOException {
    String planner = Files.readString(PLANNER);

    assertThat(KEY.matcher(planner).results())
        .hasSameSizeAs(READ.matcher(planner).results().toList());
    assertThat(planner).doesNotContain(".parameters()", ".entries()");
  }

  @Test
  void hasTheHeadingsOfEveryStore() throws IOException {
    assertThat(HEADING.matcher(Files.readString(PAGE)).results().map(row -> row.group(1)))
        .containsExactlyElementsOf(
            List.of(
                "Parameters",
                "Identity and permissions",
                "Sample",
                "Failures",
                "Differences from the official provider"));
  }

  private static String section(String heading) throws IOException {
    String page = Files.readString(PAGE);
    int begin = page.indexOf("\n## " + heading + "\n");
    assertThat(begin).as(heading).isNotNegative();
    int end = page.indexOf("\n## ", begin + 1);
    return page.substring(begin, end < 0 ? page.length() : end);
  }
}
