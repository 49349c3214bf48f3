package io.keybearer.provider.vault.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.keybearer.provider.Reason;
import io.keybearer.provider.fake.FakeIdentity;
import io.keybearer.provider.fake.Faults;
import io.keybearer.provider.fake.Json;
import io.keybearer.provider.http.AllowedAddresses;
import io.keybearer.provider.http.TlsSettings;
import io.keybearer.provider.vault.VaultDialect;
import io.keybearer.provider.vault.fake.Call;
import io.keybearer.provider.vault.fake.FakeVault;
import io.keybearer.provider.vault.fake.Standby;
import io.keybearer.provider.vault.fake.VaultClient;
import io.keybearer.provider.vault.fake.VaultFault;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Servers of every state: standbys, sealed ones, several of them, and those that speak TLS. */
class ServerMountsTest extends FakeMounts {

  private static final Map<String, String> FILES = Map.of("a", "1");

  @TempDir private Path folder = Path.of("");

  private SecretClass atEach(String auth, URI... addresses) {
    List<String> texts = List.of(addresses).stream().map(URI::toString).toList();
    return at(auth).with("vaultAddress", String.join(", ", texts));
  }

  @Test
  void triesAddressesInTheirOrder() {
    String auth = stored();

    assertThat(mount(atEach(auth, URI.create("http://127.0.0.1:1"), address()), OBJECT).files())
        .isEqualTo(FILES);
  }

  @Test
  void goesPastAStandbyThatKnowsNoActiveNode() {
    String auth = stored();
    fake().standby(Standby.ALONE, 429);

    assertThat(mount(atEach(auth, fake().standbyAddress(), address()), OBJECT).files())
        .isEqualTo(FILES);
    mount(atEach(auth, fake().standbyAddress()).in("alone"), OBJECT)
        .assertFailed(
            Reason.STORE_UNAVAILABLE,
            because(
                "failed to login: Error making API request. URL: POST %s/v1/auth/%s/login Code: 500. Errors: * local node not active but active cluster node not found; look at the store's own log; 3 tries"
                    .formatted(fake().standbyAddress(), auth)));
  }

  @Test
  void goesPastASealedServer() {
    String auth = stored();
    try (FakeVault sealed = FakeVault.start()) {
      VaultClient.of(sealed.address(), sealed.rootToken()).write("sys/seal");

      assertThat(mount(atEach(auth, sealed.address(), address()), OBJECT).files()).isEqualTo(FILES);
    }
  }

  @Test
  void tellsThatAllServersAreSealed() {
    String auth = stored();
    vault().root().write("sys/seal");

    mount(at(auth), OBJECT)
        .assertFailed(
            Reason.PRECONDITION,
            because(
                "failed to login: Error making API request. URL: POST %s/v1/auth/%s/login Code: 503. Errors: * Vault is sealed; unseal or unlock it, or wait for the one that does; 3 tries"
                    .formatted(address(), auth)));
  }

  @Test
  void staysWithTheServerThatAnswered() {
    String auth = stored();
    SecretClass of =
        atEach(auth, URI.create("http://127.0.0.1:1"), address()).with("refreshInterval", "0");

    mount(of, OBJECT);
    fake().log().clear();
    assertThat(mount(of, OBJECT).files()).isEqualTo(FILES);
    assertThat(fake().log().count(Call::isRead)).isEqualTo(1);
  }

  @Test
  void followsAStandbyToTheActiveNodeOfItsHost() {
    String auth = stored();
    fake().standby(Standby.REDIRECTS, 429);

    assertThat(mount(atEach(auth, fake().standbyAddress()), OBJECT).files()).isEqualTo(FILES);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v1/auth/", "/v1/secret/"})
  void carriesNothingToAnotherHost(String prefix) {
    String auth = stored();
    try (FakeVault stranger = FakeVault.start()) {
      String location = "http://localhost:" + stranger.address().getPort();
      fake()
          .faults()
          .plant(
              Call.to("*", prefix),
              Faults.ALWAYS,
              VaultFault.redirect(location + "/v1/secret/data/a"));

      mount(at(auth), OBJECT)
          .assertFailed(
              Reason.PRECONDITION,
              because(
                  "\"%s\" redirects to \"%s\", which is another host; name that address instead, or have the administrator list it"
                      .formatted(address(), location)));
      assertThat(stranger.log().calls()).isEmpty();
      assertThat(stranger.connections()).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {429, 472, 473})
  void readsTheHealthOfAStandby(int status) {
    String auth = stored();
    fake().standby(Standby.ANSWERS, status);

    assertThat(
            mount(
                    atEach(auth, fake().standbyAddress()),
                    "{objectName: a, secretPath: sys/health, secretKey: standby}")
                .files())
        .isEqualTo(Map.of("a", "true"));
  }

  private Path file(String name, String text) {
    try {
      return Files.writeString(folder.resolve(name), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private SecretClass overTls(String auth) {
    return at(auth).with("vaultAddress", fake().secureAddress().toString());
  }

  @Test
  void trustsAFileAFolderOrWhatTheClassHolds() throws IOException {
    String auth = stored();
    Path ca = file("ca.pem", fake().authority().pem());
    Path only = Files.createDirectory(folder.resolve("only"));
    Files.copy(ca, only.resolve("ca.pem"));

    assertThat(mount(overTls(auth).with("vaultCACertPath", ca.toString()).in("1"), OBJECT).files())
        .isEqualTo(FILES);
    assertThat(
            mount(overTls(auth).with("vaultCADirectory", only.toString()).in("2"), OBJECT).files())
        .isEqualTo(FILES);
    assertThat(
            mount(overTls(auth).with("vaultCACert", fake().authority().pem()).in("3"), OBJECT)
                .files())
        .isEqualTo(FILES);
    assertThat(mount(overTls(auth).with("vaultSkipTLSVerify", "true").in("4"), OBJECT).files())
        .isEqualTo(FILES);
    assertThat(
            mount(
                    overTls(auth)
                        .with("vaultCACertPath", ca.toString())
                        .with("vaultTLSServerName", "localhost")
                        .in("5"),
                    OBJECT)
                .files())
        .isEqualTo(FILES);
  }

  @Test
  void refusesAServerThatNobodyVouchesFor() {
    String auth = stored();
    Path ca = file("ca.pem", fake().authority().pem());
    Path none = file("none.pem", "no PEM at all");
    String address = fake().secureAddress().toString();

    mount(overTls(auth), OBJECT)
        .assertFailed(
            Reason.STORE_UNAVAILABLE,
            because(
                "\"%s\" can't be trusted: its certificate is not trusted; look at its certificate and at the CA that it is checked with"
                    .formatted(address)));
    mount(
            overTls(auth)
                .with("vaultCACertPath", ca.toString())
                .with("vaultTLSServerName", "other.example")
                .in("name"),
            OBJECT)
        .assertFailed(
            Reason.STORE_UNAVAILABLE,
            because(
                "\"%s\" can't be trusted: its certificate is not trusted; look at its certificate and at the CA that it is checked with"
                    .formatted(address)));
    assertThat(
            mount(overTls(auth).with("vaultCACertPath", none.toString()).in("none"), OBJECT)
                .failure()
                .reason())
        .isEqualTo(Reason.PRECONDITION);
    assertThat(fake().log().count(Call::isLogin)).isZero();
  }

  private String cert(FakeIdentity client, String name) {
    String auth = vault().auth("cert");
    vault()
        .root()
        .write(
            "auth/" + auth + "/certs/" + name,
            "certificate",
            client.certificatePem(),
            "token_policies",
            List.of(reads("secret/*")));
    return auth;
  }

  @Test
  void logsInWithACertificate() {
    stored();
    FakeIdentity client = fake().authority().client("node");
    String auth = cert(client, "web");
    SecretClass of =
        overTls(auth)
            .with("vaultCACert", fake().authority().pem())
            .with("authMethod", "cert")
            .with("vaultTLSClientCertPath", file("client.pem", client.certificatePem()).toString())
            .with("vaultTLSClientKeyPath", file("client.key", client.keyPem()).toString());

    assertThat(mount(of.without("roleName"), OBJECT).files()).isEqualTo(FILES);
    assertThat(mount(of.with("roleName", "web").in("named"), OBJECT).files()).isEqualTo(FILES);
    mount(of.with("roleName", "none").in("none"), OBJECT)
        .assertFailed(
            Reason.LOGIN_FAILED,
            because(
                "failed to login: Error making API request. URL: POST %s/v1/auth/%s/login Code: 400. Errors: * invalid certificate or no client certificate supplied; see whether auth mount \"%s\" takes the client certificate"
                    .formatted(fake().secureAddress(), auth, auth)));
  }

  @Test
  void versionsAreThoseOfTheOfficialProvider() {
    vault().root().write("secret/data/a", "data", Json.object("k", "hello"));
    Path key = file("key", "a".repeat(32));
    String auth = login("secret/*");
    String object = "{objectName: a, secretPath: secret/data/a, secretKey: k}";
    String whole = "{objectName: w, secretPath: secret/data/a}";
    var settings = MountNode.settings(TlsSettings.usual(), AllowedAddresses.any(), key);
    Map<String, String> first;
    try (MountNode node = MountNode.of(vault().tokens(), VaultDialect.VAULT, settings)) {
      first = node.mount(ORDERS, at(auth).objects(object, whole)).versions();
    }
    try (MountNode node = MountNode.of(vault().tokens(), VaultDialect.VAULT, settings)) {
      assertThat(node.mount(ORDERS, at(auth).objects(object, whole)).versions()).isEqualTo(first);
    }

    assertThat(first).containsEntry("a", "Avv3RHQVCCX7s62p00uhhsSsQj6fdlgFyDBdrX-pUSA=");
    file("key", "b".repeat(32));
    try (MountNode node =
        MountNode.of(
            vault().tokens(),
            VaultDialect.VAULT,
            MountNode.settings(TlsSettings.usual(), AllowedAddresses.any(), key))) {
      assertThat(node.mount(ORDERS, at(auth).objects(object, whole)).versions())
          .doesNotContainValue(first.getOrDefault("a", ""))
          .doesNotContainValue(first.getOrDefault("w", ""));
    }
  }
}
