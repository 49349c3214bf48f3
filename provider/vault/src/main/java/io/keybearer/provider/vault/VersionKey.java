package io.keybearer.provider.vault;

import io.keybearer.provider.SecretBytes;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/**
 * The key of object versions, which are HMAC-SHA256 over an object's settings and its content. With
 * the official provider's key they are its versions.
 */
public final class VersionKey {

  private static final String HMAC = "HmacSHA256";
  private static final int BYTES = 32;

  /** Copied for each use: looking an algorithm up and keying it takes longer than a digest. */
  private final Mac prototype;

  private VersionKey(SecretKey key) {
    try {
      prototype = Mac.getInstance(HMAC);
      prototype.init(key);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java platform lacks " + HMAC, e);
    }
  }

  /**
   * That key.
   *
   * @param key at least one byte
   */
  public static VersionKey of(byte[] key) {
    return of(new SecretKeySpec(key, HMAC));
  }

  /** That key for HMAC-SHA256. */
  public static VersionKey of(SecretKey key) {
    return new VersionKey(key);
  }

  /** A new one that nobody else has. */
  public static VersionKey random() {
    byte[] key = new byte[BYTES];
    new SecureRandom().nextBytes(key);
    return of(key);
  }

  /** The version of a content under these settings. */
  String version(String settings, SecretBytes content) {
    try {
      Mac mac = (Mac) prototype.clone();
      mac.update(settings.getBytes(StandardCharsets.UTF_8));
      return content.digest(mac).replace('+', '-').replace('/', '_');
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException("this Java platform can't copy " + HMAC, e);
    }
  }

  @Override
  public String toString() {
    return "VersionKey[redacted]";
  }
}
