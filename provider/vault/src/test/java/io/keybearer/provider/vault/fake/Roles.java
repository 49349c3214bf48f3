package io.keybearer.provider.vault.fake;

import io.keybearer.provider.fake.Json;
import io.keybearer.provider.text.JsonNode;
import java.util.Map;
import java.util.function.Consumer;

/** The {@code role} folder of a login method. */
final class Roles {

  private Roles() {}

  /** Writes, reads, lists and deletes roles; a new one has to pass the check. */
  static Reply serve(EngineCall call, Map<String, JsonNode> roles, Consumer<JsonNode> check) {
    if (!call.path().startsWith("role")) {
      throw Refusal.unsupportedPath();
    }
    String name = call.path().replaceFirst("^role/?", "");
    return switch (call.operation()) {
      case CREATE, UPDATE -> {
        JsonNode role = Json.merged(roles.getOrDefault(name, Json.EMPTY), call.data());
        TokenTerms.check(role);
        check.accept(role);
        roles.put(name, role);
        yield Reply.SILENCE;
      }
      case READ -> roles.containsKey(name) ? Reply.data(roles.get(name)) : Reply.SILENCE;
      case DELETE -> {
        roles.remove(name);
        yield Reply.SILENCE;
      }
      case LIST -> Reply.keys(roles.keySet());
      default -> throw Refusal.unsupportedOperation();
    };
  }
}
