package io.keybearer.provider.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.keybearer.provider.SecretBytes;
import io.keybearer.provider.TurnedTicker;
import io.keybearer.provider.fake.FakeIdentity;
import io.keybearer.provider.fake.FakeKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A server that wants to know who asks. */
class ClientCertificateTest {

  private static final TestAuthority SERVERS = TestAuthority.of("servers", FakeKeys.ec());
  private static final TestAuthority CLIENTS = TestAuthority.of("clients", FakeKeys.ec());
  private static final TestAuthority BELOW = CLIENTS.below("clients below", FakeKeys.ec());
  private static final TestIdentity IDENTITY = SERVERS.issue(FakeKeys.ec(), "127.0.0.1");
  private static final KeyPair RSA = FakeKeys.rsa();
  private static final KeyPair EC = FakeKeys.ec();

  private static HostileServer server;

  @TempDir Path folder;

  private final TurnedTicker ticker = new TurnedTicker();
  private final HttpStack stack =
      new HttpStack(HttpLimits.usual(), Proxies.none(), AllowedAddresses.any(), ticker);
  private Path certificate;
  private Path key;

  @BeforeAll
  static void start() throws IOException {
    ServerTls tls = new ServerTls(IDENTITY.server(CLIENTS), true, List.of());
    server = HostileServer.https(tls, HostileServer::answer);
  }

  @AfterAll
  static void stop() throws IOException {
    server.close();
  }

  @BeforeEach
  void names() {
    certificate = folder.resolve("tls.crt");
    key = folder.resolve("tls.key");
  }

  private String call(TlsSettings tls) {
    return CallOutcome.of(stack, new HttpEndpoint(server.address(), tls), HttpCall.get("/")).text();
  }

  private TlsSettings settings() {
    return TlsSettings.usual()
        .withCaPem(SERVERS.pem())
        .withClientCertificate(certificate.toString(), key.toString());
  }

  private static String lastClient() {
    List<SeenRequest> requests = server.requests();
    return requests.get(requests.size() - 1).client();
  }

  @ParameterizedTest
  @CsvSource({"PKCS1, RSA", "PKCS8, RSA", "SEC1, EC", "PKCS8, EC"})
  void showsItselfWithAKeyOfEachForm(KeyForm form, String algorithm) throws IOException {
    TestIdentity identity = CLIENTS.issue(algorithm.equals("RSA") ? RSA : EC, form + algorithm);
    Files.writeString(certificate, identity.chainPem());
    Files.writeString(key, identity.keyPem(form));

    assertThat(call(settings())).isEqualTo("200 ok");
    assertThat(lastClient()).isEqualTo("CN=" + form + algorithm);
  }

  /** As OpenSSL writes the key of a curve, and as HashiCorp's tools put a bundle together. */
  @Test
  void takesKeyAndCertificateFromOneFile() throws IOException {
    TestIdentity identity = CLIENTS.issue(EC, "one file");
    String parameters =
        "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n";
    Files.writeString(
        certificate, parameters + identity.keyPem(KeyForm.SEC1) + "\n" + identity.chainPem());
    TlsSettings tls =
        TlsSettings.usual()
            .withCaPem(SERVERS.pem())
            .withClientCertificate(certificate.toString(), "");

    assertThat(call(tls)).isEqualTo("200 ok");
    assertThat(lastClient()).isEqualTo("CN=one file");
  }

  @Test
  void showsTheWholeChain() throws IOException {
    TestIdentity identity = BELOW.issue(EC, "from below");
    assertThat(identity.chain()).hasSize(2);
    Files.writeString(certificate, identity.chainPem());
    Files.writeString(key, identity.keyPem(KeyForm.PKCS8));

    assertThat(call(settings())).isEqualTo("200 ok");
    assertThat(lastClient()).isEqualTo("CN=from below");
  }

  @Test
  void takesARotatedOneAfterASecond() throws IOException {
    TestIdentity old = CLIENTS.issue(EC, "old");
    Files.writeString(certificate, old.chainPem());
    Files.writeString(key, old.keyPem(KeyForm.SEC1));
    assertThat(call(settings())).isEqualTo("200 ok");
    assertThat(lastClient()).isEqualTo("CN=old");

    TestIdentity fresh = CLIENTS.issue(RSA, "fresh");
    Files.writeString(certificate, fresh.chainPem());
    Files.writeString(key, fresh.keyPem(KeyForm.PKCS1));
    ticker.turn(Duration.ofSeconds(1));
    assertThat(call(settings())).isEqualTo("200 ok");
    assertThat(lastClient()).isEqualTo("CN=fresh");
  }

  /** Two files can't be written at once. */
  @Test
  void staysWithTheOldOneWhileOnlyHalfIsRotated() throws IOException {
    TestIdentity old = CLIENTS.issue(EC, "old half");
    Files.writeString(certificate, old.chainPem());
    Files.writeString(key, old.keyPem(KeyForm.SEC1));
    assertThat(call(settings())).isEqualTo("200 ok");

    TestIdentity fresh = CLIENTS.issue(FakeKeys.ec(), "fresh half");
    Files.writeString(certificate, fresh.chainPem());
    ticker.turn(Duration.ofSeconds(1));
    assertThat(call(settings())).isEqualTo("200 ok");
    assertThat(lastClient()).isEqualTo("CN=old half");

    Files.writeString(key, fresh.keyPem(KeyForm.SEC1));
    ticker.turn(Duration.ofSeconds(1));
    assertThat(call(settings())).isEqualTo("200 ok");
    assertThat(lastClient()).isEqualTo("CN=fresh half");
  }

  /** TLS 1.3 tells it behind the handshake, when the request may be on its way. */
  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void withoutOneTheServerRefuses(String version) throws IOException {
    ServerTls tls = new ServerTls(IDENTITY.server(CLIENTS), true, List.of(version));
    try (HostileServer strict = HostileServer.https(tls, HostileServer::answer)) {
      HttpEndpoint endpoint =
          new HttpEndpoint(strict.address(), TlsSettings.usual().withCaPem(SERVERS.pem()));
      HttpCall post = HttpCall.of("POST", "/", SecretBytes.empty());

      assertThat(CallOutcome.of(stack, endpoint, post).text())
          .isEqualTo(Told.NO_TLS.of(strict.address()));
      // The JDK begins a GET anew, and its second failure hides the first.
      assertThat(CallOutcome.of(stack, endpoint, HttpCall.get("/")).text())
          .isIn(Told.NO_TLS.of(strict.address()), Told.BROKEN.of(strict.address()));
      assertThat(strict.requests()).isEmpty();
    }
  }

  @Test
  void oneOfAStrangerIsRefused() throws IOException {
    TestIdentity stranger = SERVERS.issue(EC, "stranger");
    Files.writeString(certificate, stranger.chainPem());
    Files.writeString(key, stranger.keyPem(KeyForm.PKCS8));
    HttpCall post = HttpCall.of("POST", "/", SecretBytes.empty());

    assertThat(CallOutcome.of(stack, new HttpEndpoint(server.address(), settings()), post).text())
        .isEqualTo(Told.NO_TLS.of(server.address()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "missing | does not exist",
        "other | is not that of the client certificate",
        "certificate | holds no private key",
        "junk | holds a key that can't be read",
        "encrypted | holds a key that can't be read",
      })
  void tellsWhatIsWrongWithAKey(String kind, String problem) throws IOException {
    TestIdentity identity = CLIENTS.issue(EC, "client");
    Files.writeString(certificate, identity.chainPem());
    switch (kind) {
      case "other" -> Files.writeString(key, KeyForm.PKCS8.pem(RSA.getPrivate()));
      case "certificate" -> Files.writeString(key, identity.chainPem());
      case "junk" -> Files.writeString(key, FakeIdentity.pem("PRIVATE KEY", new byte[] {1, 2, 3}));
      case "encrypted" ->
          Files.writeString(key, FakeIdentity.pem("ENCRYPTED PRIVATE KEY", new byte[] {1, 2, 3}));
      default -> assertThat(key).doesNotExist();
    }

    assertThat(call(settings()))
        .isEqualTo(
            "PRECONDITION TLS the client key file \"%s\" %s;".formatted(key, problem)
                + " mount a PEM file there that Keybearer can read");
  }

  @Test
  void tellsOfAChainThatIsNone() throws IOException {
    TestIdentity identity = CLIENTS.issue(EC, "client");
    Files.writeString(certificate, identity.chainPem() + SERVERS.pem());
    Files.writeString(key, identity.keyPem(KeyForm.SEC1));

    assertThat(call(settings()))
        .isEqualTo(
            "PRECONDITION TLS the client certificate file \"%s\" holds a chain that is none;"
                    .formatted(certificate)
                + " mount a PEM file there that Keybearer can read");
  }
}
