package io.keybearer.e2e.driver;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** One element of DER: as much of it as private keys need. */
final class Der {
  private final int tag;
  private final byte[] content;

  Der(int tag, byte[] content) {
    this.tag = tag;
    this.content = content.clone();
  }

  int tag() {
    return tag;
  }

  byte[] content() {
    return content.clone();
  }

  boolean isNumber(int number) {
    return tag == 0x02 && content.length == 1 && content[0] == number;
  }

  /** The fields of one sequence; none if it is something else. */
  static List<Der> fieldsOf(byte[] sequence) {
    List<Der> outer = fields(sequence);
    return outer.size() == 1 && outer.get(0).tag == 0x30 ? fields(outer.get(0).content) : List.of();
  }

  /** The elements that stand one after another; none if the bytes are no DER. */
  static List<Der> fields(byte[] bytes) {
    List<Der> fields = new ArrayList<>();
    int at = 0;
    while (at + 2 <= bytes.length) {
      int tag = bytes[at] & 0xff;
      int length = bytes[at + 1] & 0xff;
      int begin = at + 2;
      if (length > 0x7f) {
        int count = length & 0x7f;
        length = 0;
        for (int i = 0; i < count && begin < bytes.length; i++) {
          length = (length << 8) | (bytes[begin++] & 0xff);
        }
      }
      if (length < 0 || length > bytes.length - begin) {
        return List.of();
      }
      fields.add(new Der(tag, Arrays.copyOfRange(bytes, begin, begin + length)));
      at = begin + length;
    }
    return at == bytes.length ? fields : List.of();
  }

  byte[] encoded() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(tag);
    if (content.length > 0xff) {
      out.write(0x82);
      out.write(content.length >> 8);
    } else if (content.length > 0x7f) {
      out.write(0x81);
    }
    out.write(content.length);
    out.writeBytes(content);
    return out.toByteArray();
  }
}
