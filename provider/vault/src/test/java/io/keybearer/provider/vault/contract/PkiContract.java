package io.keybearer.provider.vault.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.keybearer.provider.pem.DerWriter;
import io.keybearer.provider.vault.fake.VaultAnswer;
import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Certificates. */
interface PkiContract extends ServerUnderContract {

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
    return pki;
  }

  private String withRole(Object... role) {
    String pki = authority();
    vault().root().write(pki + "/roles/web", role);
    return pki;
  }

  private static List<X509Certificate> certificates(String pem) {
    try {
      Collection<? extends Certificate> all =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(
                  new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)));
      return all.stream().map(X509Certificate.class::cast).toList();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A request for a certificate (RFC 2986) that names nobody. */
  private static String request(KeyPair keys) throws GeneralSecurityException {
    byte[] content =
        DerWriter.sequence(
            DerWriter.integer(BigInteger.ZERO),
            DerWriter.sequence(),
            keys.getPublic().getEncoded(),
            DerWriter.element(0xa0));
    Signature signature = Signature.getInstance("SHA256withECDSA");
    signature.initSign(keys.getPrivate());
    signature.update(content);
    byte[] whole =
        DerWriter.sequence(
            content,
            DerWriter.sequence(DerWriter.objectIdentifier("1.2.840.10045.4.3.2")),
            DerWriter.bitString(signature.sign()));
    return "-----BEGIN CERTIFICATE REQUEST-----\n%s\n-----END CERTIFICATE REQUEST-----\n"
        .formatted(Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(whole));
  }

  @ParameterizedTest
  @CsvSource({"ec, 256, EC", "rsa, 2048, RSA"})
  default void issuesACertificateWithItsKey(String type, int bits, String heading)
      throws GeneralSecurityException {
    String pki =
        withRole("allow_any_name", true, "key_type", type, "key_bits", bits, "max_ttl", "72h");
    VaultAnswer answer =
        vault()
            .root()
            .post(
                pki + "/issue/web",
                "common_name",
                "a.example.com",
                "alt_names",
                "b.example.com",
                "ip_sans",
                "127.0.0.1",
                "ttl",
                "1h");

    assertThat(answer.text("lease_id") + answer.at("renewable") + answer.at("warnings"))
        .isEqualTo("falsenull");
    assertThat(answer.json().members("data").keySet())
        .containsExactly(
            "ca_chain",
            "certificate",
            "expiration",
            "issuing_ca",
            "not_before",
            "private_key",
            "private_key_type",
            "serial_number");
    X509Certificate ca = certificates(answer.text("data", "issuing_ca")).get(0);
    X509Certificate leaf = certificates(answer.text("data", "certificate")).get(0);
    leaf.verify(ca.getPublicKey());
    assertThat(leaf.getSubjectX500Principal().getName()).isEqualTo("CN=a.example.com");
    assertThat(leaf.getSubjectAlternativeNames().stream().map(name -> String.valueOf(name.get(1))))
        .containsExactlyInAnyOrder("a.example.com", "b.example.com", "127.0.0.1");
    assertThat(leaf.getExtendedKeyUsage())
        .containsExactly("1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2");
    assertThat(leaf.getBasicConstraints()).isEqualTo(-1);
    assertThat(answer.number("data", "expiration"))
        .isEqualTo(leaf.getNotAfter().toInstant().getEpochSecond());
    assertThat(answer.number("data", "expiration") - answer.number("data", "not_before"))
        // A second may begin while the key is made.
        .isBetween(3629L, 3630L);
    assertThat(answer.text("data", "private_key"))
        .startsWith("-----BEGIN " + heading + " PRIVATE KEY-----\n")
        .doesNotEndWith("\n");
    assertThat(answer.text("data", "private_key_type")).isEqualTo(type);
    assertThat(answer.text("data", "serial_number")).matches("([0-9a-f]{2}:){19}[0-9a-f]{2}");
    assertThat(answer.json().items("data", "ca_chain")).hasSize(1);
  }

  @Test
  default void givesKeysAndChainsInOtherForms() {
    String pki = withRole("allow_any_name", true, "key_type", "ec", "key_bits", 256);
    VaultAnswer bundle =
        vault()
            .root()
            .post(
                pki + "/issue/web",
                "common_name",
                "a.b",
                "ttl",
                "1h",
                "format",
                "pem_bundle",
                "private_key_format",
                "pkcs8");

    assertThat(bundle.text("data", "private_key")).startsWith("-----BEGIN PRIVATE KEY-----\n");
    assertThat(bundle.text("data", "certificate"))
        .startsWith("-----BEGIN EC PRIVATE KEY-----\n")
        .contains("\n-----END EC PRIVATE KEY-----\n-----BEGIN CERTIFICATE-----\n")
        .endsWith("\n-----END CERTIFICATE-----\n" + bundle.text("data", "issuing_ca"));
    assertThat(
            vault()
                .root()
                .post(pki + "/issuer/default/issue/web", "common_name", "a.b", "ttl", "1h")
                .status())
        .isEqualTo(200);
  }

  @Test
  default void signsARequestOfTheClients() throws GeneralSecurityException {
    String pki = withRole("allow_any_name", true, "key_type", "any");
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    KeyPair keys = generator.generateKeyPair();
    VaultAnswer signed =
        vault()
            .root()
            .post(pki + "/sign/web", "csr", request(keys), "common_name", "a.b", "ttl", "1h");

    assertThat(signed.json().members("data").keySet())
        .containsExactly(
            "ca_chain", "certificate", "expiration", "issuing_ca", "not_before", "serial_number");
    X509Certificate leaf = certificates(signed.text("data", "certificate")).get(0);
    assertThat(leaf.getPublicKey()).isEqualTo(keys.getPublic());
    leaf.verify(certificates(signed.text("data", "issuing_ca")).get(0).getPublicKey());
    assertThat(vault().root().post(pki + "/sign/web", "csr", "x", "common_name", "a.b").status())
        .isEqualTo(400);
  }

  @Test
  default void tellsItsOwnCertificateToAnybody() throws GeneralSecurityException {
    String pki = authority();
    VaultAnswer pem = vault().nobody().get(pki + "/ca/pem");
    VaultAnswer chain = vault().nobody().get(pki + "/ca_chain");
    VaultAnswer json = vault().nobody().get(pki + "/cert/ca_chain");

    assertThat(pem.header("Content-Type")).isEqualTo("application/pem-certificate-chain");
    assertThat(chain.header("Content-Type")).isEqualTo("application/pkix-cert");
    assertThat(pem.body())
        .startsWith("-----BEGIN CERTIFICATE-----\n")
        .endsWith("\n-----END CERTIFICATE-----");
    assertThat(chain.body()).isEqualTo(pem.body());
    assertThat(json.json().members("data").keySet())
        .containsExactly("ca_chain", "certificate", "revocation_time", "revocation_time_rfc3339");
    assertThat(json.text("data", "ca_chain")).isEqualTo(pem.body());
    X509Certificate ca = certificates(pem.body()).get(0);
    ca.verify(ca.getPublicKey());
    assertThat(ca.getBasicConstraints()).isPositive();
    assertThat(vault().nobody().post(pki + "/issue/web").status()).isEqualTo(403);
  }

  @Test
  default void leasesCertificatesWhereARoleWantsIt() {
    String pki =
        withRole(
            "allow_any_name",
            true,
            "key_type",
            "ec",
            "key_bits",
            256,
            "generate_lease",
            true,
            "ttl",
            "1h");
    VaultAnswer answer = vault().root().post(pki + "/issue/web", "common_name", "a.b");
    String lease = answer.text("lease_id");

    assertThat(lease).startsWith(pki + "/issue/web/");
    assertThat(answer.at("renewable")).isEqualTo("false");
    assertThat(answer.number("lease_duration")).isBetween(3590L, 3600L);
    assertThat(vault().root().post("sys/leases/renew", "lease_id", lease).shape())
        .isEqualTo("400 {\"errors\":[\"lease is not renewable\"]}");
    assertThat(vault().root().post("sys/leases/lookup", "lease_id", lease).at("data", "renewable"))
        .isEqualTo("false");
  }

  @Test
  default void refusesNamesThatARoleDoesNotAllow() {
    String pki =
        withRole(
            "allowed_domains",
            "example.com",
            "allow_subdomains",
            true,
            "key_type",
            "ec",
            "key_bits",
            256,
            "max_ttl",
            "72h");
    String issue = pki + "/issue/web";

    assertThat(vault().root().post(issue, "common_name", "a.example.com").status()).isEqualTo(200);
    assertThat(vault().root().post(issue, "common_name", "example.com").error())
        .isEqualTo("common name example.com not allowed by this role");
    assertThat(
            vault()
                .root()
                .post(issue, "common_name", "a.example.com", "alt_names", "b.test")
                .error())
        .isEqualTo("subject alternate name b.test not allowed by this role");
    assertThat(vault().root().post(issue).error())
        .isEqualTo(
            "the common_name field is required, or must be provided in a CSR with "
                + "\"use_csr_common_name\" set to true, unless \"require_cn\" is set to false");
    assertThat(vault().root().post(pki + "/issue/none", "common_name", "a").error())
        .isEqualTo("unknown role: none");
    assertThat(vault().root().get(issue).status()).isEqualTo(405);
    assertThat(
            vault()
                .root()
                .post(issue, "common_name", "a.example.com", "ttl", "100h")
                .at("warnings"))
        .isEqualTo(
            "[\"TTL \\\"100h0m0s\\\" is longer than permitted maxTTL \\\"72h0m0s\\\", so maxTTL "
                + "is being used\"]");
  }

  @Test
  default void issuesNothingThatOutlivesTheAuthority() {
    String pki =
        withRole("allow_any_name", true, "key_type", "ec", "key_bits", 256, "max_ttl", "760h");

    assertThat(vault().root().post(pki + "/issue/web", "common_name", "a.b", "ttl", "750h").error())
        .startsWith("cannot satisfy request, as TTL would result in notAfter of ");
  }
}
