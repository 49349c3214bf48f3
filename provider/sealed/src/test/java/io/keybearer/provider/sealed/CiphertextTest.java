package io.keybearer.provider.sealed;

import static io.keybearer.provider.sealed.Failures.assertFails;
import static org.assertj.core.api.Assertions.assertThat;

import io.keybearer.provider.MountFailure;
import io.keybearer.provider.Reason;
import java.util.Arrays;
import java.util.Base64;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class CiphertextTest {

  private static final String REMEDY = "; put the whole output of kubeseal --raw there";

  @ParameterizedTest
  @MethodSource("io.keybearer.provider.sealed.Golden#rows")
  void takesApartWhatKubesealMade(Golden golden) throws MountFailure {
    byte[] sealed = golden.sealed();
    int rsaBytes = golden.key().equals("small") ? 256 : 512;

    Ciphertext ciphertext = Ciphertext.parse(golden.data());

    assertThat(ciphertext.sessionKeyLength()).isEqualTo(rsaBytes);
    assertThat(ciphertext.sessionKey()).isEqualTo(Arrays.copyOfRange(sealed, 2, 2 + rsaBytes));
    assertThat(ciphertext.sealedValue())
        .isEqualTo(Arrays.copyOfRange(sealed, 2 + rsaBytes, sealed.length));
    assertThat(ciphertext.valueLength()).isEqualTo(golden.plaintext().length());
  }

  @ParameterizedTest
  @CsvSource({
    "strict, sha256:be965376c5561f08",
    "strict-folded, sha256:be965376c5561f08",
    "strict-small, sha256:2bbbc4cc04f1560c"
  })
  void versionIsThatOfTheSealedBytes(String id, String version) throws MountFailure {
    assertThat(Ciphertext.parse(Golden.of(id).data()).version()).isEqualTo(version);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\n", "\r\n", " ", "\t", "\n\n    "})
  void skipsWhiteSpaceWhereverItStands(String space) throws MountFailure {
    String data = Golden.of("strict-small").data();
    String spaced = space + data.replaceAll("(.{5})", "$1" + space) + space;

    assertThat(Ciphertext.parse(spaced)).isEqualTo(Ciphertext.parse(data));
  }

  @ParameterizedTest
  @CsvSource({
    "hunter2, is base64 that was cut off",
    "hunter, is base64 that was cut off",
    "p@ssword, is not base64",
    "correct horse battery staple!, is base64 that was cut off",
    "AAAAA===, is not base64",
    "====, is not base64",
    "AgA_, is not base64",
    "AgA\u00a0, is not base64",
    "'   ', is too short for a sealed value",
    "AA==, is too short for a sealed value",
    "Ag==, is too short for a sealed value",
    "AgA=, ends before the sealed value does",
    "AAA=, ends before the sealed value does",
    "password, ends before the sealed value does",
    "AABBBBBBBBBBBBBBBBBBBBBB, is fine"
  })
  void tellsWhatIsWrongAndQuotesNothing(String data, String problem) throws MountFailure {
    if (problem.equals("is fine")) {
      assertThat(Ciphertext.parse(data).valueLength()).isZero();
      return;
    }
    assertFails(
        () -> Ciphertext.parse(data), Reason.INVALID_PARAMETERS, "\"data\" " + problem + REMEDY);
  }

  @Test
  void refusesAValueThatEndsInsideItsTag() {
    byte[] sealed = new byte[2 + 256 + 15];
    sealed[0] = 1;

    assertFails(
        () -> Ciphertext.parse(Base64.getEncoder().encodeToString(sealed)),
        Reason.INVALID_PARAMETERS,
        "\"data\" ends before the sealed value does" + REMEDY);
  }

  @Test
  void readsTheLengthAsUnsigned() {
    byte[] sealed = new byte[40];
    Arrays.fill(sealed, (byte) 0xff);

    assertFails(
        () -> Ciphertext.parse(Base64.getEncoder().encodeToString(sealed)),
        Reason.INVALID_PARAMETERS,
        "\"data\" ends before the sealed value does" + REMEDY);
  }

  @Property
  void anyTextParsesOrFailsWithInvalidParameters(@ForAll String text) {
    assertParsesOrFails(text);
  }

  @Property
  void anyBytesParseOrFailWithInvalidParameters(@ForAll byte[] bytes) {
    assertParsesOrFails(Base64.getEncoder().encodeToString(bytes));
  }

  private static void assertParsesOrFails(String text) {
    try {
      Ciphertext ciphertext = Ciphertext.parse(text);
      assertThat(ciphertext.sealedValue()).hasSize(ciphertext.valueLength() + 16);
      assertThat(ciphertext.sessionKey()).hasSize(ciphertext.sessionKeyLength());
    } catch (MountFailure failure) {
      assertThat(failure.reason()).isEqualTo(Reason.INVALID_PARAMETERS);
    }
  }

  @Test
  void equalsWhatHasTheSameBytesOnly() throws MountFailure {
    Ciphertext strict = Ciphertext.parse(Golden.of("strict").data());

    assertThat(strict)
        .isEqualTo(Ciphertext.parse(Golden.of("strict-folded").data()))
        .hasSameHashCodeAs(Ciphertext.parse(Golden.of("strict-folded").data()))
        .isNotEqualTo(Ciphertext.parse(Golden.of("strict-middle").data()))
        .isNotEqualTo(strict.digest());
  }

  @Test
  void printsItsVersionOnly() throws MountFailure {
    assertThat(Ciphertext.parse(Golden.of("strict").data())).hasToString("sha256:be965376c5561f08");
  }
}
