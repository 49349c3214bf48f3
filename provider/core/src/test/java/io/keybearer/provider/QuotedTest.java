package io.keybearer.provider;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuotedTest {

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "``,                \"\"",
        "db/password,       \"db/password\"",
        "größe 密码 😀,      \"größe 密码 😀\"",
        "say \"hi\",        \"say \\\"hi\\\"\"",
        "c:\\temp,          \"c:\\\\temp\""
      })
  void quotesAndKeepsWhatIsPlain(String text, String quoted) {
    assertThat(Quoted.of(text)).isEqualTo(quoted);
  }

  @ParameterizedTest
  @CsvSource({
    "0, NUL",
    "7, bell",
    "9, tab",
    "a, line feed",
    "d, carriage return",
    "1b, escape",
    "7f, delete",
    "85, next line",
    "ad, soft hyphen",
    "61c, Arabic letter mark",
    "200b, zero width space",
    "200f, right-to-left mark",
    "2028, line separator",
    "2029, paragraph separator",
    "202e, right-to-left override",
    "2066, left-to-right isolate",
    "d800, lone high surrogate",
    "dc00, lone low surrogate",
    "e000, private use",
    "feff, byte order mark",
    "ffff, unassigned",
    "e0001, language tag",
    "10ffff, last of all"
  })
  void escapesWhatCouldBreakALineOrHide(String hexadecimal, String name) {
    String character = Character.toString(Integer.parseInt(hexadecimal, 16));

    assertThat(Quoted.of("a" + character + "b"))
        .as(name)
        .isEqualTo("\"a\\u{" + hexadecimal + "}b\"");
  }

  @Test
  void keepsEightyCharactersWhole() {
    assertThat(Quoted.of("x".repeat(80))).isEqualTo("\"" + "x".repeat(80) + "\"");
  }

  @Test
  void cutsAfterEightyCharacters() {
    assertThat(Quoted.of("x".repeat(81))).isEqualTo("\"" + "x".repeat(80) + "…\"");
    assertThat(Quoted.of("x".repeat(1_000_000))).isEqualTo("\"" + "x".repeat(80) + "…\"");
  }

  @Test
  void cutsNoCharacterInTwo() {
    assertThat(Quoted.of("x".repeat(79) + "😀" + "y"))
        .isEqualTo("\"" + "x".repeat(79) + "😀" + "…\"");
  }

  @Property
  void isOnePrintableLineWhateverItQuotes(@ForAll @StringLength(max = 200) String text) {
    String quoted = Quoted.of(text);

    assertThat(quoted).startsWith("\"").endsWith("\"").hasSizeLessThanOrEqualTo(803);
    assertThat(quoted.codePoints())
        .allMatch(
            character ->
                !Character.isISOControl(character)
                    && Character.getType(character) != Character.FORMAT
                    && Character.getType(character) != Character.SURROGATE);
    assertThat(quoted.substring(1, quoted.length() - 1).replace("\\\\", "").replace("\\\"", ""))
        .doesNotContain("\"");
  }
}
