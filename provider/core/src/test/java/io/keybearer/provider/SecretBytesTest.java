package io.keybearer.provider;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SecretBytesTest {

  @Test
  void printsNothingOfTheSecret() {
    SecretBytes secret = bytes("hunter2");

    assertThat(secret.toString()).isEqualTo("SecretBytes[redacted]");
    assertThat(List.of(secret).toString()).isEqualTo("[SecretBytes[redacted]]");
  }

  @Test
  void isNotChangedThroughTheArrayItWasMadeOf() {
    byte[] given = "hunter2".getBytes(UTF_8);
    SecretBytes secret = SecretBytes.copyOf(given);

    given[0] = 'X';

    assertThat(secret.reveal()).isEqualTo("hunter2".getBytes(UTF_8));
  }

  @Test
  void isNotChangedThroughTheArrayItReveals() {
    SecretBytes secret = bytes("hunter2");

    secret.reveal()[0] = 'X';

    assertThat(secret.reveal()).isEqualTo("hunter2".getBytes(UTF_8));
  }

  @ParameterizedTest
  @CsvSource({
    "hunter2, hunter2, true",
    "hunter2, hunter3, false",
    "hunter2, Hunter2, false",
    "hunter2, hunter22, false",
    "hunter2, hunter, false",
    "'', '', true",
    "'', a, false"
  })
  void equalsWhatHasTheSameBytes(String one, String other, boolean equal) {
    assertThat(bytes(one).equals(bytes(other))).isEqualTo(equal);
  }

  @Property
  void equalityIsThatOfTheBytes(@ForAll byte[] one, @ForAll byte[] other) {
    SecretBytes secret = SecretBytes.copyOf(one);

    assertThat(secret).isEqualTo(SecretBytes.copyOf(one.clone()));
    assertThat(secret).hasSameHashCodeAs(SecretBytes.copyOf(one.clone()));
    assertThat(secret.equals(SecretBytes.copyOf(other))).isEqualTo(Arrays.equals(one, other));
  }

  @Test
  void equalsNothingOfAnotherType() {
    assertThat(bytes("hunter2")).isNotEqualTo("hunter2");
  }

  @Test
  void hashTellsTheLengthOnly() {
    assertThat(bytes("hunter2")).hasSameHashCodeAs(bytes("1234567"));
  }

  @Test
  void knowsItsLength() {
    assertThat(bytes("hunter2").length()).isEqualTo(7);
    assertThat(SecretBytes.empty().length()).isZero();
    assertThat(SecretBytes.empty()).isEqualTo(bytes(""));
  }

  private static SecretBytes bytes(String text) {
    return SecretBytes.copyOf(text.getBytes(UTF_8));
  }
}
