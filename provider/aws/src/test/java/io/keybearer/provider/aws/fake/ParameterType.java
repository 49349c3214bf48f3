package io.keybearer.provider.aws.fake;

import java.util.Arrays;

/** What a parameter is. */
public enum ParameterType {
  /** Text. */
  STRING("String"),
  /** Texts with commas between them. */
  STRING_LIST("StringList"),
  /** Text that is stored encrypted. */
  SECURE_STRING("SecureString");

  private final String word;

  ParameterType(String word) {
    this.word = word;
  }

  static ParameterType parse(String word) {
    return Arrays.stream(values())
        .filter(type -> type.word.equals(word))
        .findFirst()
        .orElseThrow(
            () ->
                Refusal.invalid(
                    word,
                    "type",
                    "Member must satisfy enum value set: [SecureString, StringList, String]"));
  }

  /** As AWS writes it. */
  @Override
  public String toString() {
    return word;
  }
}
