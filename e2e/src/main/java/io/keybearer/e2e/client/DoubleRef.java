package io.keybearer.e2e.client;

import io.keybearer.provider.Scope;
import io.keybearer.provider.SecretRef;

/**
 * A secret of the store.
 *
 * @param path where it is
 * @param version the number of the one version that is meant, empty for the newest
 * @param minted whether the store makes it for who asks
 * @param mount what the store has to prove before it may be shared, empty for what is shared anyway
 */
record DoubleRef(String path, String version, boolean minted, String mount) implements SecretRef {

  @Override
  public Scope scope() {
    if (minted) {
      return Scope.MOUNT;
    }
    return mount.isEmpty() ? Scope.SHARED : Scope.UNPROVEN;
  }

  @Override
  public boolean immutable() {
    return !version.isEmpty();
  }

  @Override
  public Object subject() {
    return mount.isEmpty() ? this : mount;
  }

  @Override
  public String lastingName() {
    return minted ? minted(path) : "read " + path + " " + version;
  }

  /** The lasting name of what is minted there. */
  static String minted(String path) {
    return "mint " + path;
  }
}
