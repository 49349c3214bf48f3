package io.keybearer.e2e.bench;

import io.keybearer.e2e.store.StoreServer;
import io.keybearer.proto.MountRequest;

/** Mounts from the store double of secrets that nobody has asked for before. */
final class DoubleMounts implements FirstMounts.Source {

  private final StoreServer store;
  private final boolean unproven;
  private int number;

  /**
   * Mounts of that store.
   *
   * @param unproven whether a proof goes beside the reads
   */
  DoubleMounts(StoreServer store, boolean unproven) {
    this.store = store;
    this.unproven = unproven;
  }

  @Override
  public MountRequest unseen(int objects) {
    String name = "n" + number++;
    String more = "";
    if (unproven) {
      store.secrets().proof("kv-" + name, true);
      more = ", unproven: kv-" + name;
    }
    String yaml = DoubleProcess.secrets(store, name, objects, more, 50);
    return BenchPod.of(name, "sa-" + name, yaml).mount(store);
  }

  @Override
  public void count() {
    store.log().clear();
  }

  /** Over connections that were there: else the figure is one of something else. */
  @Override
  public void requireFirst(int mounts, int objects) {
    boolean cold =
        store.log().counts().logins() == mounts
            && store.log().counts().reads() == (long) mounts * objects
            && store.log().counts().proofs() == (unproven ? mounts : 0);
    if (!cold || store.log().connections() > objects) {
      throw new IllegalStateException(
          store.log().counts() + " over " + store.log().connections() + " new connections");
    }
  }
}
