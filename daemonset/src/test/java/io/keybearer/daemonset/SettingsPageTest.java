package io.keybearer.daemonset;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The page of settings says what {@code serve --help} says. */
class SettingsPageTest {

  private static final Path PAGE =
      Path.of(System.getProperty("basedir", ""), "../src/site/markdown/settings.md");

  /** A row: flag, variable, default, meaning. */
  private static final Pattern ROW =
      Pattern.compile(
          "^\\| `--([^`]+)` \\| `([^`]+)` \\| `?([^`|]+?)`? \\| (\\S.*) \\|$", Pattern.MULTILINE);

  private static final Pattern ANY_ROW = Pattern.compile("^\\| `-.*$", Pattern.MULTILINE);
  private static final Pattern HELP =
      Pattern.compile("^  --(\\S+)\\R      .* \\((\\S+), default (.*)\\)$", Pattern.MULTILINE);

  private record Setting(String variable, String otherwise) {}

  @Test
  void namesEveryFlagWithItsVariableAndDefaultAndNoOther() throws IOException {
    Map<String, Setting> told = settings(HELP, help());

    assertThat(told).containsKeys("socket-dir", "sealed-key-dir");
    assertThat(settings(ROW, Files.readString(PAGE))).isEqualTo(told);
  }

  @Test
  void hasNoRowThatIsReadWrongly() throws IOException {
    String page = Files.readString(PAGE);

    assertThat(ANY_ROW.matcher(page).results().map(MatchResult::group))
        .containsExactlyElementsOf(ROW.matcher(page).results().map(MatchResult::group).toList());
  }

  @Test
  void namesFlagsInTheOrderOfTheAlphabet() throws IOException {
    assertThat(ROW.matcher(Files.readString(PAGE)).results().map(row -> row.group(1)))
        .isSorted()
        .doesNotHaveDuplicates();
  }

  private static String help() {
    SettingsReader reader = new SettingsReader(List.of(), Map.of());
    ServeSettings.read(reader, StoreCatalogue.ofProject().names());
    return reader.help();
  }

  private static Map<String, Setting> settings(Pattern pattern, String text) {
    Map<String, Setting> settings = new TreeMap<>();
    pattern
        .matcher(text)
        .results()
        .forEach(row -> settings.put(row.group(1), new Setting(row.group(2), row.group(3))));
    return settings;
  }
}
