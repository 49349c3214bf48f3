package io.keybearer.provider.fake;

import io.keybearer.provider.pem.DerReader;
import io.keybearer.provider.pem.DerWriter;
import java.io.IOException;
import java.math.BigInteger;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * A key with its certificate.
 *
 * @param chain the certificate, and behind it the one that has signed it
 */
public record FakeIdentity(KeyPair keys, List<X509Certificate> chain) {

  private static final String P256 = "1.2.840.10045.3.1.7";
  private static final char[] PASSWORD = "not-a-secret".toCharArray();
  private static final int PARAMETERS = 0xa0;
  private static final int PUBLIC = 0xa1;

  /** Takes the list as it is now. */
  public FakeIdentity {
    chain = List.copyOf(chain);
  }

  /** The certificate alone as PEM. */
  public String certificatePem() {
    return pem("CERTIFICATE", encoded(chain.get(0)));
  }

  /** The key as PEM, PKCS#8. */
  public String keyPem() {
    return pem("PRIVATE KEY", keys.getPrivate().getEncoded());
  }

  /** The key as PEM in the older form of its algorithm: PKCS#1 or SEC1. */
  public String olderKeyPem() {
    PrivateKey key = keys.getPrivate();
    DerReader whole = new DerReader(ByteBuffer.wrap(key.getEncoded())).sequence();
    whole.integer();
    whole.sequence();
    byte[] inner = bytes(whole.next(DerReader.OCTET_STRING));
    if (key.getAlgorithm().equals("RSA")) {
      return pem("RSA PRIVATE KEY", inner);
    }
    DerReader sec1 = new DerReader(ByteBuffer.wrap(inner)).sequence();
    BigInteger version = sec1.integer();
    byte[] number = bytes(sec1.next(DerReader.OCTET_STRING));
    DerReader info = new DerReader(ByteBuffer.wrap(keys.getPublic().getEncoded())).sequence();
    info.sequence();
    byte[] point = bytes(info.next(DerReader.BIT_STRING));
    byte[] der =
        DerWriter.sequence(
            DerWriter.integer(version),
            DerWriter.octetString(number),
            DerWriter.element(PARAMETERS, DerWriter.objectIdentifier(P256)),
            DerWriter.element(PUBLIC, DerWriter.element(DerReader.BIT_STRING, point)));
    return pem("EC PRIVATE KEY", der);
  }

  /** A server's TLS with this identity; it looks at the certificates of clients, and trusts all. */
  public SSLContext context() {
    return context(new TrustManager[] {new Anybody()});
  }

  /** The TLS of a client that shows this identity and trusts one authority. */
  public SSLContext client(FakeAuthority trusted) {
    return context(trusted.trust());
  }

  private SSLContext context(TrustManager[] trust) {
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      store.setKeyEntry("own", keys.getPrivate(), PASSWORD, chain.toArray(X509Certificate[]::new));
      KeyManagerFactory managers =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      managers.init(store, PASSWORD);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(managers.getKeyManagers(), trust, new SecureRandom());
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Bytes as PEM (RFC 7468). */
  public static String pem(String type, byte[] der) {
    byte[] lineEnd = {'\n'};
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n"
        .formatted(type, Base64.getMimeEncoder(64, lineEnd).encodeToString(der), type);
  }

  /** A certificate's DER. */
  public static byte[] encoded(X509Certificate certificate) {
    try {
      return certificate.getEncoded();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] bytes(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.get(bytes);
    return bytes;
  }

  /** Takes any certificate: who it is for is decided at the login. */
  private static final class Anybody extends X509ExtendedTrustManager {

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
