package io.keybearer.provider.vault.contract;

import org.junit.jupiter.api.Tag;

/** The contract of a server, kept by OpenBao in a container. */
@Tag("containers")
class OpenBaoContainerContractTest extends VaultServerContract {

  @Override
  VaultTarget open() {
    return Containers.target(Containers.openbao());
  }
}
