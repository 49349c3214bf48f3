package io.keybearer.provider.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServerTextTest {

  private static final String UUID = "1234abcd-12ab-34cd-56ef-1234567890ab";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJzeXN0ZW0ifQ.c2lnbmF0dXJl",
        "hvs.CAESIJlWh1tJ5mTkPzW8fT0zExampleExample",
        "s.7MbvPMw5sBNVYqgPPLgZqKhT",
        "IQoJb3JpZ2luX2VjEXAMPLE+abc/def==ghijklmn",
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
      })
  void showsNoTokenThatAServerGivesBack(String token) {
    assertThat(ServerText.line("you sent " + token + " to me")).isEqualTo("you sent [token] to me");
  }

  @Test
  void keepsTheIdOfAKeyOrAVersion() {
    assertThat(ServerText.line("key/" + UUID)).isEqualTo("key/" + UUID);
  }

  @Test
  void takesOutWhatIsATokenForThatServerAlone() {
    assertThat(ServerText.line("secret id " + UUID, Pattern.compile(UUID)))
        .isEqualTo("secret id [token]");
  }

  @Test
  void standsOnOneLineWithoutWhatHidesInATerminal() {
    assertThat(ServerText.line(" one\r\n  two\u001b[31m\u202ethree "))
        .isEqualTo("one two [31mthree");
  }

  @Test
  void isShortHoweverMuchAServerSays() {
    assertThat(ServerText.line("word ".repeat(1_000_000))).hasSize(301).endsWith("…");
  }

  @Test
  void showsNoPartOfATokenAtTheEndOfWhatItLooksAt() {
    String token = "hvs." + "x".repeat(90);
    assertThat(ServerText.line(" ".repeat(1_980) + token)).doesNotContain("xxx");
  }
}
