package io.keybearer.provider.pem;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;

/** Private keys that are not encrypted, in each form that tools write. */
public final class PrivateKeys {

  /** The identifier of RSA keys (RFC 8017, appendix A.1), private and public. */
  public static final String RSA = "1.2.840.113549.1.1.1";

  private static final String EC = "1.2.840.10045.2.1";
  private static final int EXPLICIT_PARAMETERS = 0xa0;

  private PrivateKeys() {}

  /** Whether a block holds a private key, encrypted or not. */
  public static boolean isKey(PemBlock block) {
    return block.type().endsWith("PRIVATE KEY");
  }

  /**
   * The key in a block: {@code RSA PRIVATE KEY} (PKCS#1, RFC 8017), {@code EC PRIVATE KEY} (SEC1,
   * RFC 5915) or {@code PRIVATE KEY} (PKCS#8, RFC 5208).
   *
   * @throws GeneralSecurityException if it is of another kind, or broken
   * @throws IllegalArgumentException if it is broken
   */
  public static PrivateKey parse(PemBlock block) throws GeneralSecurityException {
    return switch (block.type()) {
      case "RSA PRIVATE KEY" -> key("RSA", pkcs8(bytes(block.der()), RSA, DerWriter.nothing()));
      case "EC PRIVATE KEY" -> key("EC", pkcs8(bytes(block.der()), EC, curve(block.der())));
      case "PRIVATE KEY" -> pkcs8Key(bytes(block.der()));
      default -> throw new GeneralSecurityException("not a private key that is readable");
    };
  }

  /** The algorithm stands in the key: RSA, an elliptic curve, or neither. */
  private static PrivateKey pkcs8Key(byte[] der) throws GeneralSecurityException {
    DerReader key = new DerReader(ByteBuffer.wrap(der)).sequence();
    key.integer();
    String algorithm = key.sequence().objectIdentifier();
    return switch (algorithm) {
      case RSA -> key("RSA", der);
      case EC -> key("EC", der);
      default -> throw new GeneralSecurityException("a private key of algorithm " + algorithm);
    };
  }

  private static PrivateKey key(String algorithm, byte[] pkcs8) throws GeneralSecurityException {
    return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
  }

  private static byte[] pkcs8(byte[] key, String algorithm, byte[] parameters) {
    return DerWriter.sequence(
        DerWriter.integer(BigInteger.ZERO),
        DerWriter.sequence(DerWriter.objectIdentifier(algorithm), parameters),
        DerWriter.octetString(key));
  }

  /** The curve's name, which SEC1 keeps behind the key itself. */
  private static byte[] curve(ByteBuffer der) {
    DerReader key = new DerReader(der.duplicate()).sequence();
    key.integer();
    key.next(DerReader.OCTET_STRING);
    return bytes(key.next(EXPLICIT_PARAMETERS));
  }

  private static byte[] bytes(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.duplicate().get(bytes);
    return bytes;
  }
}
