package io.keybearer.provider.pem;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * One block of a PEM text (RFC 7468).
 *
 * @param type what stands behind {@code BEGIN}
 * @param der the decoded bytes
 */
public record PemBlock(String type, ByteBuffer der) {

  private static final String BEGIN = "-----BEGIN ";
  private static final String END = "-----END ";
  private static final String DASHES = "-----";
  private static final int LINE = 64;

  /**
   * All blocks of a text; whatever stands between them is skipped.
   *
   * @throws IllegalArgumentException if a block has no end or is not base64
   */
  public static List<PemBlock> parse(String text) {
    List<PemBlock> blocks = new ArrayList<>();
    int begin = text.indexOf(BEGIN);
    while (begin >= 0) {
      int typeEnd = text.indexOf(DASHES, begin + BEGIN.length());
      int bodyBegin = typeEnd + DASHES.length();
      int end = text.indexOf(END, begin);
      int next = text.indexOf(BEGIN, begin + 1);
      if (typeEnd < 0 || end < bodyBegin || (next >= 0 && next < end)) {
        throw new IllegalArgumentException("a PEM block without an end");
      }
      String type = text.substring(begin + BEGIN.length(), typeEnd);
      String body = text.substring(bodyBegin, end);
      blocks.add(new PemBlock(type, ByteBuffer.wrap(Base64.getMimeDecoder().decode(body))));
      begin = next;
    }
    return blocks;
  }

  /** The block as a file holds it, with a line's end behind the last line. */
  public byte[] toPem() {
    byte[] bytes = new byte[der.remaining()];
    der.duplicate().get(bytes);
    ByteArrayOutputStream pem = new ByteArrayOutputStream();
    pem.writeBytes((BEGIN + type + DASHES + "\n").getBytes(StandardCharsets.US_ASCII));
    pem.writeBytes(Base64.getMimeEncoder(LINE, new byte[] {'\n'}).encode(bytes));
    pem.writeBytes(("\n" + END + type + DASHES + "\n").getBytes(StandardCharsets.US_ASCII));
    return pem.toByteArray();
  }

  @Override
  public String toString() {
    return "PemBlock[" + type + "]";
  }
}
