package io.keybearer.provider.vault.contract;

import io.keybearer.provider.fake.Json;
import io.keybearer.provider.vault.VaultDialect;
import io.keybearer.provider.vault.fake.FakeVault;
import io.keybearer.provider.vault.fake.VaultClient;
import java.net.URI;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;

/** Mounts from a fake server of their own, of which more can be asked than of a real one. */
@Timeout(60)
abstract class FakeMounts implements MountUnderContract {

  private final FakeVault fake = FakeVault.start();
  private final VaultTarget target =
      new VaultTarget(VaultClient.of(fake.address(), fake.rootToken()), fake.unsealKey());
  private final MountNode node = MountNode.of(target.tokens(), VaultDialect.VAULT);

  @AfterEach
  void stop() {
    node.close();
    target.reviews().close();
    fake.close();
  }

  FakeVault fake() {
    return fake;
  }

  @Override
  public VaultTarget vault() {
    return target;
  }

  @Override
  public MountNode node() {
    return node;
  }

  @Override
  public URI address() {
    return fake.address();
  }

  /** The object that {@link #stored} has made. */
  static final String OBJECT = "{objectName: a, secretPath: secret/data/a, secretKey: a}";

  /** Stores a secret and makes a login that may read it. */
  String stored() {
    vault().root().write("secret/data/a", "data", Json.object("a", "1"));
    return login("secret/*", "sys/health", "database/*", "pki/*");
  }

  /** How a failure of the only object is told. */
  static String because(String cause) {
    return "vault: error making mount request: couldn't read secret \"a\": " + cause;
  }

  /** The block of an answer to the read of it. */
  String block(int status, String errors) {
    return "error requesting secret: Error making API request. URL: GET %s/v1/secret/data/a Code: %d. %s"
        .formatted(address(), status, errors);
  }
}
