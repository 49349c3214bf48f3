package io.keybearer.provider.pem;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Writes the DER (ITU-T X.690) of keys and certificates: each method gives one whole element. */
public final class DerWriter {

  private static final int NULL = 0x05;
  private static final int SHORT_LENGTH = 0x80;
  private static final int BASE = 128;
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuuMMddHHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private DerWriter() {}

  /** A sequence of these elements. */
  public static byte[] sequence(byte[]... elements) {
    return element(DerReader.SEQUENCE, elements);
  }

  /** A number. */
  public static byte[] integer(BigInteger number) {
    return element(DerReader.INTEGER, number.toByteArray());
  }

  /** Bytes. */
  public static byte[] octetString(byte[] bytes) {
    return element(DerReader.OCTET_STRING, bytes);
  }

  /** Bits, of whole bytes. */
  public static byte[] bitString(byte[] bytes) {
    return element(DerReader.BIT_STRING, new byte[1], bytes);
  }

  /** No value. */
  public static byte[] nothing() {
    return element(NULL);
  }

  /** A moment, to the second; RFC 5280 wants UTCTime until 2049. */
  public static byte[] time(Instant moment) {
    String digits = TIME.format(moment);
    boolean isShort = digits.compareTo("2050") < 0;
    return element(
        isShort ? DerReader.UTC_TIME : DerReader.GENERALIZED_TIME,
        (isShort ? digits.substring(2) : digits).getBytes(StandardCharsets.US_ASCII));
  }

  /** An identifier in its dotted form. */
  public static byte[] objectIdentifier(String dotted) {
    String[] numbers = dotted.split("\\.", -1);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    writeBase128(bytes, Integer.parseInt(numbers[0]) * 40 + Integer.parseInt(numbers[1]));
    for (int i = 2; i < numbers.length; i++) {
      writeBase128(bytes, Integer.parseInt(numbers[i]));
    }
    return element(DerReader.OBJECT_IDENTIFIER, bytes.toByteArray());
  }

  private static void writeBase128(ByteArrayOutputStream bytes, int number) {
    int shift = 0;
    while (number >> shift >= BASE) {
      shift += 7;
    }
    for (; shift > 0; shift -= 7) {
      bytes.write(((number >> shift) & 0x7f) | BASE);
    }
    bytes.write(number & 0x7f);
  }

  /** An element of any tag. */
  public static byte[] element(int tag, byte[]... contents) {
    int length = 0;
    for (byte[] content : contents) {
      length += content.length;
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(length + 6);
    bytes.write(tag);
    writeLength(bytes, length);
    for (byte[] content : contents) {
      bytes.writeBytes(content);
    }
    return bytes.toByteArray();
  }

  private static void writeLength(ByteArrayOutputStream bytes, int length) {
    if (length < SHORT_LENGTH) {
      bytes.write(length);
      return;
    }
    byte[] digits = BigInteger.valueOf(length).toByteArray();
    int leading = digits[0] == 0 ? 1 : 0;
    bytes.write(SHORT_LENGTH | (digits.length - leading));
    bytes.write(digits, leading, digits.length - leading);
  }
}
