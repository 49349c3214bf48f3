package io.keybearer.daemonset;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** The table of flags on a page of the documentation: what a command's help says, in its order. */
final class FlagTable {

  private static final Path PAGES =
      Path.of(System.getProperty("basedir", ""), "../src/site/markdown");

  /** A row: flag, variable, default, meaning. A flag that may stand several times has neither. */
  private static final Pattern ROW =
      Pattern.compile(
          "^\\| `--([^`]+)` \\| `?([^`|]+?)`? \\| `?([^`|]+?)`? \\| (\\S.*) \\|$",
          Pattern.MULTILINE);

  /** What looks like one; a message may begin with a flag, but it goes on. */
  private static final Pattern ANY_ROW = Pattern.compile("^\\| `-[^` :=]*`.*$", Pattern.MULTILINE);

  private static final Pattern HELP =
      Pattern.compile(
          "^  --(\\S+)\\R      .* \\(([A-Z_]+(?:, [A-Z_]+)*), default (.*)\\)$", Pattern.MULTILINE);
  private static final Pattern HELP_OF_SEVERAL =
      Pattern.compile("^  --(\\S+)\\R      .*\\(may stand several times\\)$", Pattern.MULTILINE);
  private static final Pattern ANY_HELP = Pattern.compile("^  --(\\S+)$", Pattern.MULTILINE);

  private record Setting(String variable, String otherwise) {

    private static final Setting SEVERAL = new Setting("none", "none");
  }

  private final String page;

  /** The table on a page of that text. */
  FlagTable(String page) {
    this.page = page;
  }

  /** The table on the page of that file. */
  static FlagTable of(String file) throws IOException {
    return new FlagTable(Files.readString(PAGES.resolve(file)));
  }

  /**
   * Demands a row for each flag of a help, with its variable and its default, and for no other.
   *
   * @param shared tables that may have it instead
   */
  void assertTells(String help, FlagTable... shared) {
    Map<String, Setting> wanted = told(help);
    Map<String, Setting> rows = rows();
    Map<String, Setting> all = new HashMap<>();
    Arrays.stream(shared).forEach(table -> all.putAll(table.rows()));
    all.keySet().retainAll(wanted.keySet());
    all.putAll(rows);

    assertThat(all).isEqualTo(wanted);
    assertThat(ANY_ROW.matcher(page).results().map(MatchResult::group))
        .as("rows that are read wrongly")
        .containsExactlyElementsOf(ROW.matcher(page).results().map(MatchResult::group).toList());
    assertThat(ROW.matcher(page).results().map(row -> row.group(1)))
        .isSorted()
        .doesNotHaveDuplicates();
  }

  private Map<String, Setting> rows() {
    return settings(ROW, page);
  }

  private static Map<String, Setting> told(String help) {
    Map<String, Setting> told = settings(HELP, help);
    HELP_OF_SEVERAL
        .matcher(help)
        .results()
        .forEach(flag -> told.put(flag.group(1), Setting.SEVERAL));
    List<String> flags = ANY_HELP.matcher(help).results().map(flag -> flag.group(1)).toList();
    assertThat(told).as("the help").isNotEmpty().containsOnlyKeys(flags);
    return told;
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
