package io.keybearer.provider.http;

import io.keybearer.provider.pem.DerReader;
import io.keybearer.provider.pem.DerWriter;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.PrivateKey;
import java.util.Base64;

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
          DerWriter.element(0xa0, DerWriter.objectIdentifier(TestKeys.P256)));
    }
  },
  /** {@code PRIVATE KEY}: PKCS#8, for any algorithm. */
  PKCS8("PRIVATE KEY") {
    @Override
    byte[] der(PrivateKey key) {
      return key.getEncoded();
    }
  };

  private final String type;

  KeyForm(String type) {
    this.type = type;
  }

  abstract byte[] der(PrivateKey key);

  /** The whole file. */
  String pem(PrivateKey key) {
    return pem(type, der(key));
  }

  static String pem(String type, byte[] der) {
    byte[] lineEnd = "\n".getBytes(StandardCharsets.US_ASCII);
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n"
        .formatted(type, Base64.getMimeEncoder(64, lineEnd).encodeToString(der), type);
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
