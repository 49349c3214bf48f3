package io.keybearer.provider.http;

import io.keybearer.provider.fake.FakeIdentity;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/**
 * A key with its certificate.
 *
 * @param chain the certificate and those that lead to whom the other side trusts
 */
record TestIdentity(KeyPair keys, List<X509Certificate> chain) {

  private static final char[] PASSWORD = "not-a-secret".toCharArray();

  /** The certificates as a file. */
  String chainPem() {
    return pem(chain);
  }

  String keyPem(KeyForm form) {
    return form.pem(keys.getPrivate());
  }

  static String pem(List<X509Certificate> certificates) {
    StringBuilder pem = new StringBuilder();
    for (X509Certificate each : certificates) {
      try {
        pem.append(FakeIdentity.pem("CERTIFICATE", each.getEncoded()));
      } catch (CertificateEncodingException e) {
        throw new IllegalStateException(e);
      }
    }
    return pem.toString();
  }

  /** The context of a server with this identity, that takes clients of these authorities. */
  SSLContext server(TestAuthority... ofClients) {
    try {
      KeyStore store = emptyStore();
      store.setKeyEntry(
          "server", keys.getPrivate(), PASSWORD, chain.toArray(X509Certificate[]::new));
      KeyManagerFactory managers =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      managers.init(store, PASSWORD);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(managers.getKeyManagers(), trust(ofClients), new SecureRandom());
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static TrustManager[] trust(TestAuthority... authorities)
      throws GeneralSecurityException {
    if (authorities.length == 0) {
      return new TrustManager[0];
    }
    KeyStore store = emptyStore();
    for (int i = 0; i < authorities.length; i++) {
      store.setCertificateEntry("ca-" + i, authorities[i].certificate());
    }
    TrustManagerFactory managers =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    managers.init(store);
    return managers.getTrustManagers();
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
}
