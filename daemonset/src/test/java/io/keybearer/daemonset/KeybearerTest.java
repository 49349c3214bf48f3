package io.keybearer.daemonset;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeybearerTest {

  private static final String OVERVIEW =
      """
      keybearer: a Secrets Store CSI driver provider

        keybearer serve [flags]   answer the driver on unix sockets until SIGTERM
        keybearer lint [flags]    check SecretProviderClasses in files, without a call to anybody
        keybearer mount [flags]   mount a SecretProviderClass of a file into a folder
        keybearer seal [flags]    seal a value for a SecretProviderClass, or make a key pair
        keybearer version         the version of this build

      Every command tells its flags with --help: each with its environment variable and default.
      """;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private int run(String... words) {
    Console console =
        new Console(
            InputStream.nullInputStream(),
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8));
    return Keybearer.run(StoreCatalogue.ofProject(), List.of(words), Map.of(), console);
  }

  private void assertPrinted(String toOut, String toErr) {
    assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo(toOut);
    assertThat(err.toString(StandardCharsets.UTF_8)).isEqualTo(toErr);
  }

  @Test
  void tellsItsCommandsToWhoeverAsksForNone() {
    assertThat(run()).isZero();
    assertPrinted(OVERVIEW, "");
  }

  @ParameterizedTest
  @ValueSource(strings = {"help", "--help", "-h"})
  void tellsItsCommands(String command) {
    assertThat(run(command)).isZero();
    assertPrinted(OVERVIEW, "");
  }

  @ParameterizedTest
  @ValueSource(strings = {"version", "--version"})
  void tellsItsVersion(String command) {
    assertThat(run(command)).isZero();
    assertPrinted(Version.text() + "\n", "");
  }

  @ParameterizedTest
  @ValueSource(strings = {"sevre", "", "Serve", "--socket-dir=/x"})
  void refusesOtherCommands(String command) {
    assertThat(run(command)).isEqualTo(2);
    assertPrinted("", "keybearer: there is no command of that name\n" + OVERVIEW);
  }

  @ParameterizedTest
  @CsvSource({"serve, ''", "seal, --new-key=x"})
  void handsTheOtherWordsToTheCommand(String command, String flag) {
    List<String> words = new ArrayList<>(List.of(command, "word"));
    if (!flag.isEmpty()) {
      words.add(flag);
    }

    assertThat(run(words.toArray(String[]::new))).isEqualTo(2);
    assertPrinted("", "keybearer " + command + ": wrong settings:\n  word: not a flag\n");
  }
}
