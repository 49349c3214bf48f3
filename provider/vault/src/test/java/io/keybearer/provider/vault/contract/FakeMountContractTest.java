package io.keybearer.provider.vault.contract;

import io.keybearer.provider.vault.fake.FakeVault;
import io.keybearer.provider.vault.fake.VaultClient;
import java.net.URI;
import org.junit.jupiter.api.AfterAll;

/** Whole mounts from {@link FakeVault}. */
class FakeMountContractTest extends MountContract {

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

  @Override
  public URI address() {
    return VAULT.address();
  }
}
