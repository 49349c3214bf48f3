package io.keybearer.provider.vault.fake;

import io.keybearer.provider.fake.Json;
import io.keybearer.provider.text.JsonNode;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** All leases that are alive. */
final class Leases {

  private final Map<String, FakeLease> byId = new TreeMap<>();
  private final RandomIds ids;

  Leases(RandomIds ids) {
    this.ids = ids;
  }

  /** A new lease on what was made at a path. */
  FakeLease grant(
      FakeToken token, FakeMount mount, String path, Reply.Leased made, Ttl ttl, Instant now) {
    FakeLease lease =
        new FakeLease(
            mount.path() + path + "/" + ids.name(mount.namespace()),
            token.facts().id(),
            mount,
            made.secret(),
            made.renewable(),
            mount.within(made.bounds()),
            now,
            ttl.time());
    byId.put(lease.id(), lease);
    return lease;
  }

  Optional<FakeLease> get(String id) {
    return Optional.ofNullable(byId.get(id));
  }

  Collection<FakeLease> all() {
    return List.copyOf(byId.values());
  }

  void revoke(FakeLease lease) {
    if (byId.remove(lease.id()) != null) {
      lease.mount().engine().revoke(lease.secret());
    }
  }

  /** Ends those that came with a token. */
  void revokeOf(String token) {
    all().stream().filter(lease -> lease.token().equals(token)).forEach(this::revoke);
  }

  /** Ends those of a mount, or of what is below a path. */
  void revokeBelow(FakeNamespace namespace, String prefix) {
    all().stream()
        .filter(lease -> lease.mount().namespace() == namespace)
        .filter(lease -> lease.id().startsWith(prefix))
        .forEach(this::revoke);
  }

  /** Ends what is over by now. */
  void expire(Instant now) {
    all().stream().filter(lease -> lease.isOver(now)).forEach(this::revoke);
  }

  /** A lease as looking it up tells it. */
  static JsonNode facts(FakeLease lease, Instant now) {
    return Json.object(
        "expire_time",
        GoTime.text(lease.expires()),
        "id",
        lease.id(),
        "issue_time",
        GoTime.text(lease.issued()),
        "last_renewal",
        lease.renewed().map(GoTime::text),
        "path",
        lease.id().replaceAll("/[^/]*$", ""),
        "renewable",
        lease.isRenewable(),
        "ttl",
        lease.secondsLeft(now));
  }
}
