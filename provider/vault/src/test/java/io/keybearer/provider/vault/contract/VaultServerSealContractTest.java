package io.keybearer.provider.vault.contract;

import io.keybearer.provider.vault.fake.VaultClient;
import org.junit.jupiter.api.Tag;

/**
 * Seals the real server of {@link VaultServerContractTest} and opens it again, which {@code
 * -Pvault-server-seal} selects: nobody else may use it. {@code KEYBEARER_VAULT_UNSEAL_KEY} is the
 * one key of its seal.
 */
@Tag("vault-server-seal")
class VaultServerSealContractTest extends OpenServer implements SealContract {

  @Override
  VaultTarget open() {
    String token = VaultServerContractTest.setting("KEYBEARER_VAULT_TOKEN", "a root token of it");
    String key =
        VaultServerContractTest.setting("KEYBEARER_VAULT_UNSEAL_KEY", "the one key of its seal");
    return new VaultTarget(VaultClient.of(VaultServerContractTest.address(), token), key);
  }
}
