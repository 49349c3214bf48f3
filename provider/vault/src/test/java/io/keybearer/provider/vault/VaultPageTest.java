package io.keybearer.provider.vault;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The store's page has the headings of every store, and a row for each parameter. */
final class VaultPageTest {

  private static final Path PAGE =
      Path.of(System.getProperty("basedir", ""), "../../src/site/markdown/vault.md");
  private static final Pattern ROW =
      Pattern.compile("^\\| `([\\w.\\[\\]]+)` \\|", Pattern.MULTILINE);
  private static final Pattern HEADING = Pattern.compile("^## (.+)$", Pattern.MULTILINE);

  @Test
  void hasARowForEveryParameterAndNoOther() throws IOException {
    String page = Files.readString(PAGE);
    String parameters = page.substring(page.indexOf("## Parameters"), page.indexOf("### Versions"));
    Set<String> known = new TreeSet<>(VaultParameters.namesOf(VaultDialect.VAULT));
    known.remove("objects[].secretArgs.*");
    assertThat(ROW.matcher(parameters).results().map(row -> row.group(1)))
        .containsExactlyInAnyOrderElementsOf(known);
  }

  @Test
  void namesThePrefixesOfOpenBao() throws IOException {
    String page = Files.readString(PAGE);
    assertThat(VaultDialect.OPENBAO.prefixes())
        .allSatisfy(prefix -> assertThat(page).contains("`" + prefix + "…`"));
  }

  @Test
  void hasTheHeadingsOfEveryStore() throws IOException {
    assertThat(
            HEADING
                .matcher(Files.readString(PAGE))
                .results()
                .map(row -> row.group(1))
                .collect(Collectors.toList()))
        .containsExactly(
            "Parameters",
            "Identity and permissions",
            "Sample",
            "Failures",
            "Differences from the official provider");
  }
}
