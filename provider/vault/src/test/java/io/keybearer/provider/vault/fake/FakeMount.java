package io.keybearer.provider.vault.fake;

import io.keybearer.provider.fake.Json;
import io.keybearer.provider.text.JsonNode;
import java.time.Duration;

/**
 * An engine or a login method at its path.
 *
 * @param path with its last slash, {@code auth/kubernetes/} or {@code secret/}
 * @param settings what it was mounted with
 */
record FakeMount(
    FakeNamespace namespace,
    String path,
    String type,
    JsonNode settings,
    String accessor,
    String uuid,
    Engine engine) {

  Duration usualTtl() {
    return set("default_lease_ttl");
  }

  Duration mostTtl() {
    return set("max_lease_ttl");
  }

  private Duration set(String name) {
    Duration own = GoDuration.of(settings.at("config").orElse(Json.EMPTY), name);
    return own.isZero() ? Ttl.SYSTEM : own;
  }

  /** Bounds of the engine's own, within those of the mount. */
  Ttl.Bounds within(Ttl.Bounds own) {
    return own.within(usualTtl(), mostTtl());
  }

  @Override
  public String toString() {
    return namespace.path() + path;
  }
}
