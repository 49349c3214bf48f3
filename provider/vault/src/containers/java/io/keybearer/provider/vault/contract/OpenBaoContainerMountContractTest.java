package io.keybearer.provider.vault.contract;

import java.net.URI;
import org.junit.jupiter.api.Tag;

/** Whole mounts from OpenBao in a container. */
@Tag("containers")
class OpenBaoContainerMountContractTest extends MountContract {

  @Override
  VaultTarget open() {
    return Containers.target(address());
  }

  @Override
  public URI address() {
    return Containers.openbao();
  }
}
