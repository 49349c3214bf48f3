package io.keybearer.provider.pem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DerReaderTest {

  @ParameterizedTest
  @CsvSource({
    "020100, 0",
    "02017f, 127",
    "0201ff, -1",
    "02020080, 128",
    "0281020080, 128",
    "0282000101, 1",
    "028300000101, 1"
  })
  void readsNumbers(String hex, BigInteger number) {
    assertThat(reader(hex).integer()).isEqualTo(number);
  }

  @Test
  void readsTheElementsOfASequenceAndGoesOnBehindIt() {
    DerReader reader = reader("3006020101020102020103");
    DerReader sequence = reader.sequence();

    assertThat(sequence.integer()).isEqualTo(1);
    assertThat(sequence.integer()).isEqualTo(2);
    assertThatThrownBy(sequence::integer)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("DER ends too early");
    assertThat(reader.integer()).isEqualTo(3);
  }

  @Test
  void peeksWithoutMoving() {
    DerReader reader = reader("a000020105");

    assertThat(reader.peek()).isEqualTo(DerReader.EXPLICIT_VERSION);
    assertThat(reader.peek()).isEqualTo(DerReader.EXPLICIT_VERSION);
    reader.next(DerReader.EXPLICIT_VERSION);
    assertThat(reader.integer()).isEqualTo(5);
  }

  /** It threw IndexOutOfBoundsException, which nobody caught: one bad file hid all good keys. */
  @Test
  void peekingBehindTheEndIsIllegal() {
    assertThatThrownBy(() -> reader("").peek())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("DER ends too early");
  }

  @ParameterizedTest
  @CsvSource({
    "'', DER ends too early",
    "02, DER ends too early",
    "0201, DER ends too early",
    "020201, DER ends too early",
    "0281, DER ends too early",
    "028201, DER ends too early",
    "0283ffffff00, DER ends too early",
    "0200, a DER number without digits",
    "0280, a DER length of 0 bytes",
    "028400000001ff, a DER length of 4 bytes",
    "02ff, a DER length of 127 bytes",
    "300101, DER tag 48 instead of 2",
    "a00101, DER tag 160 instead of 2"
  })
  void refusesWhatIsNoNumber(String hex, String message) {
    assertThatThrownBy(() -> reader(hex).integer())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  @Property
  void anyBytesParseOrAreIllegal(@ForAll byte[] bytes, @ForAll boolean inside) {
    DerReader reader = new DerReader(ByteBuffer.wrap(bytes));
    try {
      assertThat(reader.peek()).isEqualTo(Byte.toUnsignedInt(bytes[0]));
      ByteBuffer content = reader.next(reader.peek());
      assertThat(content.remaining()).isLessThan(bytes.length - 1);
      if (inside) {
        new DerReader(content).sequence().integer();
      }
    } catch (IllegalArgumentException e) {
      assertThat(e).hasNoCause();
    }
  }

  private static DerReader reader(String hex) {
    return new DerReader(ByteBuffer.wrap(HexFormat.of().parseHex(hex)));
  }
}
