package io.keybearer.provider.reader;

import io.keybearer.provider.Login;
import io.keybearer.provider.MountFailure;
import io.keybearer.provider.MountId;
import io.keybearer.provider.ReadOutcome;
import io.keybearer.provider.Scope;
import io.keybearer.provider.SecretRef;
import io.keybearer.provider.SecretValue;
import io.keybearer.provider.reader.TimedOutcome.Source;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What memory holds for one mount, and under which sessions. Under the lock. */
final class MountMemory {

  private final ReaderState state;
  private final PlannedMount planned;
  private final PodProof proof;
  private final Map<String, Long> generations;
  private final MountRecord record;
  private final Demand demand;

  /**
   * What memory holds for that mount.
   *
   * @param generations those of the stores that it reads from, by name
   * @param arrived when it was asked for
   */
  MountMemory(
      ReaderState state,
      PlannedMount planned,
      PodProof proof,
      Map<String, Long> generations,
      long arrived) {
    this.state = state;
    this.planned = planned;
    this.proof = proof;
    this.generations = generations;
    this.record = state.records().of(planned.mount());
    record.tried(planned.parameters());
    this.demand =
        new Demand(
            record,
            planned.freshness(),
            record.isAnswered(planned.parameters()),
            arrived,
            state.ticker());
  }

  PlannedMount planned() {
    return planned;
  }

  MountRecord record() {
    return record;
  }

  /** Whether the mount's pod has files that were made under the same parameters. */
  boolean isRepublish() {
    return demand.republish();
  }

  /** When the mount came. */
  long arrived() {
    return demand.arrived();
  }

  /** What tells this pod's tokens for a login from others. */
  String tokensOf(Login login) {
    return proof.tokensOf(login);
  }

  /** Whether the driver brought each token of a login, and none has expired. */
  boolean hasTokensFor(Login login) {
    return proof.missing(login, state.now()).isEmpty();
  }

  /** The sessions of a login for this mount. */
  MountLogin of(Login login) {
    SessionId shared =
        new SessionId(
            login.key(),
            proof.serviceAccountUid(),
            proof.secrets(),
            generations.getOrDefault(login.key().backend(), 0L),
            MountId.NOBODY);
    return new MountLogin(login, shared, shared.of(planned.mount()));
  }

  /**
   * The scope of a reference's value for this mount, as far as it was ever proven; {@link
   * Scope#UNPROVEN} if it never was.
   */
  Scope scope(MountLogin login, SecretRef reference) {
    if (!planned.freshness().sharing()) {
      return Scope.MOUNT;
    }
    return state.scopes().isDeclared(reference.scope())
        ? reference.scope()
        : state.scopes().known(question(login, reference), login.own(), reference.scope());
  }

  /** The scope to read it with now: a proof that is too old is asked for again. */
  Scope scopeToRead(MountLogin login, SecretRef reference) {
    boolean due =
        reference.scope() == Scope.UNPROVEN
            && planned.freshness().sharing()
            && state.scopes().isDue(question(login, reference), login.own());
    return due ? Scope.UNPROVEN : scope(login, reference);
  }

  /** What a store would be asked about that reference. */
  Scopes.Question question(MountLogin login, SecretRef reference) {
    return new Scopes.Question(state.endpoint(login.shared()), reference.subject());
  }

  /** What a reference of that scope is kept under. */
  EntryKey entry(MountLogin login, SecretRef reference, Scope scope) {
    return new EntryKey(scope == Scope.SHARED ? login.shared() : login.own(), reference);
  }

  /** What is known, and will do for this mount. */
  Optional<TimedOutcome> find(MountLogin login, SecretRef reference) {
    Scope scope = scope(login, reference);
    EntryKey entry = entry(login, reference, scope);
    Optional<SecretValue> minted =
        state.mints().isEmptyOf(planned.mount())
            ? Optional.empty()
            : state.mints().find(new EntryKey(login.own(), reference));
    if (minted.isPresent()) {
      return minted.map(value -> fromMemory(new ReadOutcome.Value(value)));
    }
    Known known = state.memory().find(entry, planned.freshness());
    if (known != null && demand.takes(entry, known)) {
      return Optional.of(fromMemory(new ReadOutcome.Value(known.value())));
    }
    return state
        .refusals()
        .find(refused(login, entry))
        .map(failure -> fromMemory(new ReadOutcome.Failed(failure)));
  }

  private static TimedOutcome fromMemory(ReadOutcome outcome) {
    return new TimedOutcome(outcome, Source.MEMORY, Duration.ZERO);
  }

  /** The older value that will do while the store fails like that. */
  Optional<SecretValue> findStale(MountLogin login, SecretRef reference, MountFailure failure) {
    EntryKey entry = entry(login, reference, scope(login, reference));
    return Optional.ofNullable(state.memory().find(entry, planned.freshness()))
        .filter(known -> demand.takesStale(entry, known, failure))
        .filter(known -> hasTokens(login.login()))
        .map(Known::value);
  }

  /** Whether the pod could log in now: with tokens that came or were made for it. */
  private boolean hasTokens(Login login) {
    List<String> missing = proof.missing(login, state.now());
    return missing.isEmpty() || state.tokens().holds(planned.pod(), missing);
  }

  /** What a refusal of that entry is remembered under. */
  Refusals.Refused refused(MountLogin login, EntryKey entry) {
    return new Refusals.Refused(
        planned.mount(), entry, proof.tokensOf(login.login()), planned.parameters());
  }
}
