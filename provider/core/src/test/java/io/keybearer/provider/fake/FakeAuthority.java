package io.keybearer.provider.fake;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyStore;
import java.security.PublicKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/** A certificate authority with a key of its own. */
public final class FakeAuthority {

  /** Wide enough for tests that turn time. */
  private static final Duration YEARS = Duration.ofDays(3650);

  private final String name;
  private final KeyPair keys;
  private final X509Certificate own;

  private FakeAuthority(String name, KeyPair keys, X509Certificate own) {
    this.name = name;
    this.keys = keys;
    this.own = own;
  }

  /** A new one, good for ten years before and after now. */
  public static FakeAuthority named(String name) {
    return of(name, FakeKeys.ec(), Instant.now().minus(YEARS), Instant.now().plus(YEARS));
  }

  /** One with that key, good from one time until another. */
  public static FakeAuthority of(String name, KeyPair keys, Instant from, Instant until) {
    X509Certificate own =
        new CertificateForm(name, List.of(), from, until, true)
            .signed(keys.getPublic(), name, keys);
    return new FakeAuthority(name, keys, own);
  }

  /** Its own certificate. */
  public X509Certificate certificate() {
    return own;
  }

  /** Its own certificate as PEM. */
  public String pem() {
    return FakeIdentity.pem("CERTIFICATE", FakeIdentity.encoded(own));
  }

  /** A server's identity, for these host names and IP addresses. */
  public FakeIdentity server(String... names) {
    return issue(names[0], List.of(names));
  }

  /** A client's identity. */
  public FakeIdentity client(String commonName) {
    return issue(commonName, List.of());
  }

  private FakeIdentity issue(String commonName, List<String> names) {
    KeyPair its = FakeKeys.ec();
    Instant now = Instant.now();
    CertificateForm form =
        new CertificateForm(commonName, names, now.minus(YEARS), now.plus(YEARS), false);
    return new FakeIdentity(its, List.of(issue(form, its.getPublic()), own));
  }

  /** A certificate for that key. */
  public X509Certificate issue(CertificateForm form, PublicKey its) {
    return form.signed(its, name, keys);
  }

  /** The TLS of a client that shows nothing and trusts this authority. */
  public SSLContext client() {
    return context(trust());
  }

  /** The TLS of a client that shows nothing and trusts who has this certificate, in PEM. */
  public static SSLContext trusting(String pem) throws IOException {
    try {
      return context(
          trust(
              CertificateFactory.getInstance("X.509")
                  .generateCertificate(
                      new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)))));
    } catch (GeneralSecurityException e) {
      throw new IOException("no certificate: " + e.getMessage(), e);
    }
  }

  TrustManager[] trust() {
    return trust(own);
  }

  private static SSLContext context(TrustManager[] trusted) {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trusted, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static TrustManager[] trust(Certificate authority) {
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      store.setCertificateEntry("ca", authority);
      TrustManagerFactory managers =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      managers.init(store);
      return managers.getTrustManagers();
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
