package io.keybearer.provider.sealed;

import io.keybearer.provider.MountFailure;
import io.keybearer.provider.Quoted;
import io.keybearer.provider.Reason;
import io.keybearer.provider.SecretBytes;
import io.keybearer.provider.pem.PemBlock;
import io.keybearer.provider.pem.PrivateKeys;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.spec.RSAPublicKeySpec;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import javax.crypto.Cipher;

/** Seals values as {@code kubeseal --raw} does: to one public key, which can't open them again. */
public final class ValueSealer {

  /** Shorter keys still open what they sealed, but nothing new is entrusted to them. */
  private static final int SHORTEST_BITS = 2048;

  private static final String TAKE_ANOTHER =
      "take the controller's (kubeseal --fetch-cert), or the tls.crt of a key pair of your own";

  private final PublicKey key;
  private final String unused;
  private final SecureRandom random = new SecureRandom();

  private ValueSealer(PublicKey key, String unused) {
    this.key = key;
    this.unused = unused;
  }

  /**
   * A sealer to the key of a certificate.
   *
   * @param pem the first certificate of this text counts
   * @throws MountFailure {@link Reason#INVALID_PARAMETERS} if there is none of a usable RSA key,
   *     {@link Reason#PRECONDITION} if it has expired
   */
  public static ValueSealer toCertificate(String pem, Instant now) throws MountFailure {
    SealingKey.Certificate certificate = certificate(pem);
    if (now.isAfter(certificate.notAfter())) {
      throw MountFailure.of(
          Reason.PRECONDITION,
          "the certificate expired on "
              + LocalDate.ofInstant(certificate.notAfter(), ZoneOffset.UTC),
          TAKE_ANOTHER);
    }
    return new ValueSealer(publicKey(certificate.modulus(), certificate.exponent()), "");
  }

  /**
   * A sealer to the newest key of a folder, as {@code --sealed-key-dir} names it. When its
   * certificate expires does not matter: whoever has the key can open.
   *
   * @throws MountFailure {@link Reason#PRECONDITION} without one, {@link Reason#INVALID_PARAMETERS}
   *     if it is too short
   */
  public static ValueSealer toNewestKey(Path folder) throws MountFailure {
    KeyFolder.Contents contents = contents(folder);
    if (contents.keys().isEmpty()) {
      throw MountFailure.of(
          Reason.PRECONDITION,
          "no sealing key in " + Quoted.of(folder.toString()) + contents.faultsInBrackets(),
          "name a certificate (--cert) or another folder (--sealed-key-dir)");
    }
    SealingKey newest = contents.keys().get(0);
    return new ValueSealer(
        publicKey(newest.key().getModulus(), newest.key().getPublicExponent()),
        contents.faultsInBrackets());
  }

  private static KeyFolder.Contents contents(Path folder) {
    try {
      return new KeyFolder(folder).read();
    } catch (IOException e) {
      return new KeyFolder.Contents(List.of(), List.of(), List.of("it can't be listed"));
    }
  }

  private static SealingKey.Certificate certificate(String pem) throws MountFailure {
    try {
      List<PemBlock> blocks = PemBlock.parse(pem);
      for (PemBlock block : blocks) {
        if (block.type().equals(SealingKey.Certificate.PEM_TYPE)) {
          return SealingKey.Certificate.parse(block.der());
        }
      }
      boolean isKey = blocks.stream().anyMatch(PrivateKeys::isKey);
      throw invalid(isKey ? "this is a private key, not a certificate" : "there is no certificate");
    } catch (IllegalArgumentException | DateTimeException e) {
      throw invalid("this is not a certificate of an RSA key");
    }
  }

  private static PublicKey publicKey(BigInteger modulus, BigInteger exponent) throws MountFailure {
    // The JDK encrypts to even numbers too, and nobody could open that.
    if (modulus.signum() <= 0 || !modulus.testBit(0) || !exponent.testBit(0)) {
      throw invalid("this is not a certificate of an RSA key");
    }
    if (modulus.bitLength() < SHORTEST_BITS) {
      throw MountFailure.of(
          Reason.INVALID_PARAMETERS,
          "the key has " + modulus.bitLength() + " bits, and sealing takes 2048 or more",
          "seal with a newer key");
    }
    try {
      return KeyFactory.getInstance("RSA").generatePublic(new RSAPublicKeySpec(modulus, exponent));
    } catch (GeneralSecurityException e) {
      throw invalid("this is not a certificate of an RSA key");
    }
  }

  private static MountFailure invalid(String problem) {
    return MountFailure.of(Reason.INVALID_PARAMETERS, problem, TAKE_ANOTHER);
  }

  /** What of the folder could not be used, in brackets behind a space; empty if all could. */
  public String unused() {
    return unused;
  }

  /**
   * Seals a value; each time anew, so that equal values can't be told from their ciphertexts.
   *
   * @param label of its scope: {@link SealScope#label}
   * @return base64 on one line
   */
  public String seal(String label, SecretBytes value) {
    byte[] sessionKey = new byte[SealCiphers.SESSION_KEY_BYTES];
    random.nextBytes(sessionKey);
    try {
      return Ciphertext.base64(
          SealCiphers.ofSessionKey(Cipher.ENCRYPT_MODE, key, label).doFinal(sessionKey),
          SealCiphers.ofValue(Cipher.ENCRYPT_MODE, sessionKey).doFinal(value.reveal()));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java platform lacks RSA-OAEP or AES-GCM", e);
    }
  }
}
