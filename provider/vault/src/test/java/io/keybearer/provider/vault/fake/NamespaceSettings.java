package io.keybearer.provider.vault.fake;

import io.keybearer.provider.fake.Json;
import io.keybearer.provider.text.JsonNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code sys/namespaces}, and the lock that keeps everybody out of one. */
final class NamespaceSettings implements SystemEngine.Part {

  private static final String LOCK = "namespaces/api-lock/lock";
  private static final String UNLOCK = "namespaces/api-lock/unlock";

  private final FakeState state;

  NamespaceSettings(FakeState state) {
    this.state = state;
  }

  @Override
  public boolean owns(String path) {
    return path.matches("namespaces(/.*)?");
  }

  @Override
  public Reply serve(EngineCall call) {
    if (call.path().startsWith(LOCK)) {
      FakeNamespace namespace = at(call, call.behind(LOCK).replaceFirst("^/", ""));
      String key = state.ids().letters(24);
      namespace.lock(Optional.of(key));
      return Reply.data("unlock_key", key);
    }
    if (call.path().startsWith(UNLOCK)) {
      at(call, call.behind(UNLOCK).replaceFirst("^/", "")).lock(Optional.empty());
      return new Reply.Data(Json.NULL, List.of("Namespace unlocked using sudo capabilities"));
    }
    String name = call.path().replaceFirst("^namespaces/?", "").replaceAll("/+$", "");
    String parent = call.mount().namespace().path();
    return switch (call.operation()) {
      case LIST -> list(parent);
      case CREATE, UPDATE -> add(call, parent + name + "/");
      case READ ->
          Optional.ofNullable(state.namespaces().get(parent + name + "/"))
              .map(found -> Reply.data(facts(found)))
              .orElse(Reply.SILENCE);
      case DELETE -> remove(parent + name + "/");
      default -> throw Refusal.unsupportedOperation();
    };
  }

  private FakeNamespace at(EngineCall call, String name) {
    String path = call.mount().namespace().path() + (name.isEmpty() ? "" : name + "/");
    return Optional.ofNullable(state.namespaces().get(path))
        .orElseThrow(() -> Refusal.of(400, "namespace \"" + path + "\" does not exist"));
  }

  private Reply list(String parent) {
    Map<String, JsonNode> children = new LinkedHashMap<>();
    state
        .namespaces()
        .forEach(
            (path, namespace) -> {
              String rest = path.startsWith(parent) ? path.substring(parent.length()) : "";
              if (!rest.isEmpty() && rest.indexOf('/') == rest.length() - 1) {
                children.put(rest, facts(namespace));
              }
            });
    return Reply.data("key_info", children, "keys", children.keySet());
  }

  private Reply add(EngineCall call, String path) {
    FakeNamespace namespace =
        Optional.ofNullable(state.namespaces().get(path))
            .orElseGet(
                () ->
                    state.addNamespace(path, call.data().at("custom_metadata").orElse(Json.EMPTY)));
    return Reply.data(facts(namespace));
  }

  private Reply remove(String path) {
    FakeNamespace gone = state.namespaces().remove(path);
    if (gone == null) {
      return new Reply.Data(Json.NULL, List.of("requested namespace does not exist"));
    }
    for (FakeToken token : state.tokens().all()) {
      if (token.facts().namespace() == gone) {
        state.tokens().revoke(token);
      }
    }
    state.leases().revokeBelow(gone, "");
    return Reply.data("status", "in-progress");
  }

  private static JsonNode facts(FakeNamespace namespace) {
    return Json.object(
        "custom_metadata",
        namespace.metadata(),
        "id",
        namespace.id(),
        "locked",
        namespace.lockKey().isPresent(),
        "path",
        namespace.path(),
        "tainted",
        false,
        "uuid",
        namespace.uuid());
  }
}
