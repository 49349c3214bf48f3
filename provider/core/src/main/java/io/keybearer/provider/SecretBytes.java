package io.keybearer.provider;

import java.security.MessageDigest;
import java.util.Base64;
import javax.crypto.Mac;

/**
 * A secret or a token. It never prints itself, compares in constant time, and shows its bytes only
 * through {@link #reveal()}, whose callers stand on a list that the build checks.
 *
 * <p>Java can't promise that no copy of the bytes stays in memory; a short life is all that is
 * claimed.
 */
public final class SecretBytes {

  private static final SecretBytes EMPTY = new SecretBytes(new byte[0]);

  private final byte[] bytes;

  private SecretBytes(byte[] bytes) {
    this.bytes = bytes;
  }

  /** A secret of a copy of these bytes. */
  public static SecretBytes copyOf(byte[] bytes) {
    return new SecretBytes(bytes.clone());
  }

  /** The secret of no bytes. */
  public static SecretBytes empty() {
    return EMPTY;
  }

  /** How many bytes it has. */
  public int length() {
    return bytes.length;
  }

  /** A copy of the bytes, for the one place that hands them on. */
  public byte[] reveal() {
    return bytes.clone();
  }

  /** A digest under a key: whoever lacks the key learns nothing of the bytes from it. */
  public String digest(Mac keyed) {
    return Base64.getEncoder().encodeToString(keyed.doFinal(bytes));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SecretBytes that && MessageDigest.isEqual(bytes, that.bytes);
  }

  /** Of the length alone: a hash of the content would tell something of it. */
  @Override
  public int hashCode() {
    return bytes.length;
  }

  @Override
  public String toString() {
    return "SecretBytes[redacted]";
  }
}
