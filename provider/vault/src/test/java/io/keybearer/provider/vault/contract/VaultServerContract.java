package io.keybearer.provider.vault.contract;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/**
 * All that Keybearer relies on a Vault or OpenBao server for, over raw HTTP. What a test needs, it
 * configures in a server that may be anybody's, under names of its own.
 */
abstract class VaultServerContract
    implements ProtocolContract,
        KvContract,
        TokenContract,
        LeaseContract,
        PolicyContract,
        LoginContract,
        OtherLoginContract,
        NamespaceContract,
        PkiContract {

  private @Nullable VaultTarget target;

  /** The server to prove. */
  abstract VaultTarget open();

  @BeforeEach
  void begin() {
    target = open();
  }

  @AfterEach
  void end() {
    vault().close();
  }

  @Override
  public VaultTarget vault() {
    if (target == null) {
      throw new IllegalStateException("no test has begun");
    }
    return target;
  }
}
