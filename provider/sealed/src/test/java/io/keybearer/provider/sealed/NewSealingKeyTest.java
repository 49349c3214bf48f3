package io.keybearer.provider.sealed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keybearer.provider.Deadline;
import io.keybearer.provider.SecretBytes;
import io.keybearer.provider.pem.PemBlock;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NewSealingKeyTest {

  private static final Instant NOW = Instant.parse("2026-11-27T10:11:12.345Z");
  private static final NewSealingKey KEY = NewSealingKey.make(2048, NOW);

  @TempDir Path folder;

  private final TurnedTicker ticker = new TurnedTicker();

  @Test
  void sealsWithItsCertificateAndOpensWithItsKey() throws Exception {
    KEY.writeTo(folder);
    String pem = Files.readString(folder.resolve("tls.crt"));
    SecretBytes value = SecretBytes.copyOf(new byte[] {0, 1, 2});

    String data = ValueSealer.toCertificate(pem, NOW).seal("prod", value);

    assertThat(
            new Unsealer(folder, ticker)
                .open(
                    new SealedRef("prod", Ciphertext.parse(data)),
                    Deadline.after(Duration.ofMinutes(1), ticker)))
        .isEqualTo(value);
  }

  @Test
  void isAKeyOfItsFolderFromTheMomentItWasMade() throws Exception {
    KEY.writeTo(Files.createDirectory(folder.resolve("new")));

    KeyFolder.Contents contents = new KeyFolder(folder).read();

    assertThat(contents.keys())
        .extracting(SealingKey::since)
        .containsExactly(Instant.parse("2026-11-27T10:11:12Z"));
    assertThat(contents.faults()).isEmpty();
  }

  @Test
  void has4096BitsInAFolderOfItsOwn() throws Exception {
    Path own = folder.resolve("new/key");

    NewSealingKey key = NewSealingKey.makeIn(own, NOW);

    assertThat(key.until()).isEqualTo(Instant.parse("2036-11-27T10:11:12Z"));
    assertThat(new KeyFolder(own).read().keys())
        .extracting(SealingKey::length)
        .containsExactly(512);
    assertThat(mode(folder.resolve("new"))).isEqualTo("rwx------");
    assertThat(mode(own)).isEqualTo("rwx------");
  }

  @Test
  void hasACertificateThatTheJdkTakes() throws Exception {
    KEY.writeTo(folder);

    X509Certificate certificate = certificate(folder.resolve("tls.crt"));

    certificate.verify(certificate.getPublicKey());
    certificate.checkValidity(Date.from(NOW));
    assertThat(certificate.getVersion()).isEqualTo(3);
    assertThat(certificate.getSerialNumber()).isGreaterThan(BigInteger.ZERO);
    assertThat(certificate.getSubjectX500Principal().getName()).isEqualTo("CN=keybearer");
    assertThat(certificate.getIssuerX500Principal().getName()).isEqualTo("CN=keybearer");
    assertThat(certificate.getBasicConstraints()).isEqualTo(-1);
    // Bit 2 of RFC 5280, section 4.2.1.3: it encrypts keys, and nothing else.
    assertThat(certificate.getKeyUsage())
        .containsExactly(false, false, true, false, false, false, false, false, false);
    assertThat(certificate.getCriticalExtensionOIDs())
        .containsExactlyInAnyOrder("2.5.29.15", "2.5.29.19");
    assertThat(((RSAPublicKey) certificate.getPublicKey()).getModulus().bitLength())
        .isEqualTo(2048);
  }

  @ParameterizedTest
  @CsvSource({
    "2026-11-27T10:11:12.345Z, 2036-11-27T10:11:12Z",
    "2028-02-29T00:00:00Z, 2038-02-28T00:00:00Z",
    // Where RFC 5280 changes the form of times.
    "2045-06-07T08:09:10Z, 2055-06-07T08:09:10Z"
  })
  void isValidForTenYears(Instant made, Instant end) throws Exception {
    NewSealingKey key = NewSealingKey.make(1024, made);
    key.writeTo(folder);

    assertThat(key.until()).isEqualTo(end);
    assertThat(certificate(folder.resolve("tls.crt")).getNotAfter()).isEqualTo(Date.from(end));
  }

  @Test
  void writesPkcs1AsTheControllerDoes() throws Exception {
    KEY.writeTo(folder);

    assertThat(Files.readString(folder.resolve("tls.key")))
        .startsWith("-----BEGIN RSA PRIVATE KEY-----\nMII")
        .endsWith("\n-----END RSA PRIVATE KEY-----\n");
    assertThat(PemBlock.parse(Files.readString(folder.resolve("tls.crt"))))
        .extracting(PemBlock::type)
        .containsExactly("CERTIFICATE");
  }

  @Test
  void hidesTheKeyFromOthersAndShowsTheCertificate() throws Exception {
    // What the umask of this process leaves of a mode.
    Path open = folder.resolve("open");
    Files.createFile(
        open, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r--r--")));

    KEY.writeTo(folder);

    assertThat(mode(folder.resolve("tls.key"))).isEqualTo("rw-------");
    assertThat(mode(folder.resolve("tls.crt"))).isEqualTo(mode(open));
  }

  @ParameterizedTest
  @ValueSource(strings = {"tls.key", "tls.crt"})
  void overwritesNothingAndLeavesNothing(String file) throws Exception {
    Files.writeString(folder.resolve(file), "mine");

    for (ThrowingCallable call : writings()) {
      assertThatThrownBy(call)
          .isInstanceOf(FileAlreadyExistsException.class)
          .hasMessage(folder.resolve(file).toString());
    }

    assertThat(folder.toFile().list()).containsExactly(file);
    assertThat(folder.resolve(file)).hasContent("mine");
  }

  /** A link to nowhere is not there for who asks whether the file exists. */
  @Test
  void writesThroughNoLink() throws Exception {
    Files.createSymbolicLink(folder.resolve("tls.key"), folder.resolve("elsewhere"));

    for (ThrowingCallable call : writings()) {
      assertThatThrownBy(call).isInstanceOf(FileAlreadyExistsException.class);
    }

    assertThat(folder.resolve("elsewhere")).doesNotExist();
  }

  @Test
  void failsWhereAFileStandsInTheWayOfTheFolder() throws Exception {
    Files.writeString(folder.resolve("file"), "mine");

    assertThatThrownBy(() -> NewSealingKey.makeIn(folder.resolve("file"), NOW))
        .isInstanceOf(FileAlreadyExistsException.class);
    assertThatThrownBy(() -> NewSealingKey.makeIn(folder.resolve("file/below"), NOW))
        .isInstanceOf(FileSystemException.class);
  }

  /** Before the key is made, and where a file comes while it is. */
  private List<ThrowingCallable> writings() {
    return List.of(() -> NewSealingKey.makeIn(folder, NOW), () -> KEY.writeTo(folder));
  }

  private static String mode(Path file) throws Exception {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }

  private static X509Certificate certificate(Path file) throws Exception {
    try (InputStream pem = Files.newInputStream(file)) {
      return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(pem);
    }
  }
}
