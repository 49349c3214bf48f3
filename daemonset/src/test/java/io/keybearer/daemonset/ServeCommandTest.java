package io.keybearer.daemonset;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Those ways of {@code serve} that end by themselves. */
class ServeCommandTest {

  @TempDir private Path folder;
  private final CapturedLog log = CapturedLog.ofNothing();
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @AfterEach
  void giveBackTheLog() {
    log.close();
  }

  private int run(Map<String, String> environment, String... words) {
    Console console =
        new Console(
            InputStream.nullInputStream(),
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8));
    return ServeCommand.run(
        StoreCatalogue.ofProject(), new CommandLine(List.of(words), environment, console));
  }

  private String out() {
    return out.toString(StandardCharsets.UTF_8);
  }

  private String err() {
    return err.toString(StandardCharsets.UTF_8);
  }

  @Test
  void tellsEveryFlag() {
    assertThat(run(Map.of("KEYBEARER_WRONG", "1"), "--help", "--drain-timeout=x")).isZero();

    assertThat(out())
        .startsWith("keybearer serve [flags]\n  --allowed-addresses\n")
        .contains("\n  --socket-dir\n");
    assertThat(err()).isEmpty();
  }

  @Test
  void tellsEveryWrongSetting() {
    Map<String, String> environment = Map.of("KEYBEARER_MAX_MOUNTS", "1");

    assertThat(run(environment, "--drain-timeout=5", "--soket-dir=/x")).isEqualTo(2);

    assertThat(out()).isEmpty();
    assertThat(err())
        .isEqualTo(
            """
            keybearer serve: wrong settings:
              --drain-timeout=5: must be a duration such as 45s or 1m30s
              KEYBEARER_MAX_MOUNTS=1: must be a whole number from 2 on
              --soket-dir: unknown flag; did you mean --socket-dir?
            """);
  }

  @Test
  void failsWithoutAFolder() {
    assertThat(run(Map.of(), "--socket-dir=" + folder.resolve("none"))).isEqualTo(1);

    assertThat(out()).isEmpty();
    assertThat(err())
        .matches(
            "keybearer serve: can't start: could not listen on "
                + folder
                + "/none/sealed\\.sock\\.new-[0-9a-f]{8}: No such file or directory\n");
  }

  @Test
  void failsInAFolderWhoseNameIsTooLongForASocket() throws IOException {
    Path deep = Files.createDirectory(folder.resolve("d".repeat(120)));

    assertThat(run(Map.of(), "--socket-dir=" + deep)).isEqualTo(1);

    assertThat(err())
        .startsWith("keybearer serve: can't start: could not listen on " + deep)
        .endsWith(": Unix domain path too long\n");
  }

  @Test
  void takesNoNameAwayIfItsPortIsTaken() throws IOException {
    Path live = Files.createFile(folder.resolve("sealed.sock"));
    Object inode = Files.getAttribute(live, "unix:ino");

    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String address = "127.0.0.1:" + taken.getLocalPort();
      assertThat(run(Map.of(), "--socket-dir=" + folder, "--health-address=" + address))
          .isEqualTo(1);
    }

    assertThat(err()).isEqualTo("keybearer serve: can't start: Address already in use\n");
    assertThat(Files.getAttribute(live, "unix:ino")).isEqualTo(inode);
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).containsExactly(live);
    }
  }
}
