package io.keybearer.provider.reader;

import io.keybearer.provider.Deadline;
import io.keybearer.provider.MountId;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.Set;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/** A ledger that keeps nothing: what was minted ends with the process, or by itself. */
final class NoLedger implements MintLedger {

  private static final int KEY_BYTES = 32;

  private final SecretKey key;

  NoLedger() {
    byte[] random = new byte[KEY_BYTES];
    new SecureRandom().nextBytes(random);
    key = new SecretKeySpec(random, "HmacSHA256");
  }

  @Override
  public boolean keeps() {
    return false;
  }

  @Override
  public SecretKey key() {
    return key;
  }

  @Override
  public Set<MountId> mounts() {
    return Set.of();
  }

  @Override
  public String stamp(MountId mount) {
    return "";
  }

  @Override
  public Optional<KeptMount> read(MountId mount) {
    return Optional.empty();
  }

  @Override
  public Hold hold(MountId mount, Deadline deadline) {
    throw new IllegalStateException("a ledger that keeps nothing has no records");
  }
}
