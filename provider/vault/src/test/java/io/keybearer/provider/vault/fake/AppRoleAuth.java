package io.keybearer.provider.vault.fake;

import io.keybearer.provider.fake.Json;
import io.keybearer.provider.text.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Logins with a role id and a secret id. */
final class AppRoleAuth implements Engine {

  private record SecretId(
      String role,
      String accessor,
      Optional<Instant> expires,
      long uses,
      Map<String, String> said) {}

  private final FakeState state;
  private final Map<String, JsonNode> roles = new HashMap<>();
  private final Map<String, String> roleIds = new HashMap<>();
  private final Map<String, SecretId> secretIds = new HashMap<>();

  AppRoleAuth(FakeState state) {
    this.state = state;
  }

  @Override
  public boolean isOpen(String path) {
    return path.equals("login");
  }

  @Override
  public boolean exists(EngineCall call) {
    return !call.path().matches("role/[^/]+") || roles.containsKey(call.behind("role/"));
  }

  @Override
  public Reply serve(EngineCall call) {
    if (call.path().equals("login")) {
      return login(call);
    }
    String[] parts = call.path().split("/", -1);
    if (parts.length < 3) {
      return Roles.serve(call, roles, role -> {});
    }
    if (!roles.containsKey(parts[1])) {
      if (call.operation() == Operation.READ) {
        return Reply.SILENCE;
      }
      throw Refusal.of(404, "role \"" + parts[1] + "\" does not exist");
    }
    return switch (parts[2]) {
      case "role-id" -> roleId(call, parts[1]);
      case "secret-id" -> secretId(call, parts[1]);
      default -> throw Refusal.unsupportedPath();
    };
  }

  private Reply roleId(EngineCall call, String role) {
    if (call.operation().isWrite()) {
      roleIds.put(role, call.text("role_id"));
      return Reply.SILENCE;
    }
    return Reply.data("role_id", roleIds.computeIfAbsent(role, key -> state.ids().uuid()));
  }

  private Reply secretId(EngineCall call, String role) {
    if (!call.operation().isWrite()) {
      throw Refusal.unsupportedOperation();
    }
    JsonNode settings = roles.getOrDefault(role, Json.EMPTY);
    String id = state.ids().uuid();
    String accessor = state.ids().uuid();
    long uses = WeakJson.number(settings, "secret_id_num_uses", 0);
    Duration ttl = GoDuration.of(settings, "secret_id_ttl");
    Map<String, String> said =
        Json.read(call.text("metadata")).map(JsonNode::texts).orElse(Map.of());
    Optional<Instant> expires = ttl.isZero() ? Optional.empty() : Optional.of(call.now().plus(ttl));
    secretIds.put(id, new SecretId(role, accessor, expires, uses, said));
    return Reply.data(
        "secret_id",
        id,
        "secret_id_accessor",
        accessor,
        "secret_id_num_uses",
        uses,
        "secret_id_ttl",
        ttl.toSeconds());
  }

  private Reply login(EngineCall call) {
    String given = call.text("role_id");
    if (given.isEmpty()) {
      throw Refusal.of(500, "missing role_id");
    }
    String name =
        roles.keySet().stream()
            .filter(role -> given.equals(roleIds.get(role)))
            .findFirst()
            .orElseThrow(AppRoleAuth::invalid);
    JsonNode role = roles.getOrDefault(name, Json.EMPTY);
    Map<String, String> metadata = new LinkedHashMap<>();
    if (WeakJson.holds(role, "bind_secret_id", true)) {
      metadata.putAll(use(call, name));
    }
    metadata.put("role_name", name);
    return new Reply.LoggedIn(new Grant(TokenTerms.of(role), "", given, metadata));
  }

  private Map<String, String> use(EngineCall call, String role) {
    String id = call.text("secret_id");
    if (id.isEmpty()) {
      throw Refusal.of(400, "missing secret_id");
    }
    SecretId known =
        Optional.ofNullable(secretIds.get(id))
            .filter(found -> found.role().equals(role))
            .filter(found -> found.expires().filter(end -> !end.isAfter(call.now())).isEmpty())
            .orElseThrow(AppRoleAuth::invalid);
    if (known.uses() == 1) {
      secretIds.remove(id);
    } else if (known.uses() > 1) {
      secretIds.put(
          id,
          new SecretId(role, known.accessor(), known.expires(), known.uses() - 1, known.said()));
    }
    return known.said();
  }

  private static Refusal invalid() {
    return Refusal.of(400, "invalid role or secret ID");
  }
}
