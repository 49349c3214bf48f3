package io.keybearer.provider.pem;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DerWriterTest {

  private static DerReader reader(byte[] der) {
    return new DerReader(ByteBuffer.wrap(der));
  }

  private static String hex(byte[] der) {
    return HexFormat.of().formatHex(der);
  }

  private static byte[] bytes(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.get(bytes);
    return bytes;
  }

  @Property
  void aNumberIsReadAsItWasWritten(@ForAll BigInteger number) {
    assertThat(reader(DerWriter.integer(number)).integer()).isEqualTo(number);
  }

  @Property(tries = 50)
  void bytesOfAnyLengthAreReadAsTheyWereWritten(@ForAll @IntRange(max = 70_000) int length) {
    byte[] content = new byte[length];

    assertThat(bytes(reader(DerWriter.octetString(content)).next(DerReader.OCTET_STRING)))
        .isEqualTo(content);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0400",
    "127, 047f",
    "128, 048180",
    "255, 0481ff",
    "256, 04820100",
    "65535, 0482ffff",
    "65536, 0483010000"
  })
  void aLengthTakesAsFewBytesAsItCan(int length, String begin) {
    assertThat(hex(DerWriter.octetString(new byte[length]))).startsWith(begin);
    assertThat(reader(DerWriter.octetString(new byte[length])).next(4).remaining())
        .isEqualTo(length);
  }

  @Property
  void anIdentifierIsReadAsItWasWritten(@ForAll("identifiers") String dotted) {
    assertThat(reader(DerWriter.objectIdentifier(dotted)).objectIdentifier()).isEqualTo(dotted);
  }

  @Provide
  Arbitrary<String> identifiers() {
    Arbitrary<Integer> number =
        Arbitraries.oneOf(
            Arbitraries.of(0, 1, 127, 128, 16_383, 16_384, Integer.MAX_VALUE),
            Arbitraries.integers().greaterOrEqual(0));
    Arbitrary<String> below0And1 =
        Combinators.combine(
                Arbitraries.integers().between(0, 1), Arbitraries.integers().between(0, 39))
            .as((root, second) -> root + "." + second);
    Arbitrary<String> below2 =
        Arbitraries.integers().between(0, Integer.MAX_VALUE - 80).map(second -> "2." + second);
    return Combinators.combine(
            Arbitraries.oneOf(below0And1, below2),
            number.map(each -> "." + each).list().ofMaxSize(8))
        .as((begin, rest) -> begin + String.join("", rest));
  }

  /** As OpenSSL writes them. */
  @ParameterizedTest
  @CsvSource({
    "1.2.840.113549.1.1.1, 06092a864886f70d010101",
    "1.2.840.10045.3.1.7, 06082a8648ce3d030107",
    "2.5.29.17, 0603551d11",
    "2.999.3, 0603883703"
  })
  void writesKnownIdentifiers(String dotted, String hex) {
    assertThat(hex(DerWriter.objectIdentifier(dotted))).isEqualTo(hex);
  }

  @Property
  void elementsAreReadOneBehindTheOther(@ForAll List<byte[]> contents) {
    byte[][] elements = contents.stream().map(DerWriter::octetString).toArray(byte[][]::new);
    DerReader sequence = reader(DerWriter.sequence(elements)).sequence();

    for (byte[] content : contents) {
      assertThat(bytes(sequence.next(DerReader.OCTET_STRING))).isEqualTo(content);
    }
  }

  @Test
  void whatStandsInABitStringIsRead() {
    byte[] inner = DerWriter.sequence(DerWriter.integer(BigInteger.TEN));

    assertThat(reader(DerWriter.bitString(inner)).bitString().sequence().integer()).isEqualTo(10);
    assertThat(hex(DerWriter.bitString(new byte[] {5}))).isEqualTo("03020005");
  }

  @Test
  void noValueHasNoContent() {
    assertThat(hex(DerWriter.nothing())).isEqualTo("0500");
  }

  @ParameterizedTest
  @CsvSource({
    "2026-11-21T10:00:00Z, 170d3236313132313130303030305a",
    "2049-12-31T23:59:59Z, 170d3439313233313233353935395a",
    "2050-01-01T00:00:00Z, 180f32303530303130313030303030305a"
  })
  void aMomentIsWrittenAsCertificatesWantIt(Instant moment, String hex) {
    assertThat(hex(DerWriter.time(moment))).isEqualTo(hex);
  }
}
