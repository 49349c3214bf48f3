package io.keybearer.provider.vault.fake;

import io.keybearer.provider.fake.Json;
import io.keybearer.provider.text.JsonNode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Key and value without versions; its answers have a time, and no lease unless it was mounted so.
 */
final class KvOne implements Engine {

  private final boolean leased;
  private final Map<String, JsonNode> secrets = new TreeMap<>();

  KvOne(JsonNode options) {
    this.leased = WeakJson.holds(options, "leased_passthrough");
  }

  @Override
  public boolean exists(EngineCall call) {
    return secrets.containsKey(call.path());
  }

  @Override
  public Reply serve(EngineCall call) {
    String path = call.path();
    return switch (call.operation()) {
      case CREATE, UPDATE -> {
        if (call.data().members().isEmpty()) {
          throw Refusal.of(400, "missing data fields");
        }
        secrets.put(path, call.data());
        yield Reply.SILENCE;
      }
      case DELETE -> {
        secrets.remove(path);
        yield Reply.SILENCE;
      }
      case LIST -> Reply.keys(below(secrets.keySet(), path));
      case READ -> secrets.containsKey(path) ? read(secrets.get(path)) : Reply.SILENCE;
      default -> throw Refusal.unsupportedOperation();
    };
  }

  private Reply read(JsonNode secret) {
    Duration time = Ttl.SYSTEM;
    for (String name : List.of("lease", "ttl")) {
      time = GoDuration.parse(WeakJson.text(secret, name)).orElse(time);
    }
    if (leased) {
      Ttl.Bounds bounds = new Ttl.Bounds(time, Duration.ZERO, Duration.ZERO, Duration.ZERO);
      return new Reply.Leased(secret, Json.NULL, bounds, true);
    }
    return new Reply.Timed(secret, time);
  }

  /** The names right below a folder; folders with their slash. */
  static List<String> below(Iterable<String> paths, String folder) {
    TreeMap<String, Boolean> names = new TreeMap<>(GoJson.BYTES);
    for (String path : paths) {
      if (path.startsWith(folder)) {
        names.put(path.substring(folder.length()).replaceFirst("/.*", "/"), true);
      }
    }
    return List.copyOf(names.keySet());
  }
}
