package io.keybearer.provider.vault;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** How a value stands in a secret: the field {@code encoding} of an object. */
enum GoEncoding {
  /** As a text. */
  UTF_8,
  /** RFC 4648, section 4, with padding; line breaks are skipped. */
  BASE64,
  /** RFC 4648, section 8, in either case. */
  HEX;

  private static final String ALPHABET =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

  /**
   * The encoding of a name, in any case; that of no name is text.
   *
   * @throws ContentException if it is none
   */
  static GoEncoding parse(String name) throws ContentException {
    return switch (name.toLowerCase(Locale.ROOT)) {
      case "", "utf-8" -> UTF_8;
      case "base64" -> BASE64;
      case "hex" -> HEX;
      default ->
          throw new ContentException("invalid encoding type. Should be utf-8, base64, or hex", "");
    };
  }

  /**
   * The bytes of a value.
   *
   * @throws ContentException if it is not written so; where, but not what
   */
  byte[] decode(String text) throws ContentException {
    byte[] bytes = utf8(text);
    return switch (this) {
      case UTF_8 -> bytes;
      case BASE64 -> base64(bytes);
      case HEX -> hex(bytes);
    };
  }

  /** As Go writes a text: half of a pair is replaced. */
  static byte[] utf8(String text) {
    boolean whole = StandardCharsets.UTF_8.newEncoder().canEncode(text);
    return (whole ? text : replaced(text)).getBytes(StandardCharsets.UTF_8);
  }

  private static String replaced(String text) {
    return text.codePoints()
        .map(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE ? 0xFFFD : c)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  /** Go tells the place of the first fault, by rules of its own; so does this. */
  private static byte[] base64(byte[] text) throws ContentException {
    ByteArrayOutputStream decoded = new ByteArrayOutputStream(text.length);
    int bits = 0;
    int digits = 0;
    int at = 0;
    while (true) {
      at = afterLineBreaks(text, at);
      if (at == text.length) {
        if (digits > 0) {
          throw illegalBase64(at - digits);
        }
        return decoded.toByteArray();
      }
      byte character = text[at];
      if (character == '=') {
        requirePadding(text, at, digits);
        decoded.write(bits >> (digits == 2 ? 4 : 10));
        if (digits == 3) {
          decoded.write(bits >> 2);
        }
        return decoded.toByteArray();
      }
      int value = character < 0 ? -1 : ALPHABET.indexOf(character);
      if (value < 0) {
        throw illegalBase64(at);
      }
      bits = bits << 6 | value;
      digits++;
      at++;
      if (digits == 4) {
        decoded.write(bits >> 16);
        decoded.write(bits >> 8);
        decoded.write(bits);
        bits = 0;
        digits = 0;
      }
    }
  }

  private static int afterLineBreaks(byte[] text, int from) {
    int at = from;
    while (at < text.length && (text[at] == '\n' || text[at] == '\r')) {
      at++;
    }
    return at;
  }

  private static void requirePadding(byte[] text, int at, int digits) throws ContentException {
    if (digits < 2) {
      throw illegalBase64(at);
    }
    int next = afterLineBreaks(text, at + 1);
    if (digits == 2) {
      if (next == text.length) {
        throw illegalBase64(text.length);
      }
      if (text[next] != '=') {
        throw illegalBase64(next - 1);
      }
      next = afterLineBreaks(text, next + 1);
    }
    if (next < text.length) {
      throw illegalBase64(next);
    }
  }

  private static byte[] hex(byte[] text) throws ContentException {
    ByteArrayOutputStream decoded = new ByteArrayOutputStream(text.length / 2);
    for (int i = 0; i + 1 < text.length; i += 2) {
      int high = Character.digit(text[i], 16);
      int low = Character.digit(text[i + 1], 16);
      if (high < 0 || low < 0) {
        throw illegal("encoding/hex: invalid byte");
      }
      decoded.write(high << 4 | low);
    }
    if (text.length % 2 == 1) {
      throw illegal("encoding/hex: odd length hex string");
    }
    return decoded.toByteArray();
  }

  private static ContentException illegalBase64(int at) {
    return illegal("illegal base64 data at input byte " + at);
  }

  private static ContentException illegal(String problem) {
    return new ContentException(problem, "");
  }
}
