package io.keybearer.provider.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.keybearer.provider.Ticker;
import io.keybearer.provider.fake.FakeKeys;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a server must be, and what it is told. */
class TlsContextTest {

  private static final TestAuthority AUTHORITY = TestAuthority.of("test CA", FakeKeys.ec());
  private static final TestIdentity NAMED =
      AUTHORITY.issue(FakeKeys.ec(), "store.test", "*.wild.test");
  private static final TestIdentity NUMBERED = AUTHORITY.issue(FakeKeys.ec(), "127.0.0.1");
  private static final HttpStack STACK =
      new HttpStack(
          HttpLimits.usual(),
          Proxies.none(),
          AllowedAddresses.any(),
          Ticker.system(),
          TestNames.here());

  private static TlsSettings trusting() {
    return TlsSettings.usual().withCaPem(AUTHORITY.pem());
  }

  private static TlsSettings trusting(boolean skipVerify, TlsVersion minimum) {
    String ca = skipVerify ? "" : AUTHORITY.pem();
    return new TlsSettings("", "", ca, "", "", "", skipVerify, minimum);
  }

  private static String call(HostileServer server, String host, TlsSettings tls) {
    HttpEndpoint endpoint = new HttpEndpoint(server.addressAt(host), tls);
    return CallOutcome.of(STACK, endpoint, HttpCall.get("/")).text();
  }

  private static HostileServer serving(TestIdentity identity) throws IOException {
    return HostileServer.https(ServerTls.of(identity), HostileServer::answer);
  }

  @AfterAll
  static void close() {
    STACK.close();
  }

  @ParameterizedTest
  @CsvSource({
    "store.test, '', store.test",
    "store.test., '', store.test",
    "a.wild.test, '', a.wild.test",
    "else.test, store.test, store.test",
    "127.0.0.1, store.test, store.test",
    "127.0.0.1, b.wild.test, b.wild.test",
  })
  void asksForTheServerByItsName(String host, String serverName, String sni) throws IOException {
    try (HostileServer server = serving(NAMED)) {
      assertThat(call(server, host, trusting().withServerName(serverName))).isEqualTo("200 ok");
      assertThat(server.requests().get(0).sni()).containsExactly(sni);
      assertThat(server.requests().get(0).header("host"))
          .contains(host + ":" + server.address().port());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "else.test, ''",
    "a.b.wild.test, ''",
    "wild.test, ''",
    "127.0.0.1, ''",
    "store.test, else.test",
    "store.test, 127.0.0.1",
  })
  void takesNoServerOfAnotherName(String host, String serverName) throws IOException {
    try (HostileServer server = serving(NAMED)) {
      assertThat(call(server, host, trusting().withServerName(serverName)))
          .isEqualTo(Told.UNTRUSTED.of(server.addressAt(host)));
      assertThat(server.requests()).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({"127.0.0.1, ''", "store.test, 127.0.0.1"})
  void knowsAServerByItsIpAddressWithoutTellingItByName(String host, String serverName)
      throws IOException {
    try (HostileServer server = serving(NUMBERED)) {
      assertThat(call(server, host, trusting().withServerName(serverName))).isEqualTo("200 ok");
      assertThat(server.requests().get(0).sni()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"a b", "a..b", "a.", "a_\u0000"})
  void aServerNameThatIsNoneIsTold(String serverName) throws IOException {
    try (HostileServer server = serving(NAMED)) {
      assertThat(call(server, "store.test", trusting().withServerName(serverName)))
          .isEqualTo(
              "STORE_UNAVAILABLE TLS \"%s\" can't be trusted: its server name can't be one;"
                      .formatted(server.addressAt("store.test"))
                  + " look at its certificate and at the CA that it is checked with");
    }
  }

  @Test
  void takesNoCertificateThatHasExpired() throws IOException {
    try (HostileServer server = serving(AUTHORITY.issueExpired(FakeKeys.ec(), "store.test"))) {
      assertThat(call(server, "store.test", trusting()))
          .isEqualTo(Told.UNTRUSTED.of(server.addressAt("store.test")));
    }
  }

  @Test
  void takesACertificateByWayOfAnother() throws IOException {
    TestAuthority below = AUTHORITY.below("below", FakeKeys.ec());
    try (HostileServer server = serving(below.issue(FakeKeys.ec(), "store.test"))) {
      assertThat(call(server, "store.test", trusting())).isEqualTo("200 ok");
    }
  }

  @Test
  void takesAnyCertificateWhereTheSettingsSaySo() throws IOException {
    TestAuthority stranger = TestAuthority.of("stranger", FakeKeys.ec());
    try (HostileServer server = serving(stranger.issueExpired(FakeKeys.ec(), "other.test"))) {
      assertThat(call(server, "store.test", trusting(true, TlsVersion.TLS_1_2)))
          .isEqualTo("200 ok");
      assertThat(call(server, "127.0.0.1", trusting(true, TlsVersion.TLS_1_2))).isEqualTo("200 ok");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "TLSv1.3, TLS_1_2, true",
    "TLSv1.2, TLS_1_2, true",
    "TLSv1.3, TLS_1_3, true",
    "TLSv1.2, TLS_1_3, false",
  })
  void speaksNoVersionBelowItsFloor(String spoken, TlsVersion floor, boolean works)
      throws IOException {
    ServerTls tls = ServerTls.of(NAMED).speaking(spoken);
    try (HostileServer server = HostileServer.https(tls, HostileServer::answer)) {
      assertThat(call(server, "store.test", trusting(false, floor)))
          .isEqualTo(works ? "200 ok" : Told.NO_TLS.of(server.addressAt("store.test")));
    }
  }

  /** The JDK's own server speaks none of these any more: its answers are made by hand. */
  @ParameterizedTest
  @ValueSource(strings = {"0300", "0301", "0302"})
  void neverSpeaksAVersionBeforeTls12(String version) throws IOException {
    byte[] hello = serverHello(HexFormat.of().parseHex(version));
    HostileServer.Script script =
        connection -> {
          connection.raw().in().read();
          connection.raw().out().write(hello);
        };
    try (HostileServer server = HostileServer.https(ServerTls.of(NAMED), script)) {
      assertThat(call(server, "store.test", trusting()))
          .isEqualTo(Told.NO_TLS.of(server.addressAt("store.test")));
    }
  }

  /** A handshake record with a ServerHello of that version (RFC 5246, section 7.4.1.3). */
  private static byte[] serverHello(byte[] version) {
    ByteArrayOutputStream record = new ByteArrayOutputStream();
    record.write(0x16);
    record.writeBytes(version);
    record.writeBytes(new byte[] {0, 42, 2, 0, 0, 38});
    record.writeBytes(version);
    record.writeBytes(new byte[32]);
    record.writeBytes(new byte[] {0, (byte) 0xc0, 0x13, 0});
    return record.toByteArray();
  }

  @Test
  void sharesConnectionsAmongEqualSettingsAndNoOthers(@TempDir Path folder) throws IOException {
    Path ca = Files.writeString(folder.resolve("ca.pem"), AUTHORITY.pem());
    try (HostileServer server = serving(NAMED)) {
      TlsSettings text = trusting();
      TlsSettings file = TlsSettings.usual().withCaFile(ca.toString());
      for (int i = 0; i < 3; i++) {
        assertThat(call(server, "store.test", text)).isEqualTo("200 ok");
        assertThat(call(server, "store.test", trusting(false, TlsVersion.TLS_1_2)))
            .isEqualTo("200 ok");
      }
      assertThat(server.connections()).isEqualTo(1);

      TlsSettings[] others = {
        file,
        text.withServerName("a.wild.test"),
        trusting(false, TlsVersion.TLS_1_3),
        trusting(true, TlsVersion.TLS_1_2)
      };
      for (int i = 0; i < others.length; i++) {
        assertThat(call(server, "store.test", others[i])).isEqualTo("200 ok");
        assertThat(server.connections()).isEqualTo(i + 2);
      }
    }
  }
}
