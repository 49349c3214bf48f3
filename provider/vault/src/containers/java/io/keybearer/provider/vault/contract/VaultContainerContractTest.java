package io.keybearer.provider.vault.contract;

import org.junit.jupiter.api.Tag;

/** The contract of a server, kept by Vault in a container. */
@Tag("containers")
class VaultContainerContractTest extends VaultServerContract {

  @Override
  VaultTarget open() {
    return Containers.target(Containers.vault());
  }
}
