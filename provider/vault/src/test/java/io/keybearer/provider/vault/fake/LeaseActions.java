package io.keybearer.provider.vault.fake;

import io.keybearer.provider.text.JsonNode;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** {@code sys/leases}. */
final class LeaseActions implements SystemEngine.Part {

  private static final String LOOKUP = "leases/lookup/";
  private static final String PREFIX = "leases/revoke-prefix/";

  private final FakeState state;

  LeaseActions(FakeState state) {
    this.state = state;
  }

  @Override
  public boolean owns(String path) {
    return path.matches("(leases/.*|renew|revoke|revoke-prefix/.*)");
  }

  @Override
  public Reply serve(EngineCall call) {
    String path = call.path();
    if (path.startsWith(LOOKUP) && call.operation() == Operation.LIST) {
      return list(call, call.behind(LOOKUP));
    }
    if (path.startsWith(PREFIX)) {
      state.leases().revokeBelow(call.mount().namespace(), call.behind(PREFIX));
      return revoked(call);
    }
    if (!call.operation().isWrite()) {
      throw Refusal.unsupportedOperation();
    }
    return switch (path) {
      case "leases/lookup" -> Reply.data(Leases.facts(find(call, "invalid lease"), call.now()));
      case "leases/renew", "renew" -> renew(call, find(call, "lease not found"));
      case "leases/revoke", "revoke" -> revoke(call);
      default -> throw Refusal.unsupportedPath();
    };
  }

  private Reply list(EngineCall call, String prefix) {
    List<String> keys =
        state.leases().all().stream()
            .filter(lease -> lease.mount().namespace() == call.mount().namespace())
            .map(FakeLease::id)
            .filter(id -> id.startsWith(prefix))
            .map(id -> id.substring(prefix.length()).replaceFirst("/.*", "/"))
            .distinct()
            .toList();
    return Reply.keys(keys);
  }

  private FakeLease find(EngineCall call, String otherwise) {
    String id = id(call);
    return state.leases().get(id).orElseThrow(() -> Refusal.of(400, otherwise));
  }

  private static String id(EngineCall call) {
    String id = call.text("lease_id");
    if (id.isEmpty()) {
      throw Refusal.of(400, "lease_id must be specified");
    }
    return id;
  }

  private Reply renew(EngineCall call, FakeLease lease) {
    if (!lease.isRenewable()) {
      throw Refusal.of(400, "lease is not renewable");
    }
    Duration increment = GoDuration.of(call.data(), "increment");
    Ttl ttl =
        Ttl.grant(lease.bounds(), increment, lease.issued(), call.now())
            .orElseThrow(() -> Refusal.of(400, "past the max TTL, cannot renew"));
    lease.renew(call.now(), ttl.time());
    return new Reply.Renewed(lease.id(), ttl.time(), true, ttl.warnings());
  }

  private Reply revoke(EngineCall call) {
    Optional<FakeLease> lease = state.leases().get(id(call));
    lease.ifPresent(state.leases()::revoke);
    return lease.isPresent() ? revoked(call) : Reply.SILENCE;
  }

  /** At once, or told that it will be. */
  private static Reply revoked(EngineCall call) {
    JsonNode data = call.data();
    return WeakJson.holds(data, "sync")
        ? Reply.SILENCE
        : new Reply.Raw(Answers.bytes(202, "", new byte[0]));
  }
}
