package io.keybearer.e2e.client;

import io.keybearer.provider.Endpoint;
import io.keybearer.provider.MountFailure;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;

/** Whom each endpoint's connections trust: its CA file, read once, or what the platform trusts. */
final class TlsTrust {

  private final Map<Endpoint, SSLSocketFactory> sockets = new ConcurrentHashMap<>();

  /** Makes sockets that trust whom that endpoint's settings say. */
  SSLSocketFactory sockets(Endpoint endpoint) throws MountFailure {
    SSLSocketFactory known = sockets.get(endpoint);
    if (known != null) {
      return known;
    }
    try {
      SSLSocketFactory made = make(endpoint.settings().getOrDefault("caFile", ""));
      sockets.put(endpoint, made);
      return made;
    } catch (IOException | GeneralSecurityException e) {
      throw new StoreFailures(endpoint.address()).untrusted("caFile can't be read");
    }
  }

  private static SSLSocketFactory make(String caFile) throws IOException, GeneralSecurityException {
    if (caFile.isEmpty()) {
      return SSLContext.getDefault().getSocketFactory();
    }
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    try (InputStream pem = Files.newInputStream(Path.of(caFile))) {
      int number = 0;
      for (Certificate each : CertificateFactory.getInstance("X.509").generateCertificates(pem)) {
        trusted.setCertificateEntry("ca-" + number++, each);
      }
    }
    TrustManagerFactory managers =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    managers.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, managers.getTrustManagers(), new SecureRandom());
    return context.getSocketFactory();
  }
}
