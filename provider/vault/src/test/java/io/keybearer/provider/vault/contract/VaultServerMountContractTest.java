package io.keybearer.provider.vault.contract;

import java.net.URI;
import org.junit.jupiter.api.Tag;

/** The same of the real server that {@link VaultServerContractTest} is about. */
@Tag("vault-server")
class VaultServerMountContractTest extends MountContract {

  @Override
  VaultTarget open() {
    return VaultServerContractTest.target();
  }

  @Override
  public URI address() {
    return VaultServerContractTest.address();
  }
}
