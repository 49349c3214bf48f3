package io.keybearer.provider.vault.fake;

import io.keybearer.provider.fake.Json;
import io.keybearer.provider.text.JsonNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** {@code sys/mounts} and {@code sys/auth}. */
final class MountSettings implements SystemEngine.Part {

  private final FakeState state;

  MountSettings(FakeState state) {
    this.state = state;
  }

  @Override
  public boolean owns(String path) {
    return path.matches("(mounts|auth)(/.*)?");
  }

  @Override
  public Reply serve(EngineCall call) {
    boolean auth = call.path().startsWith("auth");
    String at = call.path().replaceFirst("^(mounts|auth)/?", "").replaceAll("/+$", "");
    if (at.endsWith("/tune")) {
      return tune(call, (auth ? "auth/" : "") + at.substring(0, at.length() - 4));
    }
    if (at.isEmpty()) {
      return list(call.mount().namespace(), auth);
    }
    String path = (auth ? "auth/" : "") + at + "/";
    return switch (call.operation()) {
      case CREATE, UPDATE -> mount(call, path);
      case DELETE -> unmount(call.mount().namespace(), path);
      case READ -> read(call.mount().namespace(), path);
      default -> throw Refusal.unsupportedOperation();
    };
  }

  private Reply mount(EngineCall call, String path) {
    FakeNamespace namespace = call.mount().namespace();
    if (namespace.mounts().containsKey(path)) {
      throw Refusal.of(400, "path is already in use at " + namespace.path() + path);
    }
    String type = call.text("type");
    if (type.isEmpty()) {
      throw Refusal.of(400, "backend type must be specified as a string");
    }
    state.mount(namespace, path, call.data());
    return Reply.SILENCE;
  }

  private Reply unmount(FakeNamespace namespace, String path) {
    if (namespace.mounts().containsKey(path)) {
      state.unmount(namespace, path);
    }
    return Reply.SILENCE;
  }

  private static Reply read(FakeNamespace namespace, String path) {
    return Optional.ofNullable(namespace.mounts().get(path))
        .map(mount -> Reply.data(facts(mount)))
        .orElseThrow(() -> Refusal.of(400, "No secret engine mount at " + path));
  }

  private static Reply tune(EngineCall call, String path) {
    FakeNamespace namespace = call.mount().namespace();
    FakeMount mount = namespace.mounts().get(path);
    if (mount == null) {
      throw Refusal.of(400, "cannot fetch sysview for path \"" + path + "\"");
    }
    if (call.operation() == Operation.READ) {
      return Reply.data(config(mount));
    }
    JsonNode config = Json.merged(mount.settings().at("config").orElse(Json.EMPTY), call.data());
    JsonNode settings = Json.merged(mount.settings(), Json.object("config", config));
    namespace
        .mounts()
        .put(
            path,
            new FakeMount(
                namespace,
                path,
                mount.type(),
                settings,
                mount.accessor(),
                mount.uuid(),
                mount.engine()));
    return Reply.SILENCE;
  }

  private static Reply list(FakeNamespace namespace, boolean auth) {
    Map<String, JsonNode> all = new LinkedHashMap<>();
    namespace
        .mounts()
        .forEach(
            (path, mount) -> {
              if (path.startsWith("auth/") == auth) {
                all.put(auth ? path.substring("auth/".length()) : path, facts(mount));
              }
            });
    return new Reply.Spread(GoJson.sorted(Json.of(all)));
  }

  /** What is told of a mount. */
  static JsonNode facts(FakeMount mount) {
    JsonNode options = mount.settings().at("options").orElse(Json.NULL);
    return Json.object(
        "accessor",
        mount.accessor(),
        "config",
        config(mount),
        "deprecation_status",
        "supported",
        "description",
        WeakJson.text(mount.settings(), "description"),
        "external_entropy_access",
        false,
        "local",
        false,
        "options",
        mount.type().equals("kv") && options.equals(Json.NULL)
            ? Json.object("version", "1")
            : options,
        "plugin_version",
        "",
        "running_plugin_version",
        "v2.6.2+builtin.bao",
        "running_sha256",
        "",
        "seal_wrap",
        false,
        "type",
        mount.type(),
        "uuid",
        mount.uuid());
  }

  private static JsonNode config(FakeMount mount) {
    JsonNode set = mount.settings().at("config").orElse(Json.EMPTY);
    return Json.object(
        "default_lease_ttl",
        GoDuration.of(set, "default_lease_ttl").toSeconds(),
        "force_no_cache",
        false,
        "max_lease_ttl",
        GoDuration.of(set, "max_lease_ttl").toSeconds());
  }
}
