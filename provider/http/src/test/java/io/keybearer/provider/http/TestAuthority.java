package io.keybearer.provider.http;

import io.keybearer.provider.pem.DerReader;
import io.keybearer.provider.pem.DerWriter;
import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** A small certificate authority (RFC 5280), good for an hour. */
final class TestAuthority {

  private static final AtomicLong SERIAL = new AtomicLong(1);
  private static final Duration HOUR = Duration.ofHours(1);
  private static final int BOOLEAN = 0x01;
  private static final int UTF8 = 0x0c;
  private static final int SET = 0x31;
  private static final int DNS_NAME = 0x82;
  private static final int IP_ADDRESS = 0x87;
  private static final int EXTENSIONS = 0xa3;
  private static final byte[] TRUE = DerWriter.element(BOOLEAN, new byte[] {(byte) 0xff});

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
    byte[] ca = extensions(true, List.of());
    X509Certificate own = certificate(name, keys, name, keys, Instant.now(), ca);
    return new TestAuthority(name, keys, List.of(own));
  }

  /** One that this one vouches for. */
  TestAuthority below(String below, KeyPair its) {
    byte[] ca = extensions(true, List.of());
    X509Certificate signed = certificate(name, keys, below, its, Instant.now(), ca);
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
    byte[] leaf = extensions(false, List.of(names));
    X509Certificate signed = certificate(name, keys, names[0], its, around, leaf);
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
      byte[] extensions) {
    boolean rsa = issuerKeys.getPrivate().getAlgorithm().equals("RSA");
    byte[] algorithm =
        rsa
            ? DerWriter.sequence(
                DerWriter.objectIdentifier("1.2.840.113549.1.1.11"), DerWriter.nothing())
            : DerWriter.sequence(DerWriter.objectIdentifier("1.2.840.10045.4.3.2"));
    byte[] content =
        DerWriter.sequence(
            DerWriter.element(DerReader.EXPLICIT_VERSION, DerWriter.integer(BigInteger.TWO)),
            DerWriter.integer(BigInteger.valueOf(SERIAL.getAndIncrement())),
            algorithm,
            name(issuer),
            DerWriter.sequence(
                DerWriter.time(around.minus(HOUR)), DerWriter.time(around.plus(HOUR))),
            name(subject),
            subjectKeys.getPublic().getEncoded(),
            extensions);
    try {
      Signature signature = Signature.getInstance(rsa ? "SHA256withRSA" : "SHA256withECDSA");
      signature.initSign(issuerKeys.getPrivate());
      signature.update(content);
      byte[] whole = DerWriter.sequence(content, algorithm, DerWriter.bitString(signature.sign()));
      return (X509Certificate)
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(whole));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] name(String common) {
    byte[] text = DerWriter.element(UTF8, common.getBytes(StandardCharsets.UTF_8));
    return DerWriter.sequence(
        DerWriter.element(SET, DerWriter.sequence(DerWriter.objectIdentifier("2.5.4.3"), text)));
  }

  private static byte[] extensions(boolean ca, List<String> names) {
    byte[] constraints =
        DerWriter.sequence(
            DerWriter.objectIdentifier("2.5.29.19"),
            TRUE,
            DerWriter.octetString(ca ? DerWriter.sequence(TRUE) : DerWriter.sequence()));
    byte[] alternatives =
        DerWriter.sequence(names.stream().map(TestAuthority::alternative).toArray(byte[][]::new));
    byte[] all =
        names.isEmpty()
            ? DerWriter.sequence(constraints)
            : DerWriter.sequence(
                constraints,
                DerWriter.sequence(
                    DerWriter.objectIdentifier("2.5.29.17"), DerWriter.octetString(alternatives)));
    return DerWriter.element(EXTENSIONS, all);
  }

  private static byte[] alternative(String name) {
    if (IpAddress.parse(name).isEmpty()) {
      return DerWriter.element(DNS_NAME, name.getBytes(StandardCharsets.US_ASCII));
    }
    try {
      return DerWriter.element(IP_ADDRESS, InetAddress.getByName(name).getAddress());
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e);
    }
  }
}
