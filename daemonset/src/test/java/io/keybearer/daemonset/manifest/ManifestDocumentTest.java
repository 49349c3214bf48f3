package io.keybearer.daemonset.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ManifestDocumentTest {

  private static List<ManifestDocument> split(String text) {
    return ManifestDocument.split(new ManifestText(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "\n\n",
        "---",
        "---\n---\n",
        "# only\n#comments",
        "--- # comment\n",
        "...\n...",
        "---\r\n# Source: a.yaml\r\n---\r\n",
        " \t\n"
      })
  void findsNothingWhereNothingStands(String text) {
    assertThat(split(text)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '@',
      value = {
        "a@1",
        "---\\na@1",
        "a\\n---\\nb@1,2",
        "a\\r\\n---\\r\\nb@1,2",
        "a\\r---\\rb@1,2",
        "\\n\\na\\n---\\n\\n---\\nb@1,6",
        "--- {a: b}\\n--- !t c@1,2",
        "---\\tx\\n--- y@1,2",
        "a\\n...\\nb\\n---\\nc@1,3,4",
        "a: |\\n  ---\\n  b@1",
        "---a\\n----\\n b@1",
        "%YAML 1.2\\n---\\na@1",
        "# first\\n\\n%YAML 1.2\\n# more\\n---\\na\\n---\\nb@1,7",
        "a\\n%b\\n---\\nc@1,3",
        "a\\n...\\n%YAML 1.2\\n---\\nb@1,3"
      })
  void splitsWhereAYamlReaderDoes(String text, String firstLines) {
    assertThat(split(text.replace("\\n", "\n").replace("\\r", "\r").replace("\\t", "\t")))
        .extracting(document -> Integer.toString(document.firstLine()))
        .containsExactly(firstLines.split(",", -1));
  }

  @Test
  void keepsTheLinesOfEachDocument() {
    assertThat(split("a: 1\n---\nb: 2\r\nc: 3\n---\n"))
        .extracting(ManifestDocument::text)
        .containsExactly("a: 1\n", "---\nb: 2\r\nc: 3\n");
  }

  @Test
  void takesTabsOfJsonForSpaces() {
    assertThat(new ManifestDocument(1, "\n{\n\t\"a\": 1}").yaml()).isEqualTo("\n{\n \"a\": 1}");
    assertThat(new ManifestDocument(1, "[\t1]").yaml()).isEqualTo("[ 1]");
    assertThat(new ManifestDocument(1, "a:\t1").yaml()).isEqualTo("a:\t1");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 7, 11, 27, 127, 128, 159, 0xFFFE, 0xFFFF})
  void findsCharactersThatYamlDoesNotAllow(int character) {
    assertThat(new ManifestDocument(1, "ab" + (char) character).controlCharacter()).hasValue(2);
  }

  @ParameterizedTest
  @ValueSource(ints = {9, 10, 13, 32, 126, 133, 160, 0xD7FF, 0xE000, 0xFEFF, 0xFFFD})
  void allowsTheOthers(int character) {
    assertThat(new ManifestDocument(1, "a" + (char) character).controlCharacter()).isEmpty();
    assertThat(new ManifestDocument(1, "😀").controlCharacter()).isEmpty();
  }
}
