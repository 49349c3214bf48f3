package io.keybearer.provider.vault.fake;

import io.keybearer.provider.text.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** A lease on what an engine has made. */
final class FakeLease {

  private final String id;
  private final String token;
  private final FakeMount mount;
  private final JsonNode secret;
  private final boolean renewable;
  private final Ttl.Bounds bounds;
  private final Instant issued;
  private Instant expires;
  private Optional<Instant> renewed = Optional.empty();

  /**
   * A new one.
   *
   * @param token whose end is its end too
   * @param secret what the engine has to know to take it back
   */
  FakeLease(
      String id,
      String token,
      FakeMount mount,
      JsonNode secret,
      boolean renewable,
      Ttl.Bounds bounds,
      Instant issued,
      Duration ttl) {
    this.id = id;
    this.token = token;
    this.mount = mount;
    this.secret = secret;
    this.renewable = renewable;
    this.bounds = bounds;
    this.issued = issued;
    this.expires = issued.plus(ttl);
  }

  String id() {
    return id;
  }

  String token() {
    return token;
  }

  FakeMount mount() {
    return mount;
  }

  JsonNode secret() {
    return secret;
  }

  boolean isRenewable() {
    return renewable;
  }

  Ttl.Bounds bounds() {
    return bounds;
  }

  Instant issued() {
    return issued;
  }

  Instant expires() {
    return expires;
  }

  Optional<Instant> renewed() {
    return renewed;
  }

  boolean isOver(Instant now) {
    return !expires.isAfter(now);
  }

  long secondsLeft(Instant now) {
    return Math.max(0, Duration.between(now, expires).toSeconds());
  }

  void renew(Instant now, Duration ttl) {
    renewed = Optional.of(now);
    expires = now.plus(ttl);
  }
}
