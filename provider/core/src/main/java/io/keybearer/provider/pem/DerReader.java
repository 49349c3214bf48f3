package io.keybearer.provider.pem;

import java.math.BigInteger;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;

/**
 * The little of DER (ITU-T X.690) that keys and certificates of Sealed Secrets need. The JDK's own
 * certificate parser refuses them: their issuer is empty.
 */
public final class DerReader {

  public static final int INTEGER = 0x02;
  public static final int BIT_STRING = 0x03;
  public static final int OCTET_STRING = 0x04;
  public static final int OBJECT_IDENTIFIER = 0x06;
  public static final int SEQUENCE = 0x30;
  public static final int UTC_TIME = 0x17;
  public static final int GENERALIZED_TIME = 0x18;
  public static final int EXPLICIT_VERSION = 0xa0;

  private static final int LONG_LENGTH = 0x80;

  private final ByteBuffer bytes;

  /** A reader of these bytes. */
  public DerReader(ByteBuffer bytes) {
    this.bytes = bytes;
  }

  /**
   * The tag of the next element.
   *
   * @throws IllegalArgumentException if there is none
   */
  public int peek() {
    if (!bytes.hasRemaining()) {
      throw new IllegalArgumentException("DER ends too early");
    }
    return Byte.toUnsignedInt(bytes.get(bytes.position()));
  }

  /**
   * The content of the next element, which must have this tag.
   *
   * @throws IllegalArgumentException if it has another, or ends too early
   */
  public ByteBuffer next(int tag) {
    try {
      int found = Byte.toUnsignedInt(bytes.get());
      if (found != tag) {
        throw new IllegalArgumentException("DER tag " + found + " instead of " + tag);
      }
      int length = length();
      ByteBuffer content = bytes.slice(bytes.position(), length);
      bytes.position(bytes.position() + length);
      return content;
    } catch (BufferUnderflowException | IndexOutOfBoundsException e) {
      throw new IllegalArgumentException("DER ends too early");
    }
  }

  /** The elements of the next element, a sequence. */
  public DerReader sequence() {
    return new DerReader(next(SEQUENCE));
  }

  /** The DER inside the next element, a bit string of whole bytes. */
  public DerReader bitString() {
    ByteBuffer content = next(BIT_STRING);
    if (!content.hasRemaining()) {
      throw new IllegalArgumentException("DER ends too early");
    }
    // How many bits of the last byte are unused: none.
    content.get();
    return new DerReader(content);
  }

  /** The next element, a number. */
  public BigInteger integer() {
    ByteBuffer content = next(INTEGER);
    byte[] number = new byte[content.remaining()];
    content.get(number);
    if (number.length == 0) {
      throw new IllegalArgumentException("a DER number without digits");
    }
    return new BigInteger(number);
  }

  /** The next element, an identifier in its dotted form. */
  public String objectIdentifier() {
    ByteBuffer content = next(OBJECT_IDENTIFIER);
    if (!content.hasRemaining()) {
      throw new IllegalArgumentException("a DER identifier without numbers");
    }
    // X.690, section 8.19: the first two numbers are one, and only 2 has more than 40 below it.
    int first = base128(content);
    int root = Math.min(first / 40, 2);
    StringBuilder dotted = new StringBuilder().append(root).append('.').append(first - root * 40);
    while (content.hasRemaining()) {
      dotted.append('.').append(base128(content));
    }
    return dotted.toString();
  }

  private static int base128(ByteBuffer content) {
    long number = 0;
    int next = LONG_LENGTH;
    while (next >= LONG_LENGTH) {
      if (!content.hasRemaining()) {
        throw new IllegalArgumentException("DER ends too early");
      }
      next = Byte.toUnsignedInt(content.get());
      number = (number << 7) | (next & 0x7f);
      if (number > Integer.MAX_VALUE) {
        throw new IllegalArgumentException("a DER identifier with a large number");
      }
    }
    return (int) number;
  }

  private int length() {
    int first = Byte.toUnsignedInt(bytes.get());
    if (first < LONG_LENGTH) {
      return first;
    }
    int count = first - LONG_LENGTH;
    if (count == 0 || count > 3) {
      throw new IllegalArgumentException("a DER length of " + count + " bytes");
    }
    int length = 0;
    for (int i = 0; i < count; i++) {
      length = length << 8 | Byte.toUnsignedInt(bytes.get());
    }
    return length;
  }
}
