package io.keybearer.provider.sealed;

import io.keybearer.provider.MountFailure;
import io.keybearer.provider.Reason;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;

/**
 * A value as {@code kubeseal --raw} prints it: base64 of a length of two bytes, an RSA-encrypted
 * session key of that length, and the AES-GCM-encrypted value with its tag.
 */
final class Ciphertext {

  private static final int LENGTH_BYTES = 2;
  private static final int VERSION_DIGITS = 16;

  private final byte[] bytes;
  private final int sessionKeyLength;
  private final String digest;

  private Ciphertext(byte[] bytes, int sessionKeyLength) {
    this.bytes = bytes;
    this.sessionKeyLength = sessionKeyLength;
    this.digest = HexFormat.of().formatHex(sha256().digest(bytes));
  }

  /** How much memory it holds, beside a few fields. */
  int bytes() {
    return bytes.length;
  }

  /**
   * The ciphertext in {@code base64}; white space, as folding leaves it, is skipped.
   *
   * @throws MountFailure {@link Reason#INVALID_PARAMETERS}, never quoting the text
   */
  static Ciphertext parse(String base64) throws MountFailure {
    byte[] bytes;
    try {
      String solid = base64.chars().allMatch(c -> c > ' ') ? base64 : withoutWhiteSpace(base64);
      // Java takes base64 without its padding; kubeseal does not, and mostly it was cut off.
      if (solid.length() % 4 != 0) {
        throw invalid("is base64 that was cut off");
      }
      bytes = Base64.getDecoder().decode(solid);
    } catch (IllegalArgumentException e) {
      throw invalid("is not base64");
    }
    if (bytes.length < LENGTH_BYTES) {
      throw invalid("is too short for a sealed value");
    }
    int sessionKeyLength = Byte.toUnsignedInt(bytes[0]) << 8 | Byte.toUnsignedInt(bytes[1]);
    if (bytes.length < LENGTH_BYTES + sessionKeyLength + SealCiphers.TAG_BYTES) {
      throw invalid("ends before the sealed value does");
    }
    return new Ciphertext(bytes, sessionKeyLength);
  }

  /**
   * The text of a new ciphertext, as {@link #parse} takes it.
   *
   * @param sessionKey RSA-encrypted
   * @param sealedValue AES-GCM-encrypted, with its tag
   */
  static String base64(byte[] sessionKey, byte[] sealedValue) {
    ByteBuffer whole =
        ByteBuffer.allocate(LENGTH_BYTES + sessionKey.length + sealedValue.length)
            .putShort((short) sessionKey.length)
            .put(sessionKey)
            .put(sealedValue);
    return Base64.getEncoder().encodeToString(whole.array());
  }

  private static String withoutWhiteSpace(String text) {
    StringBuilder solid = new StringBuilder(text.length());
    text.chars().filter(c -> c > ' ').forEach(c -> solid.append((char) c));
    return solid.toString();
  }

  private static MountFailure invalid(String problem) {
    return MountFailure.of(
        Reason.INVALID_PARAMETERS,
        "\"data\" " + problem,
        "put the whole output of kubeseal --raw there");
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** The RSA-encrypted session key. */
  byte[] sessionKey() {
    return Arrays.copyOfRange(bytes, LENGTH_BYTES, LENGTH_BYTES + sessionKeyLength);
  }

  /** How long the RSA-encrypted session key is: the length of the modulus, in bytes. */
  int sessionKeyLength() {
    return sessionKeyLength;
  }

  /** The AES-GCM-encrypted value with its tag. */
  byte[] sealedValue() {
    return Arrays.copyOfRange(bytes, LENGTH_BYTES + sessionKeyLength, bytes.length);
  }

  /** The length of the value, which sealing does not hide. */
  int valueLength() {
    return bytes.length - LENGTH_BYTES - sessionKeyLength - SealCiphers.TAG_BYTES;
  }

  /** SHA-256 of the ciphertext, in hexadecimal digits. */
  String digest() {
    return digest;
  }

  /** Changes when the value is sealed anew, even if it is the same value. */
  String version() {
    return "sha256:" + digest.substring(0, VERSION_DIGITS);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Ciphertext that && digest.equals(that.digest);
  }

  @Override
  public int hashCode() {
    return digest.hashCode();
  }

  @Override
  public String toString() {
    return version();
  }
}
