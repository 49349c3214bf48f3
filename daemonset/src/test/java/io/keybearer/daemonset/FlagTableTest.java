package io.keybearer.daemonset;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FlagTableTest {

  private static final String A = "| `--a` | `KEYBEARER_A` | `1` | What a is. |\n";
  private static final String B = "| `--b` | `KEYBEARER_B` | empty | What b is. |\n";
  private static final String C = "| `--c` | none | none | What c is. |\n";

  private static String help() {
    SettingsReader reader = new SettingsReader(List.of(), Map.of());
    reader.count("a", 1, 1, "what a is");
    reader.text("b", "", "what b is");
    reader.several("c", "what c is", "anything", word -> word);
    return reader.help();
  }

  @Test
  void takesATableOfExactlyTheFlags() {
    String failures =
        "\n| `--a=…: must be 1` | A message. |\n| `--a and --b: not together` | Too. |\n";

    new FlagTable("# Page\n\n" + A + B + C + failures).assertTells(help());
  }

  @Test
  void takesFlagsThatStandInASharedTable() {
    FlagTable shared = new FlagTable(B + "| `--x` | `KEYBEARER_X` | `1` | Of another command. |\n");

    new FlagTable(A + C).assertTells(help(), shared);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        // A flag is missing.
        A + B,
        // One stands too much.
        A + B + C + "| `--d` | `KEYBEARER_D` | `1` | What d is. |\n",
        // Another variable, another default.
        "| `--a` | `KEYBEARER_AA` | `1` | What a is. |\n" + B + C,
        "| `--a` | `KEYBEARER_A` | `2` | What a is. |\n" + B + C,
        A + B + "| `--c` | `KEYBEARER_C` | none | What c is. |\n",
        // Another order, a row twice, a row without a meaning.
        B + A + C,
        A + A + B + C,
        A + B + C + "| `--d` | `KEYBEARER_D` | `1` |\n",
        A + B + C + "| `--d`, `--e` | `KEYBEARER_D` | `1` | What they are. |\n",
        A + B + C + "| `-d` | `KEYBEARER_D` | `1` | What d is. |\n"
      })
  void refusesEveryOtherTable(String page) {
    FlagTable table = new FlagTable(page);

    assertThatThrownBy(() -> table.assertTells(help())).isInstanceOf(AssertionError.class);
  }

  @Test
  void refusesASharedTableThatSaysSomethingElse() {
    FlagTable table = new FlagTable(A + C);
    FlagTable shared = new FlagTable("| `--b` | `KEYBEARER_B` | `2` | What b is. |\n");

    assertThatThrownBy(() -> table.assertTells(help(), shared)).isInstanceOf(AssertionError.class);
  }

  @Test
  void refusesAHelpThatItCannotRead() {
    FlagTable table = new FlagTable(A);

    assertThatThrownBy(() -> table.assertTells("  --a\n      what a is\n"))
        .isInstanceOf(AssertionError.class);
    assertThatThrownBy(() -> new FlagTable("").assertTells("")).isInstanceOf(AssertionError.class);
  }
}
