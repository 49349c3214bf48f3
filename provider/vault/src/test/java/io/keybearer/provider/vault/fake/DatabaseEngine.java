package io.keybearer.provider.vault.fake;

import io.keybearer.provider.fake.Json;
import io.keybearer.provider.text.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Users of a database that is not there: statements are taken and never run. */
final class DatabaseEngine implements Engine {

  private final FakeState state;
  private final Map<String, JsonNode> connections = new HashMap<>();
  private final Map<String, JsonNode> roles = new HashMap<>();
  private final Map<String, StaticRole> staticRoles = new HashMap<>();
  private final Set<String> users = new HashSet<>();

  private record StaticRole(JsonNode settings, String password, Instant rotated) {}

  DatabaseEngine(FakeState state) {
    this.state = state;
  }

  @Override
  public Reply serve(EngineCall call) {
    String[] parts = call.path().split("/", 2);
    String name = parts.length > 1 ? parts[1] : "";
    return switch (parts[0]) {
      case "config" -> settings(call, name, connections);
      case "roles" -> settings(call, name, roles);
      case "static-roles" -> staticRole(call, name);
      case "creds" -> credentials(call, name);
      case "static-creds" -> staticCredentials(call, name);
      default -> throw Refusal.unsupportedPath();
    };
  }

  @Override
  public boolean exists(EngineCall call) {
    String[] parts = call.path().split("/", 2);
    return parts.length < 2
        || switch (parts[0]) {
          case "config" -> connections.containsKey(parts[1]);
          case "roles" -> roles.containsKey(parts[1]);
          case "static-roles" -> staticRoles.containsKey(parts[1]);
          default -> true;
        };
  }

  @Override
  public void revoke(JsonNode secret) {
    users.remove(secret.text());
  }

  @Override
  public int held() {
    return users.size();
  }

  private static Reply settings(EngineCall call, String name, Map<String, JsonNode> all) {
    return switch (call.operation()) {
      case CREATE, UPDATE -> {
        all.put(name, call.data());
        yield Reply.SILENCE;
      }
      case READ -> all.containsKey(name) ? Reply.data(all.get(name)) : Reply.SILENCE;
      case DELETE -> {
        all.remove(name);
        yield Reply.SILENCE;
      }
      case LIST -> Reply.keys(all.keySet());
      default -> throw Refusal.unsupportedOperation();
    };
  }

  private Reply staticRole(EngineCall call, String name) {
    return switch (call.operation()) {
      case CREATE, UPDATE -> {
        staticRoles.put(name, new StaticRole(call.data(), state.ids().password(), call.now()));
        yield Reply.SILENCE;
      }
      case READ ->
          staticRoles.containsKey(name)
              ? Reply.data(staticRoles.get(name).settings())
              : Reply.SILENCE;
      case DELETE -> {
        staticRoles.remove(name);
        yield Reply.SILENCE;
      }
      default -> throw Refusal.unsupportedOperation();
    };
  }

  private Reply credentials(EngineCall call, String name) {
    if (call.operation() != Operation.READ) {
      throw Refusal.unsupportedOperation();
    }
    JsonNode role = roles.get(name);
    if (role == null) {
      throw Refusal.of(400, "unknown role: " + name);
    }
    JsonNode connection = connections.get(WeakJson.text(role, "db_name"));
    if (connection == null) {
      throw Refusal.error(
          500,
          "failed to find entry for connection with name: \"%s\""
              .formatted(WeakJson.text(role, "db_name")));
    }
    List<String> allowed = WeakJson.texts(connection, "allowed_roles");
    if (!allowed.contains("*") && !allowed.contains(name)) {
      throw Refusal.error(500, "\"" + name + "\" is not an allowed role");
    }
    String user = user(call, name);
    users.add(user);
    JsonNode data = Json.object("password", state.ids().password(), "username", user);
    Ttl.Bounds bounds =
        new Ttl.Bounds(
            GoDuration.of(role, "default_ttl"),
            GoDuration.of(role, "max_ttl"),
            Duration.ZERO,
            Duration.ZERO);
    return new Reply.Leased(data, Json.of(user), bounds, true);
  }

  private String user(EngineCall call, String role) {
    String display = call.token().orElseThrow().facts().displayName();
    return "v-"
        + display.substring(0, Math.min(8, display.length()))
        + "-"
        + role.substring(0, Math.min(8, role.length()))
        + "-"
        + state.ids().letters(20)
        + "-"
        + call.now().getEpochSecond();
  }

  private Reply staticCredentials(EngineCall call, String name) {
    StaticRole role = staticRoles.get(name);
    if (role == null) {
      throw Refusal.of(400, "unknown role: " + name);
    }
    Duration period = GoDuration.of(role.settings(), "rotation_period");
    while (!call.now().isBefore(role.rotated().plus(period))) {
      role = new StaticRole(role.settings(), state.ids().password(), role.rotated().plus(period));
      staticRoles.put(name, role);
    }
    return Reply.data(
        "last_vault_rotation",
        GoTime.text(role.rotated()),
        "password",
        role.password(),
        "rotation_period",
        period.toSeconds(),
        "ttl",
        Duration.between(call.now(), role.rotated().plus(period)).toSeconds(),
        "username",
        WeakJson.text(role.settings(), "username"));
  }
}
