package io.keybearer.provider.vault;

import io.keybearer.provider.Deadline;
import io.keybearer.provider.SecretBytes;
import io.keybearer.provider.SessionLife;
import io.keybearer.provider.http.HttpCall;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * A login in each request: OpenBao keeps nothing of it, and makes no leases for it.
 *
 * @param left how long the pod's token lives from the beginning of the session
 */
record InlineAccess(VaultIdentity identity, SecretBytes jwt, Duration left) implements VaultAccess {

  @Override
  public HttpCall on(HttpCall call, String namespace) {
    return InlineAuth.on(VaultAccess.in(call, namespace), identity, jwt);
  }

  @Override
  public SessionLife life() {
    return SessionLife.of(left);
  }

  @Override
  public boolean sharesReads() {
    return false;
  }

  @Override
  public boolean canBeLookedUp() {
    return false;
  }

  @Override
  public SessionLife renew(Deadline deadline) {
    return SessionLife.of(Duration.ZERO);
  }

  @Override
  public Optional<SecretBytes> state(Map<String, VaultLease> leases) {
    return Optional.empty();
  }

  @Override
  public void end(Deadline deadline) {
    // The store has kept nothing.
  }
}
