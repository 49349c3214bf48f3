package io.keybearer.e2e.process;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whoever connects to a socket and is no driver. */
class ConnectionsTest {

  private static final int FILES = 150;
  private static final String HALF_A_FRAME = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\377";

  @TempDir Path folder;

  @Test
  @DisplayName("more connections than a process may have files: it serves again when they are gone")
  void outlivesTooManyConnections() throws Exception {
    Path log = folder.resolve("log");
    Path socket = folder.resolve("sealed.sock");
    Process process = withFewFiles(log);
    try {
      assertThat(version(socket)).isEqualTo("keybearer");
      List<SocketChannel> idle = new ArrayList<>();
      for (int i = 0; i < 2 * FILES; i++) {
        idle.add(connect(socket));
      }
      while (!Files.readString(log).contains("could not accept a connection of the driver")) {
        assertThat(process.isAlive()).as("it runs").isTrue();
        Thread.onSpinWait();
      }
      for (SocketChannel each : idle) {
        each.close();
      }

      assertThat(version(socket)).isEqualTo("keybearer");
    } finally {
      process.destroy();
      assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  @DisplayName("junk and silence on one connection are nothing to the others")
  void answersBesideJunkAndSilence() throws IOException {
    try (KeybearerProcess process = KeybearerProcess.serve(folder, folder.resolve("no-keys"));
        SocketChannel silent = connect(folder.resolve("sealed.sock"));
        SocketChannel half = connect(folder.resolve("sealed.sock"));
        SocketChannel junk = connect(folder.resolve("sealed.sock"))) {
      half.write(ByteBuffer.wrap(HALF_A_FRAME.getBytes(US_ASCII)));
      junk.write(ByteBuffer.wrap("GET / HTTP/1.1\r\nHost: vault\r\n\r\n".getBytes(US_ASCII)));
      ByteBuffer answer = ByteBuffer.allocate(1024);
      while (junk.read(answer) >= 0) {
        answer.clear();
      }

      assertThat(version(folder.resolve("sealed.sock"))).isEqualTo("keybearer");
      assertThat(silent.isConnected()).isTrue();
      assertThat(process.pid()).isPositive();
    }
  }

  private static Process withFewFiles(Path log) throws IOException {
    Path folder = log.resolveSibling("");
    ProcessBuilder builder =
        KeybearerProcess.builder(KeybearerProcess.words(folder, folder.resolve("no-keys")));
    List<String> command =
        new ArrayList<>(List.of("sh", "-c", "ulimit -n " + FILES + "; exec \"$@\"", "sh"));
    command.addAll(builder.command());
    return builder.command(command).redirectError(log.toFile()).start();
  }

  private static SocketChannel connect(Path socket) throws IOException {
    SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    channel.connect(UnixDomainSocketAddress.of(socket));
    return channel;
  }

  private static String version(Path socket) {
    try (ProviderClient client = new ProviderClient(socket)) {
      return client.version().getRuntimeName();
    }
  }
}
