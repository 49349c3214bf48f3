package io.keybearer.provider.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.keybearer.provider.TurnedTicker;
import io.keybearer.provider.fake.FakeKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whom the stack trusts, as files say, and as they change. */
class TlsFilesTest {

  private static final TestAuthority GOOD = TestAuthority.of("good CA", FakeKeys.ec());
  private static final TestAuthority OTHER = TestAuthority.of("other CA", FakeKeys.ec());
  private static final TestIdentity IDENTITY = GOOD.issue(FakeKeys.ec(), "127.0.0.1");
  private static final Duration LOOK = Duration.ofSeconds(1);

  @TempDir Path folder;

  private final TurnedTicker ticker = new TurnedTicker();
  private final HttpStack stack =
      new HttpStack(
          HttpLimits.usual(), Proxies.none(), AllowedAddresses.any(), ticker, TestNames.here());
  private final HostileServer server =
      HostileServer.https(ServerTls.of(IDENTITY), HostileServer::answer);

  TlsFilesTest() throws IOException {}

  @AfterEach
  void stop() throws IOException {
    stack.close();
    server.close();
  }

  private static TlsSettings caFile(Path file) {
    return TlsSettings.usual().withCaFile(file.toString());
  }

  private static TlsSettings caFolder(Path folder) {
    return new TlsSettings("", folder.toString(), "", "", "", "", false, TlsVersion.TLS_1_2);
  }

  private String call(TlsSettings tls) {
    return CallOutcome.of(stack, new HttpEndpoint(server.address(), tls), HttpCall.get("/")).text();
  }

  private String untrusted() {
    return Told.UNTRUSTED.of(server.address());
  }

  private static void replace(Path file, String text) throws IOException {
    Path fresh = Files.writeString(file.resolveSibling("fresh"), text);
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
  }

  @Test
  void trustsNobodyButTheAuthoritiesOfItsFile() throws IOException {
    Path file = Files.writeString(folder.resolve("ca.pem"), OTHER.pem());
    assertThat(call(caFile(file))).isEqualTo(untrusted());
    assertThat(call(TlsSettings.usual())).isEqualTo(untrusted());

    Path both = Files.writeString(folder.resolve("both.pem"), OTHER.pem() + GOOD.pem());
    assertThat(call(caFile(both))).isEqualTo("200 ok");
  }

  @Test
  void looksAtItsFileAgainAfterASecond() throws IOException {
    Path file = Files.writeString(folder.resolve("ca.pem"), OTHER.pem());
    assertThat(call(caFile(file))).isEqualTo(untrusted());

    replace(file, GOOD.pem());
    ticker.turn(LOOK.minusNanos(1));
    assertThat(call(caFile(file))).isEqualTo(untrusted());
    ticker.turn(Duration.ofNanos(1));
    assertThat(call(caFile(file))).isEqualTo("200 ok");
  }

  @Test
  void looksAtAFileThatIsWrittenInPlace() throws IOException {
    Path file = Files.writeString(folder.resolve("ca.pem"), OTHER.pem());
    assertThat(call(caFile(file))).isEqualTo(untrusted());

    Files.writeString(file, OTHER.pem() + GOOD.pem());
    ticker.turn(LOOK);
    assertThat(call(caFile(file))).isEqualTo("200 ok");
  }

  /** Also a connection that is open already is not used any more. */
  @Test
  void anAuthorityThatIsRemovedIsNotTrusted() throws IOException {
    Path file = Files.writeString(folder.resolve("ca.pem"), OTHER.pem() + GOOD.pem());
    assertThat(call(caFile(file))).isEqualTo("200 ok");

    replace(file, OTHER.pem());
    ticker.turn(LOOK);
    assertThat(call(caFile(file))).isEqualTo(untrusted());
  }

  @Test
  void staysWithTheLastGoodFileWhileANewOneIsOfNoUse() throws IOException {
    Path file = Files.writeString(folder.resolve("ca.pem"), GOOD.pem());
    assertThat(call(caFile(file))).isEqualTo("200 ok");

    for (String broken : new String[] {"", "junk", GOOD.pem().substring(0, 200)}) {
      replace(file, broken);
      ticker.turn(LOOK);
      assertThat(call(caFile(file))).isEqualTo("200 ok");
    }
    Files.delete(file);
    ticker.turn(LOOK);
    assertThat(call(caFile(file))).isEqualTo("200 ok");
    assertThat(server.connections()).as("all over one connection").isEqualTo(1);

    Files.writeString(file, OTHER.pem());
    ticker.turn(LOOK);
    assertThat(call(caFile(file))).isEqualTo(untrusted());
  }

  @Test
  void aFileThatStaysEqualChangesNothing() throws IOException {
    Path file = Files.writeString(folder.resolve("ca.pem"), GOOD.pem());
    for (int i = 0; i < 3; i++) {
      assertThat(call(caFile(file))).isEqualTo("200 ok");
      ticker.turn(LOOK);
    }
    assertThat(server.connections()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "missing.pem | does not exist",
        "junk.pem | holds no certificate",
        "broken.pem | holds a certificate that can't be read",
        "cut.pem | holds a certificate that can't be read",
        "large.pem | is larger than 4194304 bytes",
        ". | is not a file",
        "pipe | is not a file",
      })
  void tellsWhatIsWrongWithAFileThatNeverWasGood(String name, String problem) throws Exception {
    Files.writeString(folder.resolve("junk.pem"), "junk");
    Files.writeString(
        folder.resolve("broken.pem"),
        "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
    Files.writeString(folder.resolve("cut.pem"), GOOD.pem().substring(0, 200));
    Files.write(folder.resolve("large.pem"), new byte[4 * 1024 * 1024 + 1]);
    new ProcessBuilder("mkfifo", folder.resolve("pipe").toString()).start().waitFor();
    Path file = folder.resolve(name);

    assertThat(call(caFile(file)))
        .isEqualTo(
            "PRECONDITION TLS the CA file \"%s\" %s;".formatted(file, problem)
                + " mount a PEM file there that Keybearer can read");
  }

  @Test
  void aPathThatIsNoneIsTold() {
    TlsSettings tls = TlsSettings.usual().withCaFile("a\u0000b");

    assertThat(call(tls))
        .isEqualTo(
            "PRECONDITION TLS the CA file \"a\\u{0}b\" can't be read;"
                + " mount a PEM file there that Keybearer can read");
  }

  @Test
  void trustsTheAuthoritiesOfAText() {
    assertThat(call(TlsSettings.usual().withCaPem(GOOD.pem()))).isEqualTo("200 ok");
    assertThat(call(TlsSettings.usual().withCaPem(OTHER.pem()))).isEqualTo(untrusted());
    assertThat(call(TlsSettings.usual().withCaPem("junk")))
        .isEqualTo(
            "PRECONDITION TLS the CA certificate \"\" holds no certificate;"
                + " mount a PEM file there that Keybearer can read");
  }

  /** As kubelet lays a volume out, and as it rotates it. */
  @Test
  void followsAFolderOfKubeletsMaking() throws IOException {
    Path volume = Files.createDirectory(folder.resolve("volume"));
    Path first = Files.createDirectory(volume.resolve("..2026_1"));
    Files.writeString(first.resolve("ca.crt"), OTHER.pem());
    Files.createSymbolicLink(volume.resolve("..data"), Path.of("..2026_1"));
    Files.createSymbolicLink(volume.resolve("ca.crt"), Path.of("..data", "ca.crt"));
    assertThat(call(caFolder(volume))).isEqualTo(untrusted());

    Path second = Files.createDirectory(volume.resolve("..2026_2"));
    Files.writeString(second.resolve("ca.crt"), GOOD.pem());
    Files.createSymbolicLink(volume.resolve("..tmp"), Path.of("..2026_2"));
    Files.move(volume.resolve("..tmp"), volume.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
    ticker.turn(LOOK);
    assertThat(call(caFolder(volume))).isEqualTo("200 ok");
  }

  @Test
  void aFolderMayHoldOtherThingsToo() throws IOException {
    Files.writeString(folder.resolve("README"), "not a certificate");
    Files.createDirectory(folder.resolve("more"));
    Files.writeString(folder.resolve("a.pem"), OTHER.pem());
    assertThat(call(caFolder(folder))).isEqualTo(untrusted());

    Files.writeString(folder.resolve("b.pem"), GOOD.pem());
    ticker.turn(LOOK);
    assertThat(call(caFolder(folder))).isEqualTo("200 ok");

    Files.delete(folder.resolve("b.pem"));
    ticker.turn(LOOK);
    assertThat(call(caFolder(folder))).isEqualTo(untrusted());
  }

  @Test
  void tellsWhatIsWrongWithAFolder() throws IOException {
    String remedy = "; mount a PEM file there that Keybearer can read";
    Path missing = folder.resolve("missing");
    Path empty = Files.createDirectory(folder.resolve("empty"));

    assertThat(call(caFolder(missing)))
        .isEqualTo("PRECONDITION TLS the CA folder \"" + missing + "\" can't be listed" + remedy);
    assertThat(call(caFolder(empty)))
        .isEqualTo(
            "PRECONDITION TLS the CA folder \"" + empty + "\" holds no certificate" + remedy);
  }
}
