package io.keybearer.provider.vault.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.keybearer.provider.Reason;
import io.keybearer.provider.fake.Json;
import io.keybearer.provider.mounting.Mounted;
import io.keybearer.provider.text.JsonNode;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Mounts of what the server makes for a pod: users of databases, certificates. */
interface MintedMounts extends MountUnderContract {

  private String authority() {
    String pki = vault().mount("pki");
    vault()
        .root()
        .write(
            pki + "/root/generate/internal",
            "common_name",
            "contract CA",
            "ttl",
            "700h",
            "key_type",
            "ec");
    vault()
        .root()
        .write(
            pki + "/roles/web",
            "allowed_domains",
            "example.com",
            "allow_subdomains",
            true,
            "key_type",
            "ec",
            "key_bits",
            256,
            "ttl",
            "1h");
    return pki;
  }

  private static X509Certificate certificate(String pem) throws GeneralSecurityException {
    return (X509Certificate)
        CertificateFactory.getInstance("X.509")
            .generateCertificate(new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)));
  }

  private int leases(String database) {
    return vault()
        .root()
        .list("sys/leases/lookup/" + database + "/creds/app")
        .json()
        .items("data", "keys")
        .size();
  }

  @Test
  default void issuesCertificatesWithArguments() throws GeneralSecurityException {
    String pki = authority();
    String path = "secretPath: %s/issue/web, method: PUT".formatted(pki);

    Mounted mounted =
        mount(
            at(login(pki + "/*")),
            "{objectName: certs, %s, secretArgs: {common_name: test.example.com, ttl: 24h}}"
                .formatted(path),
            "{objectName: other, %s, secretArgs: {common_name: other.example.com}, secretKey: certificate}"
                .formatted(path),
            "{objectName: key, %s, secretArgs: {common_name: other.example.com}, secretKey: private_key}"
                .formatted(path),
            "{objectName: bundle, %s, secretArgs: {common_name: other.example.com}, format: pem}"
                .formatted(path));

    JsonNode whole = Json.read(mounted.file("certs")).orElseThrow();
    assertThat(certificate(whole.text("data", "certificate")).getSubjectX500Principal().getName())
        .isEqualTo("CN=test.example.com");
    assertThat(certificate(whole.text("data", "issuing_ca")).getSubjectX500Principal().getName())
        .isEqualTo("CN=contract CA");
    assertThat(certificate(mounted.file("other")).getSubjectX500Principal().getName())
        .isEqualTo("CN=other.example.com");
    assertThat(mounted.file("bundle"))
        .contains(mounted.file("key").strip(), mounted.file("other").strip());
    assertThat(
            mount(at(login(pki + "/*")), "{objectName: a, secretPath: %s/ca/pem}".formatted(pki))
                .file("a"))
        .isEqualTo(vault().nobody().get(pki + "/ca/pem").body());
  }

  @Test
  default void takesNoKeyOutOfWhatIsNoJson() {
    String pki = authority();

    mount(
            at(login(pki + "/*")),
            "{objectName: a, secretPath: %s/ca/pem, secretKey: certificate}".formatted(pki))
        .assertFailed(
            Reason.STORE_UNAVAILABLE,
            "vault: error making mount request: couldn't read secret \"a\": invalid character '-' in numeric"
                + " literal; see whether the address and the path are the right ones");
  }

  @Test
  default void issuesNoCertificateAnewWhileOneIsGood() {
    String pki = authority();
    SecretClass of = at(login(pki + "/*")).with("refreshInterval", "0");
    String object =
        "{objectName: certs, secretPath: %s/issue/web, method: PUT, secretArgs: {common_name: a.example.com}}"
            .formatted(pki);

    Mounted first = mount(of, object);
    Mounted second = mount(of, object);

    assertThat(second.files()).isEqualTo(first.files());
    assertThat(second.versions()).isEqualTo(first.versions());
  }

  @Test
  default void aUsersNameAndPasswordAreOfOneRead() {
    String database = vault().database("1h", "2h");
    String kv = versioned();
    String pki = authority();
    vault().root().write(kv + "/data/a", "data", Json.object("a", "1"));
    SecretClass of = at(login(database + "/*", kv + "/*", pki + "/*")).with("refreshInterval", "0");
    String[] objects = {
      "{objectName: dbUsername, secretPath: %s/creds/app, secretKey: username}".formatted(database),
      "{objectName: dbPassword, secretPath: %s/creds/app, secretKey: password}".formatted(database),
      "{objectName: kv, secretPath: %s/data/a, secretKey: a}".formatted(kv),
      "{objectName: certs, secretPath: %s/issue/web, method: PUT, secretArgs: {common_name: a.example.com}}"
          .formatted(pki)
    };

    Mounted first = mount(of, objects);
    Mounted second = mount(of, objects);

    assertThat(first.files()).containsOnlyKeys("dbUsername", "dbPassword", "kv", "certs");
    assertThat(second.files()).isEqualTo(first.files());
    assertThat(leases(database)).isEqualTo(1);
  }

  @Test
  default void whatEndsByItselfIsOneMountsOwn() {
    String database = vault().database("1h", "2h");
    SecretClass of = at(login(database + "/*"));
    String object =
        "{objectName: user, secretPath: %s/creds/app, secretKey: username}".formatted(database);

    Mounted first = mount(of, object);
    Mounted second = mount(of.in("other"), object);

    assertThat(second.file("user")).isNotEqualTo(first.file("user"));
    assertThat(leases(database)).isEqualTo(2);
  }

  @Test
  default void aRequestThatAnswersNothingIsNoSecret() {
    String kv = vault().mount("kv");

    mount(
            at(login(kv + "/*")),
            "{objectName: a, secretPath: %s/a, method: PUT, secretArgs: {bar: true, baz: 10, zap: a string}}"
                .formatted(kv))
        .assertFailed(
            Reason.NOT_FOUND,
            "vault: error making mount request: couldn't read secret \"a\": empty response from \"%s/a\", warnings: [];"
                    .formatted(kv)
                + " see whether something is stored at that path");
    assertThat(vault().root().get(kv + "/a").at("data"))
        .isEqualTo("{\"bar\":true,\"baz\":10,\"zap\":\"a string\"}");
  }

  @Test
  default void readsAStaticUser() {
    String database = vault().database("1h", "2h");
    vault()
        .root()
        .write(
            database + "/static-roles/other",
            "db_name",
            "db",
            "username",
            "app",
            "rotation_period",
            "1h",
            "rotation_statements",
            "SET PASSWORD FOR \"{{username}}\" = '{{password}}'");

    Mounted mounted =
        mount(
            at(login(database + "/*")),
            "{objectName: user, secretPath: %s/static-creds/other, secretKey: username}"
                .formatted(database),
            "{objectName: password, secretPath: %s/static-creds/other, secretKey: password}"
                .formatted(database));

    assertThat(mounted.files())
        .isEqualTo(
            Map.of(
                "user",
                "app",
                "password",
                vault().root().get(database + "/static-creds/other").text("data", "password")));
  }
}
