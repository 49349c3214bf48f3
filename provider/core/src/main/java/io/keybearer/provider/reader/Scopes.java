package io.keybearer.provider.reader;

import com.github.benmanes.caffeine.cache.Cache;
import io.keybearer.provider.Scope;
import io.keybearer.provider.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What stores have proven of the scope of their values. One mount asks about a subject, in its own
 * session; whoever comes meanwhile waits for the answer.
 */
final class Scopes {

  private static final Duration ASK_AGAIN = Duration.ofMinutes(10);
  private static final Duration KEEP_UNUSED = Duration.ofDays(2);
  private static final int MOST = 10_000;

  /** A subject, at a store. */
  record Question(ReaderState.BackendEndpoint endpoint, Object subject) {}

  private record OfSession(Question question, SessionId session) {}

  private record Asked(SessionId by, List<Runnable> waiting) {}

  private record Proof(Scope scope, long given) {}

  private final Ticker ticker;
  private final Cache<Question, Proof> proven;
  private final Cache<OfSession, Scope> refused;
  private final Map<Question, Asked> asked = new HashMap<>();

  /** Whether a reference that was declared to be shared ever turned out not to be. */
  private boolean overruled;

  Scopes(Ticker ticker) {
    this.ticker = ticker;
    // Proofs that are too old still tell where values are kept.
    proven = ReaderCaches.of(MOST, ticker).expireAfterAccess(KEEP_UNUSED).build();
    refused = ReaderCaches.of(MOST, ticker).expireAfterWrite(ASK_AGAIN).build();
  }

  /** Whether a scope is what it was declared to be: nothing was ever proven to the contrary. */
  boolean isDeclared(Scope declared) {
    return declared == Scope.MOUNT || (declared == Scope.SHARED && !overruled);
  }

  /** The scope as far as that session knows it: proven, refused, or what is declared. */
  Scope known(Question question, SessionId session, Scope declared) {
    if (declared == Scope.UNPROVEN && isRefused(question, session)) {
      return Scope.MOUNT;
    }
    Proof proof = proven.getIfPresent(question);
    return proof == null ? declared : proof.scope();
  }

  private boolean isRefused(Question question, SessionId session) {
    return refused.getIfPresent(new OfSession(question, session)) != null;
  }

  /** Whether it has to be asked, again perhaps. */
  boolean isDue(Question question, SessionId session) {
    Proof proof = proven.getIfPresent(question);
    boolean isOld = proof == null || ticker.nanos() - proof.given() >= ASK_AGAIN.toNanos();
    return isOld && !isRefused(question, session);
  }

  /** Begins to ask in that session; whether nobody asks already. */
  boolean ask(Question question, SessionId session) {
    return asked.putIfAbsent(question, new Asked(session, new ArrayList<>())) == null;
  }

  /**
   * Does that once the question that is asked is answered or given up; whether it has to wait: the
   * session that asks reads side by side.
   */
  boolean await(Question question, SessionId session, Runnable then) {
    Asked now = asked.get(question);
    if (now == null || now.by().equals(session)) {
      return false;
    }
    now.waiting().add(then);
    return true;
  }

  /** Told what a store has proven. Those who waited are told too. */
  void answered(Question question, Scope scope) {
    proven.put(question, new Proof(scope, ticker.nanos()));
    tell(question);
  }

  /** Told that the store made something where it should have had it stored. */
  void overrule(Question question) {
    overruled = true;
    answered(question, Scope.MOUNT);
  }

  /** Told that the store does not tell that session; another one may ask. */
  void refused(Question question, SessionId session) {
    refused.put(new OfSession(question, session), Scope.MOUNT);
    tell(question);
  }

  /** Told that nobody asks any more. */
  void givenUp(Question question) {
    tell(question);
  }

  private void tell(Question question) {
    Asked told = asked.remove(question);
    if (told != null) {
      told.waiting().forEach(Runnable::run);
    }
  }
}
