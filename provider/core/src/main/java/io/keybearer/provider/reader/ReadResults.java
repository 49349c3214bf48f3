package io.keybearer.provider.reader;

import io.keybearer.provider.MountFailure;
import io.keybearer.provider.Reason;
import io.keybearer.provider.SecretValue;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What becomes of what was read in a session: where it is kept, and who gets it. Under the lock.
 */
final class ReadResults {

  private final ReaderState state;
  private final OpenSession session;

  ReadResults(ReaderState state, OpenSession session) {
    this.state = state;
    this.session = session;
  }

  /**
   * Keeps a value and hands it to all who wait.
   *
   * @param keptAs its id in the ledger, empty where it is in none
   */
  void value(SharedRead read, SecretValue value, String keptAs, long began) {
    if (value.bytes() > state.bounds().mostValueBytes()) {
      failure(read, tooLarge(value.bytes()));
    } else if (value.isMinted()) {
      minted(read, value, keptAs, began);
    } else {
      EntryKey key = key(read);
      state.tidyLater();
      SecretValue kept = state.memory().put(key, value, began, retention(read));
      List.copyOf(read.waiters()).forEach(waiter -> waiter.read(key, kept, read));
    }
  }

  private static EntryKey key(SharedRead read) {
    return new EntryKey(read.home().id(), read.reference());
  }

  private static Duration retention(SharedRead read) {
    return read.waiters().stream()
        .map(waiter -> ValueMemory.retention(waiter.memory().planned().freshness()))
        .max(Duration::compareTo)
        .orElse(Duration.ZERO);
  }

  /** What the store made for this read belongs to one mount: the one that paid for it. */
  private void minted(SharedRead read, SecretValue value, String keptAs, long began) {
    SessionReads home = read.home();
    PlannedMount owner = read.owner().memory().planned();
    EntryKey key = new EntryKey(home.id().of(owner.mount()), read.reference());
    if (home.id().isShared()) {
      // The proof was wrong: what it was about is read for each mount from now on.
      home.drop(session);
      state
          .scopes()
          .overrule(
              read.owner()
                  .memory()
                  .question(read.owner().memory().of(home.login()), read.reference()));
    }
    String name = session.keptAs().isEmpty() ? "" : keptAs;
    Optional<MountFailure> noRoom =
        state.mints().keep(key, owner.pod(), value, session, name, began);
    for (MountReading waiter : List.copyOf(read.waiters())) {
      if (!waiter.memory().planned().mount().equals(owner.mount())) {
        waiter.placeAgain(read);
      } else if (noRoom.isPresent()) {
        waiter.failed(key, noRoom.get());
      } else {
        waiter.read(key, value, read);
      }
    }
  }

  /** The store does not answer it together with others: those who wait have it read again. */
  void apart(SharedRead read) {
    if (!read.waiters().isEmpty()) {
      read.home().putBack(read);
    }
  }

  /** Hands a failure to all whom it is about. */
  void failure(SharedRead read, MountFailure failure) {
    EntryKey key = key(read);
    if (failure.reason() == Reason.LOGIN_FAILED) {
      refused(read, failure);
      return;
    }
    if (failure.reason() == Reason.NOT_FOUND || failure.reason() == Reason.ACCESS_DENIED) {
      // A later outage must not revive it.
      state.memory().delete(key);
    }
    List.copyOf(read.waiters()).forEach(waiter -> waiter.failed(key, failure));
  }

  /**
   * The store takes the session no longer. That says nothing of those who did not open it: they try
   * their own tokens, one after another.
   */
  private void refused(SharedRead read, MountFailure failure) {
    EntryKey key = key(read);
    read.home().drop(session);
    session.supersede();
    for (MountReading waiter : List.copyOf(read.waiters())) {
      boolean own = session.tokens().equals(waiter.memory().tokensOf(read.home().login()));
      if (own && session.opened() - waiter.memory().arrived() >= 0) {
        waiter.failed(key, failure);
      }
    }
    if (read.waiters().isEmpty()) {
      state.memory().delete(key);
    } else {
      read.home().putBack(read);
    }
  }

  private MountFailure tooLarge(long bytes) {
    int most = state.bounds().mostValueBytes();
    return MountFailure.of(
        Reason.INVALID_PARAMETERS,
        "the value has " + bytes + " bytes, and one value may have " + most,
        "store less in it, or raise --max-value-bytes");
  }
}
