package io.keybearer.provider.vault.contract;

import io.keybearer.provider.vault.fake.FakeVault;
import org.junit.jupiter.api.AfterAll;

/** What {@link FakeVault} promises. */
class FakeVaultContractTest extends VaultServerContract {

  private static final FakeVault VAULT = FakeVault.start();

  @AfterAll
  static void stop() {
    VAULT.close();
  }

  @Override
  VaultTarget open() {
    return VaultTarget.of(VAULT);
  }
}
