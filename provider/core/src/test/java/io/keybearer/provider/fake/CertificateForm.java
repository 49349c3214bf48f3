package io.keybearer.provider.fake;

import io.keybearer.provider.pem.DerReader;
import io.keybearer.provider.pem.DerWriter;
import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * What a certificate (RFC 5280) is to say.
 *
 * @param names host names and IP addresses
 * @param authority whether it may sign others
 */
public record CertificateForm(
    String commonName, List<String> names, Instant from, Instant until, boolean authority) {

  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int BOOLEAN = 0x01;
  private static final int UTF8 = 0x0c;
  private static final int SET = 0x31;
  private static final int DNS_NAME = 0x82;
  private static final int IP_ADDRESS = 0x87;
  private static final int KEY_ID = 0x80;
  private static final int EXTENSIONS = 0xa3;
  private static final byte[] TRUE = DerWriter.element(BOOLEAN, new byte[] {(byte) 0xff});

  /** The certificate of a key, signed by that of an issuer. */
  public X509Certificate signed(PublicKey its, String issuer, KeyPair issuerKeys) {
    boolean rsa = issuerKeys.getPrivate().getAlgorithm().equals("RSA");
    byte[] algorithm =
        rsa
            ? DerWriter.sequence(
                DerWriter.objectIdentifier("1.2.840.113549.1.1.11"), DerWriter.nothing())
            : DerWriter.sequence(DerWriter.objectIdentifier("1.2.840.10045.4.3.2"));
    byte[] content =
        DerWriter.sequence(
            DerWriter.element(DerReader.EXPLICIT_VERSION, DerWriter.integer(BigInteger.TWO)),
            DerWriter.integer(new BigInteger(158, RANDOM).setBit(157)),
            algorithm,
            name(issuer),
            DerWriter.sequence(DerWriter.time(from), DerWriter.time(until)),
            name(commonName),
            its.getEncoded(),
            extensions(its, issuerKeys.getPublic()));
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

  private byte[] extensions(PublicKey its, PublicKey issuers) {
    List<byte[]> all = new ArrayList<>();
    // Certificates and lists of them for an authority; signatures, keys and agreement for others.
    byte[] usage = {(byte) (authority ? 1 : 3), (byte) (authority ? 0x06 : 0xa8)};
    all.add(critical("2.5.29.15", DerWriter.element(DerReader.BIT_STRING, usage)));
    if (authority) {
      all.add(critical("2.5.29.19", DerWriter.sequence(TRUE)));
    } else {
      byte[] both =
          DerWriter.sequence(
              DerWriter.objectIdentifier("1.3.6.1.5.5.7.3.1"),
              DerWriter.objectIdentifier("1.3.6.1.5.5.7.3.2"));
      all.add(extension("2.5.29.37", both));
    }
    all.add(extension("2.5.29.14", DerWriter.octetString(keyId(its))));
    all.add(extension("2.5.29.35", DerWriter.sequence(DerWriter.element(KEY_ID, keyId(issuers)))));
    if (!names.isEmpty()) {
      byte[][] alternatives =
          names.stream().map(CertificateForm::alternative).toArray(byte[][]::new);
      all.add(extension("2.5.29.17", DerWriter.sequence(alternatives)));
    }
    return DerWriter.element(EXTENSIONS, DerWriter.sequence(all.toArray(byte[][]::new)));
  }

  private static byte[] extension(String id, byte[] value) {
    return DerWriter.sequence(DerWriter.objectIdentifier(id), DerWriter.octetString(value));
  }

  private static byte[] critical(String id, byte[] value) {
    return DerWriter.sequence(DerWriter.objectIdentifier(id), TRUE, DerWriter.octetString(value));
  }

  private static byte[] keyId(PublicKey key) {
    DerReader info = new DerReader(ByteBuffer.wrap(key.getEncoded())).sequence();
    info.sequence();
    ByteBuffer bits = info.next(DerReader.BIT_STRING);
    bits.get();
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-1");
      digest.update(bits);
      return digest.digest();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] alternative(String name) {
    if (!name.matches("[0-9.]+|[0-9a-fA-F:]+:[0-9a-fA-F:]*")) {
      return DerWriter.element(DNS_NAME, name.getBytes(StandardCharsets.US_ASCII));
    }
    try {
      return DerWriter.element(IP_ADDRESS, InetAddress.getByName(name).getAddress());
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e);
    }
  }
}
