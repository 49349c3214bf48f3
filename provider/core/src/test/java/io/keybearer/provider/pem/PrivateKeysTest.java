package io.keybearer.provider.pem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PrivateKeysTest {

  private static final String P256 = "1.2.840.10045.3.1.7";
  private static final PrivateKey RSA = rsa();
  private static final PrivateKey EC = ec("secp256r1");

  private static PrivateKey rsa() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(2048);
      return generator.generateKeyPair().getPrivate();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static PrivateKey ec(String curve) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec(curve));
      return generator.generateKeyPair().getPrivate();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static PemBlock block(String type, byte[] der) {
    return new PemBlock(type, ByteBuffer.wrap(der));
  }

  /** What PKCS#8 is wrapped around: PKCS#1, or SEC1 without its curve. */
  private static byte[] inner(PrivateKey key) {
    DerReader whole = new DerReader(ByteBuffer.wrap(key.getEncoded())).sequence();
    whole.integer();
    whole.sequence();
    return bytes(whole.next(DerReader.OCTET_STRING));
  }

  private static byte[] bytes(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.get(bytes);
    return bytes;
  }

  private static byte[] sec1(PrivateKey key, String curve) {
    DerReader inner = new DerReader(ByteBuffer.wrap(inner(key))).sequence();
    return DerWriter.sequence(
        DerWriter.integer(inner.integer()),
        DerWriter.octetString(bytes(inner.next(DerReader.OCTET_STRING))),
        DerWriter.element(DerReader.EXPLICIT_VERSION, DerWriter.objectIdentifier(curve)));
  }

  @Test
  void readsAnRsaKeyInBothForms() throws GeneralSecurityException {
    for (PemBlock block :
        new PemBlock[] {
          block("RSA PRIVATE KEY", inner(RSA)), block("PRIVATE KEY", RSA.getEncoded())
        }) {
      PrivateKey key = PrivateKeys.parse(block);

      assertThat(key).isEqualTo(RSA).isInstanceOf(RSAPrivateCrtKey.class);
      assertThat(key.getEncoded()).isEqualTo(RSA.getEncoded());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "secp256r1, 1.2.840.10045.3.1.7",
    "secp384r1, 1.3.132.0.34",
    "secp521r1, 1.3.132.0.35"
  })
  void readsAKeyOfEachCurveInBothForms(String curve, String identifier)
      throws GeneralSecurityException {
    ECPrivateKey made = (ECPrivateKey) ec(curve);
    for (PemBlock block :
        new PemBlock[] {
          block("EC PRIVATE KEY", sec1(made, identifier)), block("PRIVATE KEY", made.getEncoded())
        }) {
      ECPrivateKey key = (ECPrivateKey) PrivateKeys.parse(block);

      assertThat(key.getS()).isEqualTo(made.getS());
      assertThat(key.getParams().getCurve()).isEqualTo(made.getParams().getCurve());
    }
  }

  /** Reading a block leaves it as it was. */
  @Test
  void readsABlockTwice() throws GeneralSecurityException {
    PemBlock block = block("EC PRIVATE KEY", sec1(EC, P256));

    assertThat(PrivateKeys.parse(block)).isEqualTo(PrivateKeys.parse(block));
  }

  @ParameterizedTest
  @CsvSource({
    "PRIVATE KEY, true",
    "RSA PRIVATE KEY, true",
    "EC PRIVATE KEY, true",
    "ENCRYPTED PRIVATE KEY, true",
    "PUBLIC KEY, false",
    "EC PARAMETERS, false",
    "CERTIFICATE, false"
  })
  void knowsAKeyByItsType(String type, boolean isKey) {
    assertThat(PrivateKeys.isKey(block(type, new byte[0]))).isEqualTo(isKey);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"ENCRYPTED PRIVATE KEY", "OPENSSH PRIVATE KEY", "DSA PRIVATE KEY", "PUBLIC KEY"})
  void refusesAnotherType(String type) {
    assertThatThrownBy(() -> PrivateKeys.parse(block(type, RSA.getEncoded())))
        .isInstanceOf(GeneralSecurityException.class)
        .hasMessage("not a private key that is readable");
  }

  @Test
  void refusesAnotherAlgorithm() throws GeneralSecurityException {
    byte[] other =
        KeyPairGenerator.getInstance("Ed25519").generateKeyPair().getPrivate().getEncoded();

    assertThatThrownBy(() -> PrivateKeys.parse(block("PRIVATE KEY", other)))
        .isInstanceOf(GeneralSecurityException.class)
        .hasMessage("a private key of algorithm 1.3.101.112");
  }

  /** PKCS#8 keeps the curve's name outside. */
  @Test
  void refusesAnEllipticKeyWithoutItsCurve() {
    assertThatThrownBy(() -> PrivateKeys.parse(block("EC PRIVATE KEY", inner(EC))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("DER ends too early");
  }

  @Test
  void readsWhatOpenSslWrote() throws GeneralSecurityException {
    String pem =
        """
        -----BEGIN EC PARAMETERS-----
        BggqhkjOPQMBBw==
        -----END EC PARAMETERS-----
        -----BEGIN EC PRIVATE KEY-----
        %s
        -----END EC PRIVATE KEY-----
        """
            .formatted(Base64.getMimeEncoder().encodeToString(sec1(EC, P256)));
    PemBlock block =
        PemBlock.parse(pem).stream().filter(PrivateKeys::isKey).findFirst().orElseThrow();

    assertThat(((ECPrivateKey) PrivateKeys.parse(block)).getS())
        .isEqualTo(((ECPrivateKey) EC).getS());
  }

  @Property
  void anyBytesAreAKeyOrRefused(@ForAll byte[] bytes) {
    for (String type : new String[] {"PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY"}) {
      readsOrRefuses(block(type, bytes));
    }
  }

  @Property
  void aBrokenKeyIsAKeyOrRefused(@ForAll Random random) {
    readsOrRefuses(block("PRIVATE KEY", broken(RSA.getEncoded(), random)));
    readsOrRefuses(block("PRIVATE KEY", broken(EC.getEncoded(), random)));
    readsOrRefuses(block("RSA PRIVATE KEY", broken(inner(RSA), random)));
    readsOrRefuses(block("EC PRIVATE KEY", broken(sec1(EC, P256), random)));
  }

  private static byte[] broken(byte[] der, Random random) {
    byte[] bytes = der.clone();
    bytes[random.nextInt(Math.min(60, bytes.length))] = (byte) random.nextInt();
    return bytes;
  }

  private static void readsOrRefuses(PemBlock block) {
    try {
      assertThat(PrivateKeys.parse(block).getAlgorithm()).isIn("RSA", "EC");
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      assertThat(e).isNotNull();
    }
  }
}
