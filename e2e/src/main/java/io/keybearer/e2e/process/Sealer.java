package io.keybearer.e2e.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.spec.MGF1ParameterSpec;
import java.util.Base64;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.OAEPParameterSpec;
import javax.crypto.spec.PSource;
import javax.crypto.spec.SecretKeySpec;

/** Seals as {@code kubeseal --raw} does, with a key pair of its own. */
public final class Sealer {

  private static final int KEY_BITS = 2048;
  private static final int SESSION_KEY_BYTES = 32;
  private static final int TAG_BITS = 128;

  private final KeyPair keys;
  private final SecureRandom random = new SecureRandom();

  /** A sealer with a new key. */
  public Sealer() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(KEY_BITS);
      keys = generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java platform lacks RSA", e);
    }
  }

  /** Writes the private key where the process looks for it. */
  public void writeKey(Path folder) {
    Base64.Encoder lines = Base64.getMimeEncoder(64, new byte[] {'\n'});
    String pem =
        "-----BEGIN PRIVATE KEY-----\n"
            + lines.encodeToString(keys.getPrivate().getEncoded())
            + "\n-----END PRIVATE KEY-----\n";
    try {
      Files.createDirectories(folder);
      Files.writeString(folder.resolve("tls.key"), pem);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The value, sealed for a SecretProviderClass of that namespace and name. */
  public String seal(String namespace, String name, String value) {
    return seal(namespace + "/" + name, value.getBytes(StandardCharsets.UTF_8));
  }

  /** The value, sealed under that label. */
  public String seal(String label, byte[] value) {
    try {
      byte[] sessionKey = new byte[SESSION_KEY_BYTES];
      random.nextBytes(sessionKey);
      Cipher rsa = Cipher.getInstance("RSA/ECB/OAEPPadding");
      PSource source = new PSource.PSpecified(label.getBytes(StandardCharsets.UTF_8));
      rsa.init(
          Cipher.ENCRYPT_MODE,
          keys.getPublic(),
          new OAEPParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, source));
      byte[] sealedKey = rsa.doFinal(sessionKey);
      Cipher aes = Cipher.getInstance("AES/GCM/NoPadding");
      // The session key is used once, so kubeseal's nonce is all zeros.
      aes.init(
          Cipher.ENCRYPT_MODE,
          new SecretKeySpec(sessionKey, "AES"),
          new GCMParameterSpec(TAG_BITS, new byte[12]));
      byte[] sealedValue = aes.doFinal(value);
      ByteBuffer whole = ByteBuffer.allocate(2 + sealedKey.length + sealedValue.length);
      whole.putShort((short) sealedKey.length).put(sealedKey).put(sealedValue);
      return Base64.getEncoder().encodeToString(whole.array());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java platform lacks RSA-OAEP or AES-GCM", e);
    }
  }
}
