package io.keybearer.provider.sealed;

import static io.keybearer.provider.sealed.Failures.assertFails;
import static org.assertj.core.api.Assertions.assertThat;

import io.keybearer.provider.Deadline;
import io.keybearer.provider.MountFailure;
import io.keybearer.provider.Reason;
import io.keybearer.provider.SecretBytes;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ValueSealerTest {

  private static final Instant NOW = Instant.parse("2026-11-27T00:00:00Z");
  private static final String REMEDY =
      "; take the controller's (kubeseal --fetch-cert), or the tls.crt of a key pair of your own";

  @TempDir Path folder;

  private final TurnedTicker ticker = new TurnedTicker();

  @ParameterizedTest
  @EnumSource
  void whatItSealsOpensUnderTheLabelOfItsScope(SealScope scope) throws Exception {
    KeySecret.put(folder, "small");
    String label = scope.label("prod", "orders-db");

    String data = toCertificate("small").seal(label, bytes("päss\nwörd"));

    assertThat(open(label, data)).isEqualTo(bytes("päss\nwörd"));
  }

  @ParameterizedTest
  @CsvSource({
    "STRICT, prod/other",
    "STRICT, test/orders-db",
    "STRICT, prod",
    "NAMESPACE_WIDE, test",
    "NAMESPACE_WIDE, prod/orders-db",
    "CLUSTER_WIDE, prod"
  })
  void whatItSealsOpensUnderNoOtherLabel(SealScope scope, String label) throws Exception {
    KeySecret.put(folder, "small");

    String data = toCertificate("small").seal(scope.label("prod", "orders-db"), bytes("x"));

    assertFails(
        () -> open(label, data),
        Reason.PRECONDITION,
        "no sealing key opens it (1 tried); seal it for exactly this scope, namespace and name, or"
            + " bring back the key it was sealed with");
  }

  @ParameterizedTest
  @ValueSource(strings = {"newest", "middle", "oldest", "small"})
  void takesEachCertificateOfAController(String name) throws Exception {
    KeySecret.put(folder, name);

    assertThat(open("prod", toCertificate(name).seal("prod", bytes("x")))).isEqualTo(bytes("x"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"newest", "newest-pkcs8", "small"})
  void takesTheKeyOfAFolder(String name) throws Exception {
    KeySecret.copy("keys/" + name + ".key", folder.resolve("tls.key"));

    ValueSealer sealer = ValueSealer.toNewestKey(folder);

    assertThat(open("prod", sealer.seal("prod", bytes("x")))).isEqualTo(bytes("x"));
    assertThat(sealer.unused()).isEmpty();
  }

  @Test
  void takesTheNewestKeyOfAFolder() throws Exception {
    KeySecret.put(folder.resolve("a"), "oldest");
    KeySecret.put(folder.resolve("b"), "newest");
    KeySecret.put(folder.resolve("c"), "middle");

    String data = ValueSealer.toNewestKey(folder).seal("prod", bytes("x"));

    KeySecret.remove(folder.resolve("a"));
    KeySecret.remove(folder.resolve("c"));
    assertThat(open("prod", data)).isEqualTo(bytes("x"));
  }

  @Test
  void tellsWhatOfAFolderItDoesNotUse() throws Exception {
    KeySecret.put(folder.resolve("a"), "small");
    KeySecret.copy("keys/newest.crt", folder.resolve("newest.crt"));

    assertThat(ValueSealer.toNewestKey(folder).unused())
        .isEqualTo(" (newest.crt is a certificate without its key)");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 1024 * 1024})
  void sealsAnyLength(int length) throws Exception {
    KeySecret.put(folder, "small");
    byte[] value = new byte[length];
    Arrays.fill(value, (byte) 0xff);

    String data = toCertificate("small").seal("", SecretBytes.copyOf(value));

    assertThat(Base64.getDecoder().decode(data)).hasSize(2 + 256 + length + 16);
    assertThat(open("", data)).isEqualTo(SecretBytes.copyOf(value));
  }

  @Test
  void sealsEqualValuesDifferently() throws Exception {
    ValueSealer sealer = toCertificate("small");

    assertThat(sealer.seal("prod", bytes("x"))).isNotEqualTo(sealer.seal("prod", bytes("x")));
  }

  @Property(tries = 200)
  void anyBytesOpenToTheSameBytes(@ForAll byte[] value, @ForAll String label) throws Exception {
    Path keys = Files.createTempDirectory("keys");
    try {
      KeySecret.put(keys, "small");
      String data = toCertificate("small").seal(label, SecretBytes.copyOf(value));

      assertThat(open(keys, label, data)).isEqualTo(SecretBytes.copyOf(value));
    } finally {
      KeySecret.remove(keys);
      Files.delete(keys);
    }
  }

  @Test
  void takesTheFirstOfSeveralCertificates() throws Exception {
    KeySecret.put(folder, "small");
    String chain = Golden.text("keys/small.crt") + Golden.text("keys/newest.crt");

    assertThat(open("", ValueSealer.toCertificate(chain, NOW).seal("", bytes("x"))))
        .isEqualTo(bytes("x"));
  }

  @Test
  void takesACertificateInItsLastSecondAndNotBehindIt() throws Exception {
    String pem = Golden.text("keys/small.crt");
    Instant end = Instant.parse("2036-01-15T00:00:00Z");

    assertThat(ValueSealer.toCertificate(pem, end).unused()).isEmpty();
    assertFails(
        () -> ValueSealer.toCertificate(pem, end.plusNanos(1)),
        Reason.PRECONDITION,
        "the certificate expired on 2036-01-15" + REMEDY);
  }

  @ParameterizedTest
  @ValueSource(strings = {"misfits/ec.crt", "cut"})
  void refusesWhatIsNoCertificateOfAnRsaKey(String file) {
    String pem =
        file.equals("cut")
            ? Golden.text("keys/small.crt").replace("\nMII", "\n")
            : Golden.text("../" + file);

    assertFails(
        () -> ValueSealer.toCertificate(pem, NOW),
        Reason.INVALID_PARAMETERS,
        "this is not a certificate of an RSA key" + REMEDY);
  }

  @ParameterizedTest
  @CsvSource({
    "golden.tsv, there is no certificate",
    "../misfits/public.pem, there is no certificate",
    "keys/small.key, 'this is a private key, not a certificate'"
  })
  void refusesWhatHoldsNoCertificate(String file, String problem) {
    assertFails(
        () -> ValueSealer.toCertificate(Golden.text(file), NOW),
        Reason.INVALID_PARAMETERS,
        problem + REMEDY);
  }

  @Test
  void refusesAShortKey() throws Exception {
    NewSealingKey.make(1024, NOW).writeTo(folder);
    String pem = Files.readString(folder.resolve("tls.crt"));
    String told = "the key has 1024 bits, and sealing takes 2048 or more; seal with a newer key";

    assertFails(() -> ValueSealer.toCertificate(pem, NOW), Reason.INVALID_PARAMETERS, told);
    assertFails(() -> ValueSealer.toNewestKey(folder), Reason.INVALID_PARAMETERS, told);
  }

  @Test
  void refusesAFolderWithoutAKey() throws Exception {
    KeySecret.copy("keys/newest.crt", folder.resolve("tls.crt"));

    assertFails(
        () -> ValueSealer.toNewestKey(folder),
        Reason.PRECONDITION,
        "no sealing key in \""
            + folder
            + "\" (tls.crt is a certificate without its key); name a certificate (--cert) or another"
            + " folder (--sealed-key-dir)");
  }

  @Test
  void refusesAFolderThatIsNotThere() {
    assertFails(
        () -> ValueSealer.toNewestKey(Path.of("/no/such")),
        Reason.PRECONDITION,
        "no sealing key in \"/no/such\" (it can't be listed); name a certificate (--cert) or another"
            + " folder (--sealed-key-dir)");
  }

  @Property
  void anyTextAsCertificateIsRefusedOrUsed(@ForAll String text, @ForAll boolean framed) {
    String pem =
        framed ? "-----BEGIN CERTIFICATE-----\n" + text + "\n-----END CERTIFICATE-----\n" : text;
    assertRefusedOrUsed(pem);
  }

  @Property
  void aDamagedCertificateIsRefusedOrUsed(
      @ForAll @IntRange(max = 1000) int position, @ForAll byte value) {
    byte[] der = Base64.getMimeDecoder().decode(body(Golden.text("keys/small.crt")));
    der[position % der.length] = value;
    assertRefusedOrUsed(
        "-----BEGIN CERTIFICATE-----\n"
            + Base64.getEncoder().encodeToString(der)
            + "\n-----END CERTIFICATE-----\n");
  }

  /** In its time or out of it: a damaged byte may change when it ends. */
  private static void assertRefusedOrUsed(String pem) {
    try {
      assertThat(ValueSealer.toCertificate(pem, NOW).seal("", bytes("x"))).isNotEmpty();
    } catch (MountFailure failure) {
      assertThat(failure.reason()).isIn(List.of(Reason.INVALID_PARAMETERS, Reason.PRECONDITION));
    }
  }

  private static String body(String pem) {
    return pem.replaceAll("-----[A-Z ]+-----", "");
  }

  private static ValueSealer toCertificate(String name) throws MountFailure {
    return ValueSealer.toCertificate(Golden.text("keys/" + name + ".crt"), NOW);
  }

  private SecretBytes open(String label, String data) throws Exception {
    return open(folder, label, data);
  }

  private SecretBytes open(Path keys, String label, String data) throws Exception {
    return new Unsealer(keys, ticker)
        .open(
            new SealedRef(label, Ciphertext.parse(data)),
            Deadline.after(Duration.ofMinutes(1), ticker));
  }

  private static SecretBytes bytes(String text) {
    return SecretBytes.copyOf(text.getBytes(StandardCharsets.UTF_8));
  }
}
