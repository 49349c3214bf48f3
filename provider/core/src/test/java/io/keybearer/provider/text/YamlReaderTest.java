package io.keybearer.provider.text;

import static io.keybearer.provider.text.YamlRefusals.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import io.keybearer.provider.MountFailure;
import io.keybearer.provider.Place;
import io.keybearer.provider.text.YamlNode.Mapping;
import io.keybearer.provider.text.YamlNode.Scalar;
import io.keybearer.provider.text.YamlNode.Sequence;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class YamlReaderTest {

  private static final String CANARY = "canaryhunter2";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "yes",
        "on",
        "off",
        "No",
        "true",
        "0600",
        "0o600",
        "1:30",
        "12:30:45",
        "0x1F",
        "1e3",
        "5",
        "1_000",
        "-1",
        ".inf",
        "2024-01-02",
        "null",
        "~",
        "a b",
        "größe",
        "a#b",
        "c:d"
      })
  void keepsPlainScalarsAsTheirText(String text) throws MountFailure {
    Mapping mapping = mapping("key: " + text);

    assertThat(value(mapping, "key")).isEqualTo(new Scalar(text, true, at(1, 6)));
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "\"quoted\",      quoted",
        "'0600',          0600",
        "\"~\",           ~",
        "\"null\",        null",
        "'it''s',         it's",
        "\"a\\tb\\u0041\", `a\tbA`",
        "\"\",            ``"
      })
  void keepsQuotedScalarsAsTheirText(String yaml, String text) throws MountFailure {
    assertThat(value(mapping("key: " + yaml), "key")).isEqualTo(new Scalar(text, false, at(1, 6)));
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "!!str 0600,                   0600, false",
        "`!<tag:yaml.org,2002:str> yes`, yes, false",
        "!own 0600,                    0600, false",
        "! 0600,                       0600, false",
        "!,                            ``,   false",
        "!!binary aGk=,                aGk=, false",
        "!!int 0600,                   0600, true",
        "!!int '0600',                 0600, true",
        "!!bool \"yes\",               yes,  true",
        "!!float 1.10,                 1.10, true",
        "!!timestamp 2024-01-02,       2024-01-02, true",
        "!!null '',                    ``,   true"
      })
  void tagsDecideWhetherTheCharactersTellTheValue(String yaml, String text, boolean plain)
      throws MountFailure {
    assertThat(value(mapping("key: " + yaml), "key")).isEqualTo(new Scalar(text, plain, at(1, 6)));
  }

  @Test
  void keepsBlockScalars() throws MountFailure {
    Mapping mapping = mapping("literal: |\n  a\n   b\n\nfolded: >-\n  a\n  b\n");

    assertThat(mapping.text("literal")).isEqualTo("a\n b\n");
    assertThat(mapping.text("folded")).isEqualTo("a b");
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "``, true",
        "~, true",
        "null, true",
        "Null, true",
        "NULL, true",
        "nULL, false",
        "\"~\", false",
        "'null', false",
        "\"\", false",
        "0, false",
        "no, false"
      })
  void knowsWhatYamlMeansByNothing(String yaml, boolean nothing) throws MountFailure {
    assertThat(value(mapping("key: " + yaml), "key"))
        .isInstanceOfSatisfying(
            Scalar.class, scalar -> assertThat(scalar.isNull()).isEqualTo(nothing));
  }

  @Test
  void readsListsAndMapsInTheirOrder() throws MountFailure {
    YamlNode document = YamlReader.read("objects", "- z: 1\n  a: {b: [x, y]}\n- w\n");

    Sequence items = (Sequence) document;
    Mapping first = items.items().get(0).requireMapping("an object");
    assertThat(first.entries().keySet()).containsExactly("z", "a");
    assertThat(items.items().get(1)).isEqualTo(new Scalar("w", true, at(3, 3)));
    assertThat(value(value(first, "a").requireMapping("a"), "b"))
        .isEqualTo(
            new Sequence(
                List.of(new Scalar("x", true, at(2, 11)), new Scalar("y", true, at(2, 14))),
                at(2, 10)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "\n\n", "# nothing\n", "---\n", "---\n...\n", "~", "\uFEFF"})
  void anEmptyDocumentIsANullScalar(String text) throws MountFailure {
    assertThat(YamlReader.read("objects", text))
        .isInstanceOfSatisfying(Scalar.class, scalar -> assertThat(scalar.isNull()).isTrue());
  }

  @Test
  void theEmptyTextStandsAtItsBeginning() throws MountFailure {
    assertThat(YamlReader.read("objects", "")).isEqualTo(new Scalar("", true, at(1, 1)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "key: a\n---\nkey: b\n",
        "---\nkey: a\n---\nkey: b\n",
        "key: a\n...\n%%% not YAML [",
        "%YAML 1.2\n---\nkey: a\n...\n"
      })
  void readsTheFirstDocumentOnly(String text) throws MountFailure {
    assertThat(mapping(text).text("key")).isEqualTo("a");
  }

  @Test
  void placesWhatItReadsByLineAndColumn() throws MountFailure {
    Mapping mapping = mapping("\n# comment\none: a\ntwo:\n  - b\n  -   'c'\n  - {d: e}\n");

    assertThat(mapping.place()).isEqualTo(at(3, 1));
    assertThat(value(mapping, "one")).isEqualTo(new Scalar("a", true, at(3, 6)));
    List<YamlNode> items = value(mapping, "two").requireItems("things");
    assertThat(items.stream().map(YamlNode::place)).containsExactly(at(5, 5), at(6, 7), at(7, 5));
  }

  @Test
  void countsColumnsInCharactersAndLinesByEveryKindOfBreak() throws MountFailure {
    Mapping mapping = mapping("a: x\r\nb: y\n\"😀😀\": z\n");

    assertThat(value(mapping, "b").place()).isEqualTo(at(2, 4));
    assertThat(value(mapping, "😀😀").place()).isEqualTo(at(3, 7));
  }

  @Test
  void resolvesAliases() throws MountFailure {
    Mapping mapping = mapping("a: &x [1, 2]\nb: *x\nc: &y z\nd: *y\n");

    assertThat(value(mapping, "b")).isEqualTo(value(mapping, "a"));
    assertThat(mapping.text("d")).isEqualTo("z");
  }

  @Test
  void anAnchorMayBeDefinedAnew() throws MountFailure {
    Mapping mapping = mapping("a: &x 1\nb: *x\nc: &x 2\nd: *x\n");

    assertThat(mapping.text("b")).isEqualTo("1");
    assertThat(mapping.text("d")).isEqualTo("2");
  }

  @Test
  void anAliasMayBeAKey() throws MountFailure {
    assertThat(mapping("a: &x name\n*x : value\n").text("name")).isEqualTo("value");
  }

  @Test
  void whatStandsInAMapWinsOverWhatIsMerged() throws MountFailure {
    Mapping before =
        value(mapping("m: {<<: {a: merged, b: merged}, a: own}"), "m").requireMapping("m");
    Mapping after =
        value(mapping("m: {a: own, <<: {a: merged, b: merged}}"), "m").requireMapping("m");

    assertThat(before.text("a")).isEqualTo("own");
    assertThat(before.text("b")).isEqualTo("merged");
    assertThat(after.text("a")).isEqualTo("own");
    assertThat(after.text("b")).isEqualTo("merged");
  }

  @Test
  void theFirstOfSeveralMergedMapsWins() throws MountFailure {
    Mapping mapping =
        mapping("x: &x {a: 1, b: 1}\ny: &y {b: 2, c: 2}\nm:\n  <<: [*x, *y, {c: 3, d: 3}]\n");

    Mapping merged = value(mapping, "m").requireMapping("m");
    assertThat(merged.text("a") + merged.text("b") + merged.text("c") + merged.text("d"))
        .isEqualTo("1123");
  }

  @Test
  void mergesWhatWasMergedBefore() throws MountFailure {
    Mapping mapping = mapping("x: &x {a: 1}\ny: &y {<<: *x, b: 2}\nm: {<<: *y, c: 3}\n");

    assertThat(value(mapping, "m").requireMapping("m").entries().keySet())
        .containsExactlyInAnyOrder("a", "b", "c");
  }

  @Test
  void aQuotedMergeKeyIsAKeyLikeAnyOther() throws MountFailure {
    assertThat(mapping("\"<<\": text").text("<<")).isEqualTo("text");
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = '@',
      value = {
        "a: 1\\nb: 2\\na: 3 @ line 3, column 1: this key stands twice; remove one of them",
        "x: {k: 1, \"k\": 2} @ line 1, column 11: this key stands twice; remove one of them",
        "a: *none @ line 1, column 4: this alias has no anchor before it; define it with \"&\" first",
        "a: &x [*x] @ line 1, column 8: this alias has no anchor before it; define it with \"&\""
            + " first",
        "<<: text @ line 1, column 5: \"<<\" merges maps only; name the anchor of a map",
        "<<: [{a: 1}, b] @ line 1, column 14: \"<<\" merges maps only; name the anchor of a map",
        "? [a]\\n: b @ line 1, column 3: a key must be a single value; write \"key: value\"",
        "{a: b}: c @ line 1, column 1: a key must be a single value; write \"key: value\"",
        "a: b: c @ line 1, column 5: not valid YAML; check indentation, quotes and special"
            + " characters there",
        "a:\\n\\t- b @ line 2, column 1: not valid YAML; check indentation, quotes and special"
            + " characters there",
        "a: [b @ line 1, column 6: not valid YAML; check indentation, quotes and special"
            + " characters there",
        "a: 'b @ line 1, column 6: not valid YAML; check indentation, quotes and special"
            + " characters there",
        "a: b\\n c: d @ line 2, column 3: not valid YAML; check indentation, quotes and special"
            + " characters there",
        "a: %b @ line 1, column 4: not valid YAML; check indentation, quotes and special characters"
            + " there"
      })
  void refusesWhatIsWrongAndSaysWhere(String yaml, String problem) {
    assertThat(refusal(yaml.replace("\\n", "\n").replace("\\t", "\t")))
        .isEqualTo("objects, " + problem);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "%1$s: a\n%1$s: b",
        "a: *%1$s",
        "a: &%1$s [*%1$s]",
        "a: [%1$s",
        "a: '%1$s",
        "a: \"%1$s",
        "a: \"\\%1$s\"",
        "a: %%%1$s",
        "%%YAML %1$s\n---\na",
        "a: !%1$s!%1$s b",
        "a: !<%1$s b",
        "a: b: %1$s",
        "a: @%1$s",
        "a: `%1$s",
        "a: |%1$s\n b",
        "\t%1$s",
        "a: b\n %1$s: d",
        "? [%1$s]\n: b",
        "<<: %1$s",
        "a: \u0007%1$s",
        "[&%1$s &%1$s a]",
        "*%1$s %1$s"
      })
  void quotesNothingOfTheDocument(String template) {
    assertThat(refusal(template.formatted(CANARY)))
        .startsWith("objects")
        .doesNotContain(CANARY)
        .doesNotContain("canary");
  }

  @Test
  void knowsWhereKeysStandAlsoThoseThatAreMerged() throws MountFailure {
    Mapping mapping = mapping("x: &x\n  a: 1\n  b: 2\ny:\n  b: 3\n  <<: *x\n");

    assertThat(mapping.keys()).isEqualTo(Map.of("x", at(1, 1), "y", at(4, 1)));
    assertThat(value(mapping, "y").requireMapping("y").keys())
        .isEqualTo(Map.of("b", at(5, 3), "a", at(2, 3)));
  }

  @Property
  void keepsEveryTextThatIsQuoted(@ForAll("printable") String text) throws MountFailure {
    assertThat(mapping("key: '" + text.replace("'", "''") + "'").text("key")).isEqualTo(text);
  }

  @Provide
  Arbitrary<String> printable() {
    return Arbitraries.strings().withCharRange(' ', '~').withChars("äß密").ofMaxLength(60);
  }

  private static Mapping mapping(String text) throws MountFailure {
    return YamlReader.read("objects", text).requireMapping("the document");
  }

  private static YamlNode value(Mapping mapping, String key) {
    return Objects.requireNonNull(mapping.entries().get(key), key);
  }

  private static Place at(int line, int column) {
    return new Place("objects", line, column);
  }
}
