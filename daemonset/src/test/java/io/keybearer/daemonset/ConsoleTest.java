package io.keybearer.daemonset;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConsoleTest {

  @TempDir private Path folder;

  private static Console of(InputStream in) {
    Console process = Console.ofProcess();
    return new Console(in, process.out(), process.err());
  }

  @Test
  void nobodyTypesWhatComesFromElsewhere() throws IOException {
    Path file = Files.writeString(folder.resolve("a"), "text");

    assertThat(of(InputStream.nullInputStream()).isTyped()).isFalse();
    try (FileInputStream in = new FileInputStream(file.toFile())) {
      assertThat(of(in).isTyped()).isFalse();
    }
  }

  @Test
  void knowsTerminalsByTheirNames() {
    assertThat(Console.isTerminal(Path.of("/dev/pts/3"))).isTrue();
    assertThat(Console.isTerminal(Path.of("/dev/tty1"))).isTrue();
    assertThat(Console.isTerminal(Path.of("/dev/console"))).isTrue();
    assertThat(Console.isTerminal(Path.of("/dev/null"))).isFalse();
    assertThat(Console.isTerminal(Path.of("pipe:[123]"))).isFalse();
    assertThat(Console.isTerminal(Path.of("/home/dev/pts/a.yaml"))).isFalse();
  }
}
