package io.keybearer.provider.reader;

import io.keybearer.provider.Credentials;
import io.keybearer.provider.Deadline;
import io.keybearer.provider.MountFailure;
import io.keybearer.provider.PodIdentity;
import io.keybearer.provider.Reason;
import io.keybearer.provider.Session;
import java.time.Duration;
import java.util.Optional;

/** A login under way, with the credentials of one of the mounts that wait for it. */
final class Opening implements StoreCall.Asker<LedgerCalls.Opened> {

  /** Not all of a try: whoever waits is told of what makes tokens, and not of the store. */
  private static final Duration LONGEST_PREPARING = Duration.ofSeconds(10);

  private final ReaderState state;
  private final SessionReads session;
  private final MountReading opener;
  private final StoreCall<LedgerCalls.Opened> call;
  private Deadline longest;
  private volatile boolean prepared = true;

  Opening(ReaderState state, SessionReads session, MountReading opener) {
    this.state = state;
    this.session = session;
    this.opener = opener;
    this.longest = opener.deadline();
    this.call =
        new StoreCall<>(
            state,
            session.id(),
            state.backend(session.id()).repeatsLogins(),
            new LoginRequest(),
            this);
  }

  /** The login itself, with a token that is made for it where the driver brought none. */
  private final class LoginRequest implements StoreCall.Request<LedgerCalls.Opened> {

    private volatile Credentials credentials = opener.credentials();

    @Override
    public void prepare(Deadline deadline) throws MountFailure, InterruptedException {
      prepared = false;
      Deadline sooner = deadline.orEarlier(Deadline.after(LONGEST_PREPARING, state.ticker()));
      credentials = state.tokens().complete(session.login(), opener.credentials(), pod(), sooner);
      prepared = true;
    }

    @Override
    public LedgerCalls.Opened send(Deadline deadline) throws MountFailure, InterruptedException {
      return state.keeping().calls().open(session.id(), pod(), this::open, deadline);
    }

    private Session open(Deadline deadline) throws MountFailure, InterruptedException {
      Session opened = state.backend(session.id()).open(session.login(), credentials, deadline);
      if (opened.life().time().isZero()) {
        // Whoever waits would log in again, as fast as the store answers.
        throw MountFailure.of(
            Reason.PRECONDITION,
            "the login was over when it came",
            "set the clocks of this node and of the store");
      }
      return opened;
    }
  }

  private PodIdentity pod() {
    return opener.memory().planned().pod();
  }

  /** Whether it had its tokens when it ended: else it never came to the store. */
  boolean hadTokens() {
    return prepared;
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
  public void answered(LedgerCalls.Opened opened, long began) {
    OpenSession open =
        state
            .keeping()
            .known(session.id().mount(), opened.keptAs())
            .orElseGet(() -> new OpenSession(opened.session(), tokens(), began, opened.keptAs()));
    state.keeping().opened(session.id(), open);
    opened.seen().ifPresent(state.keeping()::apply);
    session.opened(open);
  }

  @Override
  public void failed(MountFailure failure) {
    if (failure.reason() == Reason.LOGIN_FAILED) {
      // The next login asks for another: this one may have died before its time.
      state.tokens().forget(pod(), session.login());
    }
    session.notOpened(this, failure);
  }
}
