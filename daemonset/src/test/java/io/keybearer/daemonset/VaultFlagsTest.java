package io.keybearer.daemonset;

import static org.assertj.core.api.Assertions.assertThat;

import io.keybearer.provider.http.TlsSettings;
import io.keybearer.provider.vault.VaultDialect;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class VaultFlagsTest {

  private final Map<String, String> environment = new HashMap<>();

  private VaultFlags read(VaultDialect dialect, String... words) {
    SettingsReader reader = new SettingsReader(List.of(words), environment);
    VaultFlags flags = VaultFlags.read(reader, dialect);
    assertThat(reader.faults()).isEmpty();
    return flags;
  }

  @Test
  void hasTheseDefaults() {
    assertThat(read(VaultDialect.OPENBAO))
        .isEqualTo(
            new VaultFlags(
                "openbao",
                "",
                "kubernetes",
                "",
                TlsSettings.usual(),
                Path.of("/etc/keybearer/hmac/openbao/key"),
                false));
  }

  @Test
  void takesEveryFlagUnderItsOfficialNameWithOneDash() {
    assertThat(
            read(
                VaultDialect.VAULT,
                "-vault-addr=https://vault:8200",
                "-vault-mount=k8s",
                "-vault-namespace=ns",
                "-vault-tls-ca-cert=/ca",
                "-vault-tls-ca-directory=/cas",
                "-vault-tls-server-name=name",
                "-vault-tls-client-cert=/c",
                "-vault-tls-client-key=/k",
                "-vault-tls-skip-verify",
                "-vault-hmac-key-file=/hmac",
                "-vault-cert-login"))
        .isEqualTo(
            new VaultFlags(
                "vault",
                "https://vault:8200",
                "k8s",
                "ns",
                TlsSettings.usual()
                    .withCaFile("/ca")
                    .withServerName("name")
                    .withClientCertificate("/c", "/k")
                    .withoutVerifying(),
                Path.of("/hmac"),
                true));
  }

  @Test
  void readsTheVariablesOfTheClientLibrary() {
    environment.putAll(
        Map.of(
            "VAULT_ADDR", "https://a",
            "VAULT_NAMESPACE", "ns",
            "VAULT_CACERT_BYTES", "PEM",
            "VAULT_CAPATH", "/cas",
            "VAULT_TLS_SERVER_NAME", "name",
            "VAULT_CLIENT_CERT", "/c",
            "VAULT_CLIENT_KEY", "/k",
            "VAULT_SKIP_VERIFY", "1"));
    VaultFlags flags = read(VaultDialect.VAULT);
    assertThat(flags.addresses()).isEqualTo("https://a");
    assertThat(flags.namespace()).isEqualTo("ns");
    assertThat(flags.tls())
        .isEqualTo(
            TlsSettings.usual()
                .withCaPem("PEM")
                .withServerName("name")
                .withClientCertificate("/c", "/k")
                .withoutVerifying());
    environment.put("VAULT_AGENT_ADDR", "unix:///agent");
    assertThat(read(VaultDialect.VAULT).addresses()).isEqualTo("unix:///agent");
    assertThat(read(VaultDialect.VAULT, "-vault-addr=https://b").addresses())
        .isEqualTo("https://b");
  }

  @Test
  void prefersOpenBaosVariablesEvenIfTheyAreEmpty() {
    environment.put("VAULT_ADDR", "https://vault");
    assertThat(read(VaultDialect.OPENBAO).addresses()).isEqualTo("https://vault");
    environment.put("BAO_ADDR", "");
    assertThat(read(VaultDialect.OPENBAO).addresses()).isEmpty();
    assertThat(read(VaultDialect.VAULT).addresses()).isEqualTo("https://vault");
  }

  @Test
  void needsBothFilesOfAClientCertificate() {
    SettingsReader reader = new SettingsReader(List.of("-vault-tls-client-cert=/c"), Map.of());
    VaultFlags.read(reader, VaultDialect.VAULT);
    assertThat(reader.faults())
        .containsExactly(
            "--vault-tls-client-cert: both client cert and client key must be provided");
  }
}
