package io.keybearer.provider.sealed;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.spec.MGF1ParameterSpec;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.OAEPParameterSpec;
import javax.crypto.spec.PSource;
import javax.crypto.spec.SecretKeySpec;

/** The two ciphers of a sealed value, as sealing and opening need them alike. */
final class SealCiphers {

  /** How long a session key is: that of AES-256. */
  static final int SESSION_KEY_BYTES = 32;

  /** How much longer a value becomes. */
  static final int TAG_BYTES = 16;

  /** A session key encrypts one value, so its nonce need not differ. */
  private static final byte[] ZERO_NONCE = new byte[12];

  private SealCiphers() {}

  /**
   * RSA-OAEP (RFC 8017, section 7.1) for the session key.
   *
   * @param mode one of {@link Cipher}'s
   * @param label what has to be equal at sealing and at opening
   */
  static Cipher ofSessionKey(int mode, Key key, String label) throws GeneralSecurityException {
    Cipher rsa = Cipher.getInstance("RSA/ECB/OAEPPadding");
    PSource source = new PSource.PSpecified(label.getBytes(StandardCharsets.UTF_8));
    // Stated in full: the JDK's default for MGF1 is SHA-1.
    rsa.init(mode, key, new OAEPParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, source));
    return rsa;
  }

  /**
   * AES-GCM for the value.
   *
   * @param mode one of {@link Cipher}'s
   */
  static Cipher ofValue(int mode, byte[] sessionKey) throws GeneralSecurityException {
    Cipher aes = Cipher.getInstance("AES/GCM/NoPadding");
    aes.init(
        mode,
        new SecretKeySpec(sessionKey, "AES"),
        new GCMParameterSpec(TAG_BYTES * Byte.SIZE, ZERO_NONCE));
    return aes;
  }
}
