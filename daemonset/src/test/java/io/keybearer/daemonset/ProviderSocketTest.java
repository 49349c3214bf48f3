package io.keybearer.daemonset;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProviderSocketTest {

  @TempDir private Path folder;
  private final List<ServerSocketChannel> listeners = new ArrayList<>();

  @AfterEach
  void closeListeners() throws IOException {
    for (ServerSocketChannel listener : listeners) {
      listener.close();
    }
  }

  private ServerSocketChannel listen(ProviderSocket socket) throws IOException {
    ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    listeners.add(listener);
    return listener.bind(UnixDomainSocketAddress.of(socket.temporary()));
  }

  private ProviderSocket published() throws IOException {
    ProviderSocket socket = new ProviderSocket(folder, "sealed");
    listen(socket);
    socket.publish();
    return socket;
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  private static Path aged(Path file, Duration age) throws IOException {
    return Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(age)));
  }

  @Test
  void isFoundByNobodyBeforeItIsPublished() throws IOException {
    ProviderSocket socket = new ProviderSocket(folder, "sealed");
    listen(socket);

    assertThat(socket.exists()).isFalse();
    assertThat(names()).singleElement().asString().matches("sealed\\.sock\\.new-[0-9a-f]{8}");
  }

  @Test
  void takesTheNameThatTheDriverLooksFor() throws IOException {
    ProviderSocket socket = published();

    assertThat(socket.exists()).isTrue();
    assertThat(socket.path()).isEqualTo(folder.resolve("sealed.sock"));
    assertThat(names()).containsExactly("sealed.sock");
  }

  @Test
  void letsOnlyItsOwnerConnect() throws IOException {
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(published().path())))
        .isEqualTo("rw-------");
  }

  @Test
  void takesTheNameFromTheOneThatHasIt() throws IOException {
    published();
    ProviderSocket second = new ProviderSocket(folder, "sealed");
    ServerSocketChannel listener = listen(second);

    second.publish();

    assertThat(names()).containsExactly("sealed.sock");
    try (SocketChannel client = SocketChannel.open(UnixDomainSocketAddress.of(second.path()));
        SocketChannel accepted = listener.accept()) {
      assertThat(client.isConnected()).isTrue();
      assertThat(accepted.isConnected()).isTrue();
    }
  }

  @Test
  void removesItsNameWhenItEnds() throws IOException {
    published().withdraw();

    assertThat(names()).isEmpty();
  }

  @Test
  void leavesTheNameToTheOneThatTookItOver() throws IOException {
    ProviderSocket first = published();
    published();

    first.withdraw();

    assertThat(names()).containsExactly("sealed.sock");
  }

  @Test
  void removesItsTemporaryNameIfItWasNeverPublished() throws IOException {
    published();
    ProviderSocket second = new ProviderSocket(folder, "sealed");
    listen(second);

    second.withdraw();

    assertThat(names()).containsExactly("sealed.sock");
  }

  @Test
  void endsQuietlyIfSomebodyRemovedTheName() throws IOException {
    ProviderSocket socket = published();
    Files.delete(socket.path());

    socket.withdraw();

    assertThat(names()).isEmpty();
  }

  @Test
  void removesWhatKilledProcessesLeftBehind() throws IOException {
    Path old = Files.createFile(folder.resolve("vault.sock.new-00000000"));
    Path fresh = Files.createFile(folder.resolve("vault.sock.new-11111111"));
    Path other = Files.createFile(folder.resolve("vault.sock"));
    aged(old, Duration.ofSeconds(61));
    aged(fresh, Duration.ofSeconds(40));
    aged(other, Duration.ofHours(1));

    published();

    assertThat(names()).containsExactly("sealed.sock", "vault.sock", "vault.sock.new-11111111");
  }

  /** A process could not start beside a leftover that it could not look at or remove. */
  @Test
  void isPublishedBesideWhatItCannotRemove() throws IOException {
    Files.createSymbolicLink(folder.resolve("a.sock.new-00000000"), folder.resolve("nowhere"));
    Path filled = Files.createDirectory(folder.resolve("b.sock.new-00000000"));
    Files.createFile(filled.resolve("file"));
    aged(filled, Duration.ofHours(1));

    published();

    assertThat(names())
        .containsExactly("a.sock.new-00000000", "b.sock.new-00000000", "sealed.sock");
  }
}
