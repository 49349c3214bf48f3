package io.keybearer.provider.reader;

import io.keybearer.provider.MountId;
import io.keybearer.provider.SessionKey;

/**
 * A session and whom it serves. Whatever is kept, is kept under one of these: what has another one
 * is never given out.
 *
 * @param key what the plan says of it
 * @param serviceAccountUid the UID of the service account, empty where no token tells it
 * @param secrets a keyed digest of the volume's Secret, empty without one
 * @param generation the store's, of {@link io.keybearer.provider.Backend#generation}
 * @param mount the one mount that it serves, or {@link MountId#NOBODY}
 */
record SessionId(
    SessionKey key, String serviceAccountUid, String secrets, long generation, MountId mount) {

  /** The session of the same identity that serves one mount alone. */
  SessionId of(MountId only) {
    return new SessionId(key, serviceAccountUid, secrets, generation, only);
  }

  /** Whether it serves every mount of its identity. */
  boolean isShared() {
    return mount.equals(MountId.NOBODY);
  }

  @Override
  public int hashCode() {
    return 31 * key.hashCode() + mount.hashCode();
  }
}
