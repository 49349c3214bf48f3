package io.keybearer.provider.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keybearer.provider.MountFailure;
import io.keybearer.provider.Place;
import io.keybearer.provider.text.YamlNode.Mapping;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What Go's {@code yaml.v2} 2.4.4 makes of keys that stand twice. */
final class YamlReaderDuplicatesTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{a: 1, a: 2}|a=2",
        "{a: 1, 'a': 2, b: 3, a: ~}|a=~ b=3",
        "{<<: {a: 1, b: 1}, a: 2}|a=2 b=1",
        "{a: 2, <<: {a: 1, b: 1}}|a=1 b=1",
        "{a: 1, <<: {a: 2}, a: 3}|a=3",
        "{<<: {a: 1}, <<: {a: 2, b: 2}}|a=2 b=2",
        "{<<: [{a: 1}, {a: 2, b: 2}]}|a=1 b=2",
        "{<<: {<<: {a: 1, b: 1}, a: 2}, c: 3}|a=2 b=1 c=3",
        "{<<: [], a: 1}|a=1",
        "{'<<': 1, a: 2}|<<=1 a=2",
        "{!!str <<: 1, a: 2}|<<=1 a=2",
        "{!!merge <<: {a: 1}}|a=1"
      })
  void theLastOneWins(String yaml, String expected) throws MountFailure {
    assertThat(
            lastWins(yaml).entries().entrySet().stream()
                .map(entry -> entry.getKey() + "=" + ((YamlNode.Scalar) entry.getValue()).text())
                .collect(Collectors.joining(" ")))
        .isEqualTo(expected);
  }

  @Test
  void knowsWhereTheLastOneStands() throws MountFailure {
    assertThat(lastWins("a: 1\nb: 2\na: 3\n<<:\n  b: 4\n").keys())
        .isEqualTo(Map.of("a", new Place("objects", 3, 1), "b", new Place("objects", 5, 3)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"{<<: ~}", "{<<: a}", "{<<: [a]}", "{<<: [[]]}"})
  void mergesMapsOnly(String yaml) {
    assertThatThrownBy(() -> lastWins(yaml))
        .hasMessageEndingWith(": \"<<\" merges maps only; name the anchor of a map");
  }

  @Test
  void refusesThemUnlessTheDialectHasThem() {
    assertThatThrownBy(() -> YamlReader.read("objects", "{a: 1, a: 2}"))
        .hasMessage("objects, line 1, column 8: this key stands twice; remove one of them");
    assertThatThrownBy(() -> YamlReader.read("objects", "{<<: {a: 1}, <<: {a: 2}}"))
        .hasMessage("objects, line 1, column 14: this key stands twice; merge a list of maps");
  }

  private static Mapping lastWins(String text) throws MountFailure {
    return YamlReader.read("objects", text, Duplicates.LAST_WINS).requireMapping("the document");
  }
}
