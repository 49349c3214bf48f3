package io.keybearer.provider.vault.contract;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A test with a server, which is opened anew for each of its methods. */
abstract class OpenServer implements ServerUnderContract {

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
