package io.keybearer.provider.reader;

import io.keybearer.provider.Deadline;
import io.keybearer.provider.MountFailure;
import io.keybearer.provider.Session;
import java.util.Optional;

/** A login under way, with the credentials of one of the mounts that wait for it. */
final class Opening implements StoreCall.Asker<Session> {

  private final SessionReads session;
  private final MountReading opener;
  private final StoreCall<Session> call;
  private Deadline longest;

  Opening(ReaderState state, SessionReads session, MountReading opener) {
    this.session = session;
    this.opener = opener;
    this.longest = opener.deadline();
    this.call =
        new StoreCall<>(
            state,
            session.id(),
            state.backend(session.id()).repeatsLogins(),
            deadline ->
                state.backend(session.id()).open(session.login(), opener.credentials(), deadline),
            this);
  }

  void start() {
    call.start();
  }

  void cancel() {
    call.cancel();
  }

  /** What the last try met, if one has failed. */
  Optional<MountFailure> lastFailure() {
    return call.lastFailure();
  }

  /** What tells the tokens that it logs in with from others. */
  String tokens() {
    return opener.memory().tokensOf(session.login());
  }

  @Override
  public Deadline deadline() {
    longest = session.latest(longest);
    return longest;
  }

  @Override
  public void answered(Session opened, long began) {
    session.opened(new OpenSession(opened, tokens(), began));
  }

  @Override
  public void failed(MountFailure failure) {
    session.notOpened(this, failure);
  }
}
