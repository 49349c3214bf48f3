package io.keybearer.provider.sealed;

import io.keybearer.provider.pem.DerReader;
import io.keybearer.provider.pem.PemBlock;
import io.keybearer.provider.pem.PrivateKeys;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.interfaces.RSAPrivateCrtKey;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * A private key that opens sealed values.
 *
 * @param key the RSA key
 * @param since from when on values were sealed with it
 */
record SealingKey(RSAPrivateCrtKey key, Instant since) {

  /** OAEP with SHA-256 needs 528; what is shorter than this protects nothing. */
  private static final int SHORTEST_BITS = 1024;

  /** What a certificate tells of a key: RFC 5280, section 4.1. */
  record Certificate(BigInteger modulus, BigInteger exponent, Instant notBefore, Instant notAfter) {

    /** The type of a PEM block that holds one. */
    static final String PEM_TYPE = "CERTIFICATE";

    /**
     * Reads a certificate of an RSA key.
     *
     * @throws IllegalArgumentException if it is not one
     * @throws java.time.DateTimeException if its time is none
     */
    static Certificate parse(ByteBuffer der) {
      DerReader certificate = new DerReader(der).sequence().sequence();
      if (certificate.peek() == DerReader.EXPLICIT_VERSION) {
        certificate.next(DerReader.EXPLICIT_VERSION);
      }
      certificate.integer();
      certificate.sequence();
      certificate.sequence();
      DerReader validity = certificate.sequence();
      Instant notBefore = time(validity);
      Instant notAfter = time(validity);
      certificate.sequence();
      DerReader publicKeyInfo = certificate.sequence();
      if (!publicKeyInfo.sequence().objectIdentifier().equals(PrivateKeys.RSA)) {
        throw new IllegalArgumentException("a certificate of another kind of key");
      }
      DerReader publicKey = publicKeyInfo.bitString().sequence();
      return new Certificate(publicKey.integer(), publicKey.integer(), notBefore, notAfter);
    }

    private static Instant time(DerReader validity) {
      boolean shortYear = validity.peek() == DerReader.UTC_TIME;
      ByteBuffer time = validity.next(shortYear ? DerReader.UTC_TIME : DerReader.GENERALIZED_TIME);
      String digits = StandardCharsets.US_ASCII.decode(time).toString();
      if (shortYear) {
        digits = (digits.compareTo("50") < 0 ? "20" : "19") + digits;
      }
      DateTimeFormatter format = DateTimeFormatter.ofPattern("uuuuMMddHHmmss'Z'", Locale.ROOT);
      return LocalDateTime.parse(digits, format).toInstant(ZoneOffset.UTC);
    }
  }

  /**
   * Reads a private key: PKCS#1 as the Sealed Secrets controller writes it, PKCS#8 as openssl does.
   *
   * @throws GeneralSecurityException if it is not an RSA key, or one that can't decrypt
   * @throws IllegalArgumentException if it is broken
   */
  static RSAPrivateCrtKey privateKey(PemBlock block) throws GeneralSecurityException {
    if (!(PrivateKeys.parse(block) instanceof RSAPrivateCrtKey key)) {
      throw new GeneralSecurityException("an RSA key without its primes");
    }
    if (key.getModulus().bitLength() < SHORTEST_BITS || !isSound(key)) {
      throw new GeneralSecurityException("an RSA key that is too short or damaged");
    }
    return key;
  }

  /** Whether the numbers that decrypt belong together: the JDK computes with any, or throws. */
  private static boolean isSound(RSAPrivateCrtKey key) {
    BigInteger p = key.getPrimeP();
    BigInteger q = key.getPrimeQ();
    return p.compareTo(BigInteger.ONE) > 0
        && p.multiply(q).equals(key.getModulus())
        && isInverse(key.getPrimeExponentP(), key.getPublicExponent(), p.subtract(BigInteger.ONE))
        && isInverse(key.getPrimeExponentQ(), key.getPublicExponent(), q.subtract(BigInteger.ONE))
        && isInverse(key.getCrtCoefficient(), q, p);
  }

  private static boolean isInverse(BigInteger a, BigInteger b, BigInteger modulus) {
    return modulus.signum() > 0 && a.multiply(b).mod(modulus).equals(BigInteger.ONE);
  }

  /** The length of what it decrypts, in bytes. */
  int length() {
    return (key.getModulus().bitLength() + 7) / 8;
  }

  @Override
  public String toString() {
    return "SealingKey[since " + since + "]";
  }
}
