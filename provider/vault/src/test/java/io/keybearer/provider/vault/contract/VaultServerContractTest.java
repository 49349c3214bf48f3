package io.keybearer.provider.vault.contract;

import io.keybearer.provider.vault.fake.VaultClient;
import java.net.URI;
import org.junit.jupiter.api.Tag;

/**
 * The same of a real server, which {@code -Pvault-server} selects. {@code KEYBEARER_VAULT_ADDR}
 * says where it is, plain HTTP; {@code KEYBEARER_VAULT_TOKEN} is a root token.
 */
@Tag("vault-server")
class VaultServerContractTest extends VaultServerContract {

  @Override
  VaultTarget open() {
    return target();
  }

  static URI address() {
    return URI.create(
        setting("KEYBEARER_VAULT_ADDR", "where the server is, as http://127.0.0.1:8200"));
  }

  static VaultTarget target() {
    String token = setting("KEYBEARER_VAULT_TOKEN", "a root token of it");
    // It is not sealed: that is another test's, which has the key.
    return new VaultTarget(VaultClient.of(address(), token), "");
  }

  static String setting(String name, String meaning) {
    String value = System.getenv().getOrDefault(name, "");
    if (value.isEmpty()) {
      throw new IllegalStateException("set " + name + ": " + meaning);
    }
    return value;
  }
}
