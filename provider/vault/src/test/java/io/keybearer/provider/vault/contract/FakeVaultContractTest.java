package io.keybearer.provider.vault.contract;

import io.keybearer.provider.vault.fake.FakeVault;
import io.keybearer.provider.vault.fake.VaultClient;
import org.junit.jupiter.api.AfterAll;

/** What {@link FakeVault} promises. */
class FakeVaultContractTest extends VaultServerContract implements SealContract {

  private static final FakeVault VAULT = FakeVault.start();
  private static final VaultClient ROOT = VaultClient.of(VAULT.address(), VAULT.rootToken());

  @AfterAll
  static void stop() {
    VAULT.close();
  }

  @Override
  VaultTarget open() {
    return new VaultTarget(ROOT, VAULT.unsealKey());
  }
}
