package io.keybearer.provider.sealed;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.RSAPublicKeySpec;
import java.util.Base64;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.OAEPParameterSpec;
import javax.crypto.spec.PSource;
import javax.crypto.spec.SecretKeySpec;

/**
 * Seals as kubeseal does, for what golden data can't hold: many values, and broken ones. That the
 * format is right is proven by the golden data alone.
 */
final class Sealing {

  private Sealing() {}

  static String seal(String label, byte[] plaintext, RSAPrivateCrtKey key)
      throws GeneralSecurityException {
    return seal(label, plaintext, key, 32);
  }

  /** Seals with a session key of that length; kubeseal's has 32 bytes. */
  static String seal(String label, byte[] plaintext, RSAPrivateCrtKey key, int sessionKeyBytes)
      throws GeneralSecurityException {
    byte[] sessionKey = new byte[sessionKeyBytes];
    new SecureRandom().nextBytes(sessionKey);
    Cipher aes = Cipher.getInstance("AES/GCM/NoPadding");
    aes.init(
        Cipher.ENCRYPT_MODE,
        new SecretKeySpec(sessionKey, "AES"),
        new GCMParameterSpec(128, new byte[12]));
    byte[] sealedValue = aes.doFinal(plaintext);
    PublicKey publicKey =
        KeyFactory.getInstance("RSA")
            .generatePublic(new RSAPublicKeySpec(key.getModulus(), key.getPublicExponent()));
    Cipher rsa = Cipher.getInstance("RSA/ECB/OAEPPadding");
    rsa.init(
        Cipher.ENCRYPT_MODE,
        publicKey,
        new OAEPParameterSpec(
            "SHA-256",
            "MGF1",
            MGF1ParameterSpec.SHA256,
            new PSource.PSpecified(label.getBytes(StandardCharsets.UTF_8))));
    byte[] wrapped = rsa.doFinal(sessionKey);
    ByteBuffer sealed = ByteBuffer.allocate(2 + wrapped.length + sealedValue.length);
    sealed.putShort((short) wrapped.length).put(wrapped).put(sealedValue);
    return Base64.getEncoder().encodeToString(sealed.array());
  }
}
