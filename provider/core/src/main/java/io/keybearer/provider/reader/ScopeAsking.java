package io.keybearer.provider.reader;

import io.keybearer.provider.Deadline;
import io.keybearer.provider.MountFailure;
import io.keybearer.provider.Scope;
import io.keybearer.provider.SecretRef;
import java.time.Duration;

/** A question to a store about the scope of its values, beside the first read of one. */
final class ScopeAsking implements StoreCall.Asker<Scope> {

  private static final Duration LONGEST = Duration.ofSeconds(30);

  private final ReaderState state;
  private final SessionReads asker;
  private final OpenSession session;
  private final Scopes.Question question;
  private final SecretRef about;
  private final Deadline deadline;

  ScopeAsking(
      ReaderState state,
      SessionReads asker,
      OpenSession session,
      Scopes.Question question,
      SecretRef about) {
    this.state = state;
    this.asker = asker;
    this.session = session;
    this.question = question;
    this.about = about;
    this.deadline = Deadline.after(LONGEST, state.ticker());
  }

  void start() {
    new StoreCall<>(state, asker.id(), true, until -> session.session().prove(about, until), this)
        .start();
  }

  @Override
  public Deadline deadline() {
    return deadline;
  }

  @Override
  public void answered(Scope scope, long began) {
    if (scope == Scope.SHARED) {
      asker.share(question.subject(), session);
    }
    state.scopes().answered(question, scope);
  }

  @Override
  public void failed(MountFailure failure) {
    state.scopes().refused(question, asker.id());
  }
}
