package io.keybearer.provider.vault.fake;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A token: what it may do, whom it was given to, and how long it lives. */
final class FakeToken {

  /**
   * What never changes of it.
   *
   * @param path where it was made
   * @param parent the token that made it; empty for an orphan
   * @param bounds what its renewals are within
   */
  record Facts(
      String id,
      String accessor,
      TokenType type,
      FakeNamespace namespace,
      List<String> policies,
      String path,
      Map<String, String> metadata,
      String displayName,
      String entity,
      Optional<String> parent,
      boolean renewable,
      Ttl.Bounds bounds) {}

  private final Facts facts;
  private final Instant created;
  private final Duration first;
  private final long firstUses;
  private Optional<Instant> expires;
  private Optional<Instant> renewed = Optional.empty();
  private long uses;

  /**
   * A new one.
   *
   * @param ttl zero for one that never ends
   * @param uses zero for as many as wanted
   */
  FakeToken(Facts facts, Instant created, Duration ttl, long uses) {
    this.facts = facts;
    this.created = created;
    this.first = ttl;
    this.expires = ttl.isZero() ? Optional.empty() : Optional.of(created.plus(ttl));
    this.uses = uses;
    this.firstUses = uses;
  }

  Facts facts() {
    return facts;
  }

  Instant created() {
    return created;
  }

  Duration firstTtl() {
    return first;
  }

  Optional<Instant> expires() {
    return expires;
  }

  Optional<Instant> renewed() {
    return renewed;
  }

  long uses() {
    return uses;
  }

  /** How many it had at first, which is what answers to its making and renewing tell. */
  long firstUses() {
    return firstUses;
  }

  boolean isRoot() {
    return facts.policies.contains("root");
  }

  boolean isOver(Instant now) {
    return expires.filter(end -> !end.isAfter(now)).isPresent();
  }

  /** Seconds that it has left; 0 for one that never ends. */
  long secondsLeft(Instant now) {
    return expires.map(end -> Math.max(0, Duration.between(now, end).toSeconds())).orElse(0L);
  }

  void renew(Instant now, Duration ttl) {
    renewed = Optional.of(now);
    expires = Optional.of(now.plus(ttl));
  }

  /** Takes one of its uses; whether that was the last. */
  boolean use() {
    if (firstUses == 0) {
      return false;
    }
    uses--;
    return uses == 0;
  }
}
