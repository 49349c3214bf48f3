package io.keybearer.provider.http;

import io.keybearer.provider.fake.CertificateForm;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** A small certificate authority (RFC 5280), good for an hour. */
final class TestAuthority {

  private static final Duration HOUR = Duration.ofHours(1);

  private final String name;
  private final KeyPair keys;

  /** Its own certificate first; those above it, without the topmost one. */
  private final List<X509Certificate> chain;

  private TestAuthority(String name, KeyPair keys, List<X509Certificate> chain) {
    this.name = name;
    this.keys = keys;
    this.chain = chain;
  }

  /** One that everybody may trust. */
  static TestAuthority of(String name, KeyPair keys) {
    X509Certificate own = certificate(name, keys, name, keys, Instant.now(), List.of());
    return new TestAuthority(name, keys, List.of(own));
  }

  /** One that this one vouches for. */
  TestAuthority below(String below, KeyPair its) {
    X509Certificate signed = certificate(name, keys, below, its, Instant.now(), List.of());
    List<X509Certificate> links = new ArrayList<>(List.of(signed));
    links.addAll(chain);
    return new TestAuthority(below, its, List.copyOf(links));
  }

  /** A certificate for these names and IP addresses. */
  TestIdentity issue(KeyPair its, String... names) {
    return issue(its, Instant.now(), names);
  }

  /** One that is not good any more. */
  TestIdentity issueExpired(KeyPair its, String... names) {
    return issue(its, Instant.now().minus(HOUR.multipliedBy(3)), names);
  }

  private TestIdentity issue(KeyPair its, Instant around, String... names) {
    X509Certificate signed = certificate(name, keys, names[0], its, around, List.of(names));
    List<X509Certificate> links = new ArrayList<>(List.of(signed));
    links.addAll(chain.subList(0, chain.size() - 1));
    return new TestIdentity(its, List.copyOf(links));
  }

  X509Certificate certificate() {
    return chain.get(0);
  }

  /** What those who trust it are given. */
  String pem() {
    return TestIdentity.pem(List.of(certificate()));
  }

  private static X509Certificate certificate(
      String issuer,
      KeyPair issuerKeys,
      String subject,
      KeyPair subjectKeys,
      Instant around,
      List<String> names) {
    CertificateForm form =
        new CertificateForm(subject, names, around.minus(HOUR), around.plus(HOUR), names.isEmpty());
    return form.signed(subjectKeys.getPublic(), issuer, issuerKeys);
  }
}
