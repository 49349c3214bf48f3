package io.keybearer.provider.http;

import io.keybearer.provider.fake.FakeIdentity;
import io.keybearer.provider.pem.DerReader;
import io.keybearer.provider.pem.DerWriter;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.security.PrivateKey;

/** How a PEM file holds a private key. */
enum KeyForm {
  /** {@code RSA PRIVATE KEY}: PKCS#1. */
  PKCS1("RSA PRIVATE KEY") {
    @Override
    byte[] der(PrivateKey key) {
      return inner(key);
    }
  },
  /** {@code EC PRIVATE KEY}: SEC1, with the curve's name in it. */
  SEC1("EC PRIVATE KEY") {
    @Override
    byte[] der(PrivateKey key) {
      DerReader inner = new DerReader(ByteBuffer.wrap(inner(key))).sequence();
      BigInteger version = inner.integer();
      byte[] number = bytes(inner.next(DerReader.OCTET_STRING));
      return DerWriter.sequence(
          DerWriter.integer(version),
          DerWriter.octetString(number),
          DerWriter.element(0xa0, DerWriter.objectIdentifier(P256)));
    }
  },
  /** {@code PRIVATE KEY}: PKCS#8, for any algorithm. */
  PKCS8("PRIVATE KEY") {
    @Override
    byte[] der(PrivateKey key) {
      return key.getEncoded();
    }
  };

  /** The curve's identifier. */
  private static final String P256 = "1.2.840.10045.3.1.7";

  private final String type;

  KeyForm(String type) {
    this.type = type;
  }

  abstract byte[] der(PrivateKey key);

  /** The whole file. */
  String pem(PrivateKey key) {
    return FakeIdentity.pem(type, der(key));
  }

  /** What PKCS#8 is wrapped around. */
  private static byte[] inner(PrivateKey key) {
    DerReader whole = new DerReader(ByteBuffer.wrap(key.getEncoded())).sequence();
    whole.integer();
    whole.sequence();
    return bytes(whole.next(DerReader.OCTET_STRING));
  }

  private static byte[] bytes(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.get(bytes);
    return bytes;
  }
}
