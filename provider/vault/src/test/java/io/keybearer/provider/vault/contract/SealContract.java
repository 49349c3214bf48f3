package io.keybearer.provider.vault.contract;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What a sealed server says. It closes the server for everybody, for a moment. */
interface SealContract extends ServerUnderContract {

  @Test
  default void answersNothingWhileItIsSealed() {
    String kv = vault().mount("kv");
    vault().root().write(kv + "/a", "x", 1);
    vault().root().write("sys/seal");
    try {
      String sealed = "503 {\"errors\":[\"Vault is sealed\"]}";
      assertThat(vault().root().get(kv + "/a").shape()).isEqualTo(sealed);
      assertThat(vault().nobody().post("auth/any/login", "role", "a").shape()).isEqualTo(sealed);
      assertThat(vault().nobody().get("sys/health").status()).isEqualTo(503);
      assertThat(vault().nobody().get("sys/health?sealedcode=210").status()).isEqualTo(210);
      assertThat(vault().nobody().get("sys/seal-status").at("sealed")).isEqualTo("true");
      assertThat(vault().nobody().post("sys/unseal", "key", "").status()).isEqualTo(400);
    } finally {
      vault().nobody().write("sys/unseal", "key", vault().unsealKey());
    }
    assertThat(vault().nobody().get("sys/seal-status").at("sealed")).isEqualTo("false");
    assertThat(vault().root().get(kv + "/a").at("data")).isEqualTo("{\"x\":1}");
  }
}
