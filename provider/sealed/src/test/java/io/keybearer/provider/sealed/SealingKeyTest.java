package io.keybearer.provider.sealed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keybearer.provider.pem.PemBlock;
import io.keybearer.provider.sealed.SealingKey.Certificate;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.MGF1ParameterSpec;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.BadPaddingException;
import javax.crypto.Cipher;
import javax.crypto.spec.OAEPParameterSpec;
import javax.crypto.spec.PSource;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SealingKeyTest {

  private static final ByteBuffer SMALL_CERTIFICATE = Golden.der("keys/small.crt");
  private static final ByteBuffer SMALL_KEY = Golden.der("keys/small.key");

  @ParameterizedTest
  @CsvSource({
    "newest, 2026-03-01T00:00:00Z",
    "middle, 2026-02-01T00:00:00Z",
    "small, 2026-01-15T00:00:00Z",
    "oldest, 2026-01-01T00:00:00Z"
  })
  void aCertificateTellsTheAgeOfItsKey(String name, Instant notBefore)
      throws GeneralSecurityException {
    assertThat(Certificate.parse(Golden.der("keys/" + name + ".crt")))
        .isEqualTo(
            new Certificate(
                Golden.key(name).getModulus(),
                BigInteger.valueOf(65_537),
                notBefore,
                notBefore.atOffset(ZoneOffset.UTC).plusYears(10).toInstant()));
  }

  @ParameterizedTest
  @CsvSource({
    "170d3439303130323033303430355a, 2049-01-02T03:04:05Z",
    "170d3530303130323033303430355a, 1950-01-02T03:04:05Z",
    "180f32303530303130323033303430355a, 2050-01-02T03:04:05Z"
  })
  void readsBothFormsOfTime(String time, Instant moment) {
    String beginning = "a003020102" + "0201013000" + "3000";

    assertThat(Certificate.parse(certificate(beginning, time + UTC, "03")).notBefore())
        .isEqualTo(moment);
    assertThat(Certificate.parse(certificate(beginning, UTC + time, "03")).notAfter())
        .isEqualTo(moment);
  }

  @Test
  void readsACertificateOfVersionOne() {
    Certificate certificate =
        Certificate.parse(certificate("0201013000" + "3000", UTC + UTC, "07"));

    assertThat(certificate.modulus()).isEqualTo(7);
    assertThat(certificate.exponent()).isEqualTo(5);
  }

  private static final String UTC = "170d3439303130323033303430355a";

  /** The algorithm of an RSA key. */
  private static final String RSA = "300d06092a864886f70d0101010500";

  @ParameterizedTest
  @ValueSource(strings = {"1700", "1704aabbccdd", "170d3439313330323033303430355a", "1800"})
  void refusesAJunkTime(String time) {
    for (String validity : List.of(time + UTC, UTC + time)) {
      ByteBuffer der = certificate("0201013000" + "3000", validity, "07");

      assertThatThrownBy(() -> Certificate.parse(der)).isInstanceOf(DateTimeException.class);
    }
  }

  @Test
  void refusesACertificateOfAnotherKindOfKey() {
    // RSA for signatures alone.
    String pss = sequence("06092a864886f70d01010a");
    String info = sequence(pss + element("03", "00" + sequence("020107" + "020105")));

    assertThatThrownBy(
            () -> Certificate.parse(certificateOf("0201013000" + "3000", UTC + UTC, info)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a certificate of another kind of key");
  }

  /** Neither was IllegalArgumentException: one such certificate hid all good keys. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        // Nothing inside, no time, no public key.
        "30023000",
        "300d300b" + "020101" + "3000" + "3000" + "3000",
        "3013301102010130003000" + "3002" + "1700" + "3000" + "3000"
      })
  void refusesACertificateThatIsHollow(String hex) {
    assertThatThrownBy(() -> Certificate.parse(ByteBuffer.wrap(HexFormat.of().parseHex(hex))))
        .isInstanceOfAny(IllegalArgumentException.class, DateTimeException.class);
  }

  @Test
  void refusesACertificateWithAnEmptyPublicKey() {
    String info = sequence(RSA + "0300");

    assertThatThrownBy(
            () -> Certificate.parse(certificateOf("0201013000" + "3000", UTC + UTC, info)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("DER ends too early");
  }

  @Property
  void anyBytesAreACertificateOrRefused(@ForAll byte[] bytes) {
    assertParsesOrRefuses(ByteBuffer.wrap(bytes));
  }

  @Property
  void aDamagedCertificateParsesOrIsRefused(
      @ForAll @IntRange(max = 760) int position, @ForAll byte value) {
    byte[] damaged = copy(SMALL_CERTIFICATE);
    damaged[position % damaged.length] = value;

    assertParsesOrRefuses(ByteBuffer.wrap(damaged));
  }

  @Test
  void aCertificateThatWasCutOffParsesOrIsRefused() {
    byte[] whole = copy(SMALL_CERTIFICATE);
    for (int length = 0; length < whole.length; length++) {
      ByteBuffer cut = ByteBuffer.wrap(whole, 0, length).slice();

      assertThatThrownBy(() -> Certificate.parse(cut))
          .as("the first %d bytes", length)
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  private static void assertParsesOrRefuses(ByteBuffer der) {
    try {
      assertThat(Certificate.parse(der).modulus()).isNotNull();
    } catch (IllegalArgumentException | DateTimeException e) {
      assertThat(e).isNotNull();
    }
  }

  @Test
  void readsPkcs1AndPkcs8Alike() throws GeneralSecurityException {
    assertThat(Golden.key("newest-pkcs8")).isEqualTo(Golden.key("newest"));
  }

  @ParameterizedTest
  @CsvSource({"newest, 512", "small, 256"})
  void knowsHowLongItsCiphertextsAre(String name, int length) throws GeneralSecurityException {
    assertThat(new SealingKey(Golden.key(name), Instant.EPOCH).length()).isEqualTo(length);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ec-sec1", "ec-pkcs8", "encrypted-pkcs1", "encrypted-pkcs8", "short"})
  void refusesWhatIsNoUsableRsaKey(String name) {
    PemBlock block = PemBlock.parse(Golden.text("../misfits/" + name + ".pem")).get(0);

    assertThatThrownBy(() -> SealingKey.privateKey(block))
        .isInstanceOfAny(GeneralSecurityException.class, IllegalArgumentException.class);
  }

  @Property
  void anyBytesAreAKeyOrRefused(@ForAll byte[] bytes, @ForAll boolean pkcs1) {
    assertThatThrownBy(() -> SealingKey.privateKey(keyBlock(bytes, pkcs1)))
        .isInstanceOfAny(GeneralSecurityException.class, IllegalArgumentException.class);
  }

  /**
   * A key whose numbers were damaged broke the opening of every value, with ArithmeticException.
   */
  @Property(tries = 300)
  void aDamagedKeyIsRefusedOrOpensNothing(
      @ForAll @IntRange(max = 1190) int position, @ForAll byte value) throws IOException {
    byte[] damaged = copy(SMALL_KEY);
    damaged[position % damaged.length] = value;
    assertRefusedOrHarmless(damaged);
  }

  @Test
  void aKeyWithANumberTurnedNegativeIsRefusedOrOpensNothing() {
    byte[] whole = copy(SMALL_KEY);
    for (int i = 0; i < whole.length; i++) {
      if (whole[i] == 0) {
        byte[] damaged = whole.clone();
        damaged[i] = (byte) 0x80;
        assertRefusedOrHarmless(damaged);
      }
    }
  }

  private static void assertRefusedOrHarmless(byte[] der) {
    try {
      RSAPrivateCrtKey key = SealingKey.privateKey(keyBlock(der, true));
      Cipher rsa = Cipher.getInstance("RSA/ECB/OAEPPadding");
      rsa.init(
          Cipher.DECRYPT_MODE,
          key,
          new OAEPParameterSpec(
              "SHA-256", "MGF1", MGF1ParameterSpec.SHA256, PSource.PSpecified.DEFAULT));
      int length = new SealingKey(key, Instant.EPOCH).length();
      byte[] sealed = new byte[length];
      Arrays.fill(sealed, 1, length, (byte) 7);
      assertThatThrownBy(() -> rsa.doFinal(sealed)).isInstanceOf(BadPaddingException.class);
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      assertThat(e).isNotNull();
    }
  }

  @Test
  void printsItsAgeOnly() throws GeneralSecurityException {
    assertThat(new SealingKey(Golden.key("small"), Instant.EPOCH))
        .hasToString("SealingKey[since 1970-01-01T00:00:00Z]");
  }

  private static PemBlock keyBlock(byte[] der, boolean pkcs1) {
    return new PemBlock(pkcs1 ? "RSA PRIVATE KEY" : "PRIVATE KEY", ByteBuffer.wrap(der));
  }

  /** A certificate, as far as it is read, of a public key with this number. */
  private static ByteBuffer certificate(String beginning, String validity, String modulus) {
    String publicKey = "00" + sequence("0201" + modulus + "020105");
    String info = sequence(RSA + element("03", publicKey));
    return certificateOf(beginning, validity, info);
  }

  private static ByteBuffer certificateOf(String beginning, String validity, String publicKeyInfo) {
    String inner = beginning + sequence(validity) + "3000" + publicKeyInfo;
    return ByteBuffer.wrap(HexFormat.of().parseHex(sequence(sequence(inner))));
  }

  private static String sequence(String hex) {
    return element("30", hex);
  }

  private static String element(String tag, String hex) {
    return tag + HexFormat.of().toHexDigits((byte) (hex.length() / 2)) + hex;
  }

  private static byte[] copy(ByteBuffer bytes) {
    byte[] copy = new byte[bytes.remaining()];
    bytes.duplicate().get(copy);
    return copy;
  }
}
