package io.keybearer.provider.vault.contract;

import io.keybearer.provider.vault.VaultDialect;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;

/** All that pods get of a Vault or OpenBao server through Keybearer, in whole mounts. */
@Timeout(60)
abstract class MountContract implements StoredMounts, MintedMounts, LoginMounts, RefusedMounts {

  private @Nullable VaultTarget target;
  private @Nullable MountNode node;

  /** The server to mount from. */
  abstract VaultTarget open();

  @BeforeEach
  void begin() {
    target = open();
    node = MountNode.of(target.tokens(), VaultDialect.VAULT);
  }

  @AfterEach
  void end() {
    node().close();
    vault().close();
  }

  @Override
  public VaultTarget vault() {
    return begun(target);
  }

  @Override
  public MountNode node() {
    return begun(node);
  }

  private static <T> T begun(@Nullable T made) {
    if (made == null) {
      throw new IllegalStateException("no test has begun");
    }
    return made;
  }
}
