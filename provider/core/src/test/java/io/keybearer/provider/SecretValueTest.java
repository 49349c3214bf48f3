package io.keybearer.provider;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SecretValueTest {

  private static final SecretValue.Item ITEM =
      new SecretValue.Item("db", "7", SecretBytes.copyOf("hunter2".getBytes(UTF_8)));

  @Test
  void refusesToHaveNoItem() {
    assertThatThrownBy(() -> new SecretValue(List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a value without items");
  }

  @Test
  void countsTheBytesOfAllItems() {
    assertThat(new SecretValue(List.of(ITEM, ITEM, ITEM)).bytes()).isEqualTo(21);
  }

  @Test
  void keepsACopyOfItsItems() {
    List<SecretValue.Item> items = new ArrayList<>(List.of(ITEM));
    SecretValue value = new SecretValue(items);

    items.clear();

    assertThat(value.items()).containsExactly(ITEM);
  }

  @Test
  void ofOneItemEqualsTheListOfIt() {
    assertThat(SecretValue.of("db", "7", ITEM.bytes())).isEqualTo(new SecretValue(List.of(ITEM)));
  }

  @Test
  void printsNothingOfTheSecret() {
    assertThat(new SecretValue(List.of(ITEM)).toString())
        .isEqualTo(
            "SecretValue[items=[Item[name=db, version=7, bytes=SecretBytes[redacted]]],"
                + " mintedFor=PT0S]");
  }

  @Test
  void hasVersionsOfAnotherWhoseItemsAreTheSame() {
    SecretValue one = SecretValue.of("a", "1", SecretBytes.empty());

    assertThat(one.hasVersionsOf(SecretValue.of("a", "1", ScriptedBackend.bytes("x")))).isTrue();
    assertThat(one.hasVersionsOf(SecretValue.of("a", "2", SecretBytes.empty()))).isFalse();
    assertThat(one.hasVersionsOf(SecretValue.of("b", "1", SecretBytes.empty()))).isFalse();
    assertThat(one.hasVersionsOf(new SecretValue(List.of(one.items().get(0), one.items().get(0)))))
        .isFalse();
  }
}
