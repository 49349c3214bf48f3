package io.keybearer.daemonset;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import io.keybearer.daemonset.lint.LintReport;
import io.keybearer.daemonset.lint.LintResult;
import io.keybearer.daemonset.manifest.Finding;
import io.keybearer.daemonset.manifest.Rule;
import io.keybearer.daemonset.manifest.Spot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The page of {@code lint} says what the command says and does. */
class LintPageTest {

  private static final Path PAGE =
      Path.of(System.getProperty("basedir", ""), "../src/site/markdown/lint.md");

  private static final Pattern RULE =
      Pattern.compile(
          "^\\| `([a-z0-9-]+)` \\| (error|warning|note) \\| (\\S.*) \\|$", Pattern.MULTILINE);

  private static final Pattern FIELD = Pattern.compile("`((?:findings\\[]|summary)\\.[a-zA-Z]+)`");

  private static final Pattern CALL = Pattern.compile("keybearer lint .*");
  private static final Pattern FLAG = Pattern.compile("--([a-z][a-z-]*)");

  private static String help() {
    SettingsReader reader = new SettingsReader(List.of(), Map.of());
    LintSettings.read(reader, StoreCatalogue.ofProject().names());
    return reader.help();
  }

  @Test
  void namesEveryFlagWithItsVariableAndDefaultAndNoOther() throws IOException {
    FlagTable.of("lint.md").assertTells(help(), FlagTable.of("settings.md"));
  }

  @Test
  void namesTheFlagsThatItSharesWithServe() throws IOException {
    String page = Files.readString(PAGE);

    // Those of one store are named by how they begin.
    assertThat(flags(help()))
        .allSatisfy(
            flag ->
                assertThat(page)
                    .containsPattern(
                        "`--("
                            + flag
                            + "|"
                            + flag.replaceFirst("^(aws-|vault-|openbao-).*", "$1")
                            + ")`"));
  }

  @Test
  void callsTheCommandWithFlagsThatItHas() throws IOException {
    List<String> called =
        CALL.matcher(Files.readString(PAGE))
            .results()
            .flatMap(call -> flags(call.group()).stream())
            .toList();

    assertThat(called).contains("strict", "format").isSubsetOf(flags(help()));
  }

  @Test
  void namesEveryRuleWithItsSeverityInTheOrderOfTheAlphabet() throws IOException {
    assertThat(
            RULE.matcher(Files.readString(PAGE))
                .results()
                .map(row -> row.group(1) + " " + row.group(2)))
        .containsExactlyElementsOf(
            Arrays.stream(Rule.values())
                .map(rule -> rule.id() + " " + rule.severity().name().toLowerCase(Locale.ROOT))
                .sorted()
                .toList());
  }

  @Test
  void namesEveryFieldOfTheJsonOutput() throws IOException {
    Finding finding = new Finding("a", new Spot(1, 1), Rule.NAME, "", "b");
    String json = LintReport.JSON.of(new LintResult(1, 1, 1, List.of(finding)), false);
    Set<String> fields = new TreeSet<>();
    try (JsonParser parser = new JsonFactory().createParser(json)) {
      while (parser.nextToken() != null) {
        if (parser.currentToken().isScalarValue()) {
          fields.add(parser.getParsingContext().pathAsPointer().toString());
        }
      }
    }

    assertThat(
            FIELD
                .matcher(Files.readString(PAGE))
                .results()
                .map(field -> "/" + field.group(1).replace("[].", "/0/").replace('.', '/')))
        .containsExactlyInAnyOrderElementsOf(fields);
  }

  private static List<String> flags(String text) {
    return FLAG.matcher(text).results().map(flag -> flag.group(1)).distinct().toList();
  }
}
