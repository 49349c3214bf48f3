package io.keybearer.provider.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearestTest {

  private static final List<String> KNOWN = List.of("sockets", "socket-dir", "log-level", "help");

  @ParameterizedTest
  @CsvSource({
    "sokets, sockets",
    "socket, sockets",
    "scokets, sockets",
    "socket_dir, socket-dir",
    "loglevel, log-level",
    "log-lev, log-level",
    "log-l-v-l!, log-level",
    "hlp, help",
  })
  void findsTheWordThatWasMeant(String word, String meant) {
    assertThat(Nearest.hint(word, KNOWN, "--")).isEqualTo("; did you mean --" + meant + "?");
  }

  @ParameterizedTest
  @CsvSource({"verbose", "soc", "log-l", "''"})
  void guessesNothingThatIsFarAway(String word) {
    assertThat(Nearest.hint(word, KNOWN, "--")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"gke, gcp", "file, mode", "'', a"})
  void guessesNoShortWordThatIsMostlyAnother(String word, String known) {
    assertThat(Nearest.to(word, List.of(known))).isEmpty();
  }

  @Test
  void comparesOnlyWordsOfAboutTheSameLength() {
    assertThat(Nearest.to("x".repeat(1_000_000), KNOWN)).isEmpty();
  }

  @Test
  void guessesNothingWhereNothingIsKnown() {
    assertThat(Nearest.hint("help", List.of(), "--")).isEmpty();
  }
}
