package io.keybearer.provider.http;

import io.keybearer.provider.MountFailure;
import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** Makes the JDK's TLS of TLS settings and what their files hold now. */
final class TlsContext {

  private static final char[] NO_PASSWORD = {};

  private TlsContext() {}

  /**
   * The context of these files.
   *
   * @throws MountFailure if a file can't be used
   */
  static SSLContext of(TlsSettings settings, TlsFiles files, HttpFailures failures)
      throws MountFailure {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys(files, failures, settings), trust(settings, files), new SecureRandom());
      return settings.serverName().isEmpty()
          ? context
          : new NamedServerContext(context, settings.serverName());
    } catch (IllegalArgumentException e) {
      throw failures.untrusted("its server name can't be one");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java platform lacks TLS", e);
    }
  }

  /** Null means the JDK's own, as the JDK wants it. */
  private static TrustManager @Nullable [] trust(TlsSettings settings, TlsFiles files)
      throws MountFailure, GeneralSecurityException {
    if (settings.skipVerify()) {
      return new TrustManager[] {new TrustAnybody()};
    }
    List<X509Certificate> trusted = files.trusted();
    if (trusted.isEmpty()) {
      return null;
    }
    KeyStore store = emptyStore();
    int number = 0;
    for (X509Certificate each : trusted) {
      store.setCertificateEntry("ca-" + number++, each);
    }
    TrustManagerFactory managers =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    managers.init(store);
    return managers.getTrustManagers();
  }

  private static KeyManager @Nullable [] keys(
      TlsFiles files, HttpFailures failures, TlsSettings settings)
      throws MountFailure, GeneralSecurityException {
    List<X509Certificate> chain = files.clientChain();
    if (chain.isEmpty()) {
      return null;
    }
    PrivateKey key = files.clientKey();
    if (!belongTogether(key, chain.get(0))) {
      // Also the moment in which only one of two files is replaced.
      throw failures.unusableFile(
          "the client key file", settings.keyFile(), "is not that of the client certificate");
    }
    KeyStore store = emptyStore();
    try {
      store.setKeyEntry("client", key, NO_PASSWORD, chain.toArray(X509Certificate[]::new));
      KeyManagerFactory managers =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      managers.init(store, NO_PASSWORD);
      return managers.getKeyManagers();
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw failures.unusableFile(
          "the client certificate file",
          settings.clientCertificateFile(),
          "holds a chain that is none");
    }
  }

  private static boolean belongTogether(PrivateKey key, X509Certificate certificate) {
    try {
      Signature signature =
          Signature.getInstance(
              key.getAlgorithm().equals("RSA") ? "SHA256withRSA" : "SHA256withECDSA");
      signature.initSign(key);
      byte[] signed = signature.sign();
      signature.initVerify(certificate.getPublicKey());
      return signature.verify(signed);
    } catch (GeneralSecurityException e) {
      // The certificate's key is of another kind.
      return false;
    }
  }

  private static KeyStore emptyStore() throws GeneralSecurityException {
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      return store;
    } catch (IOException e) {
      throw new GeneralSecurityException(e);
    }
  }

  /** Checks nothing: for experiments, where the settings say so. */
  private static final class TrustAnybody extends X509ExtendedTrustManager {

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
