package io.keybearer.provider.reader;

import io.keybearer.provider.MountId;

/**
 * Looks again and again for what has ended by itself, and for what nobody needs. Under the lock.
 */
final class MintSweep {

  private final ReaderState state;

  MintSweep(ReaderState state) {
    this.state = state;
  }

  /** One look; whether there is anything left to look at. */
  boolean look() {
    long now = state.ticker().nanos();
    state
        .mints()
        .forEach(
            (key, mint) -> {
              if (mint.ends() - now > 0) {
                return;
              }
              if (state.keeping().leads(mint.session())) {
                tellEnd(key, mint);
                state.mints().lapsed(key, mint);
              } else {
                // The owner may have renewed it: the next call looks.
                state.mints().takenAway(key, mint);
              }
            });
    state.mints().mounts().forEach(this::endOrphan);
    return state.mints().count() > 0;
  }

  private void tellEnd(EntryKey key, Mint mint) {
    MountId mount = key.session().mount();
    if (!state.renewals().isGivenUp(mount) && !state.mints().hasEnded(mount.podUid())) {
      state.telling().tell(new MintNews.Ended(mint.pod(), key.session().key().backend()));
    }
  }

  private void endOrphan(MountId mount) {
    if (!state.signs().isOrphan(mount, state.records().withoutCall(mount))) {
      return;
    }
    state.mints().held(mount).entrySet().stream()
        .findFirst()
        .filter(made -> state.keeping().leads(made.getValue().session()))
        .ifPresent(
            made -> {
              String store = made.getKey().session().key().backend();
              state.telling().tell(new MintNews.OrphanGivenBack(made.getValue().pod(), store));
              state.mints().end(mount);
            });
  }
}
