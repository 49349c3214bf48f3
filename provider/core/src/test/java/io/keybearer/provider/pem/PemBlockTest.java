package io.keybearer.provider.pem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.AlphaChars;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PemBlockTest {

  private static final String KEY = "-----BEGIN KEY-----\nAQID\n-----END KEY-----\n";

  @ParameterizedTest
  @ValueSource(
      strings = {
        KEY,
        "-----BEGIN KEY-----\r\nAQ\r\nID\r\n-----END KEY-----\r\n",
        "-----BEGIN KEY-----AQID-----END KEY-----",
        "Bag Attributes\n  friendlyName: x\n" + KEY + "and what stands behind it"
      })
  void decodesABlock(String text) {
    assertThat(PemBlock.parse(text)).containsExactly(block("KEY", 1, 2, 3));
  }

  @Test
  void decodesAllBlocksInTheirOrder() {
    assertThat(PemBlock.parse(KEY + "-----BEGIN CERTIFICATE-----\nBA==\n-----END CERTIFICATE-----"))
        .containsExactly(block("KEY", 1, 2, 3), block("CERTIFICATE", 4));
  }

  @Property
  void readsWhatItWrote(@ForAll byte[] der, @ForAll @AlphaChars String type) {
    PemBlock block = new PemBlock(type, ByteBuffer.wrap(der));

    assertThat(PemBlock.parse(new String(block.toPem(), StandardCharsets.US_ASCII)))
        .containsExactly(block);
  }

  @Test
  void writesLinesOf64Characters() {
    assertThat(new String(block("KEY", new int[49]).toPem(), StandardCharsets.US_ASCII))
        .isEqualTo("-----BEGIN KEY-----\n" + "A".repeat(64) + "\nAA==\n" + "-----END KEY-----\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\n", "hunter2", "-----", "-----END KEY-----", "----BEGIN KEY-----"})
  void findsNothingInOtherTexts(String text) {
    assertThat(PemBlock.parse(text)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-----BEGIN ",
        "-----BEGIN KEY",
        "-----BEGIN KEY-----",
        "-----BEGIN KEY-----\nAQID\n",
        "-----BEGIN KEY-----\nAQID\n-----END",
        // These two threw StringIndexOutOfBoundsException, which nobody caught.
        "-----BEGIN KEY\nAQID\n-----END KEY-----\n",
        "-----BEGIN KEY------END KEY-----\n",
        // It was two blocks, the first of them with the text of the second inside.
        "-----BEGIN KEY-----\nAQID\n-----BEGIN KEY-----\nAQID\n-----END KEY-----\n"
      })
  void refusesABlockWithoutAnEnd(String text) {
    assertThatThrownBy(() -> PemBlock.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a PEM block without an end");
  }

  @Test
  void refusesWhatIsNotBase64() {
    assertThatThrownBy(() -> PemBlock.parse("-----BEGIN KEY-----\nAQIDB\n-----END KEY-----"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Property
  void anyTextParsesOrIsIllegal(@ForAll("pemLike") String text) {
    try {
      PemBlock.parse(text).forEach(block -> assertThat(text).contains(block.type()));
    } catch (IllegalArgumentException e) {
      assertThat(text).contains("-----BEGIN ");
    }
  }

  @Provide
  Arbitrary<String> pemLike() {
    return Arbitraries.oneOf(
            Arbitraries.of("-----BEGIN ", "-----END ", "-----", "-", "KEY", "AQID", "\n", "="),
            Arbitraries.strings().ofMaxLength(3))
        .list()
        .ofMaxSize(12)
        .map(parts -> String.join("", parts));
  }

  @Test
  void printsItsTypeOnly() {
    assertThat(List.of(block("KEY", 1, 2, 3))).hasToString("[PemBlock[KEY]]");
  }

  private static PemBlock block(String type, int... bytes) {
    ByteBuffer der = ByteBuffer.allocate(bytes.length);
    for (int b : bytes) {
      der.put((byte) b);
    }
    return new PemBlock(type, der.flip());
  }
}
