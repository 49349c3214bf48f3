package io.keybearer.provider.vault.fake;

import io.keybearer.provider.fake.Json;
import io.keybearer.provider.text.JsonNode;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Key and value with versions. */
final class KvTwo implements Engine {

  private static final String INVALID =
      "Invalid path for a versioned K/V secrets engine. See the API docs for the appropriate API"
          + " endpoints to use. If using the %s CLI, use '%s kv %s' for this operation.";

  private final String product;
  private final String program;
  private final Map<String, KvSecret> secrets = new TreeMap<>();
  private JsonNode config = Json.EMPTY;

  KvTwo(Flavour flavour) {
    this.product = flavour == Flavour.VAULT ? "Vault" : "OpenBao";
    this.program = flavour == Flavour.VAULT ? "vault" : "bao";
  }

  @Override
  public boolean exists(EngineCall call) {
    String[] parts = call.path().split("/", 2);
    boolean versioned = parts.length == 2 && List.of("data", "metadata").contains(parts[0]);
    return !versioned || secrets.containsKey(parts[1]);
  }

  @Override
  public Reply serve(EngineCall call) {
    String[] parts = call.path().split("/", 2);
    String name = parts.length > 1 ? parts[1] : "";
    return switch (parts[0]) {
      case "config" -> config(call);
      case "data" -> name.isEmpty() ? invalid(call) : data(call, name);
      case "metadata" -> metadata(call, name);
      case "subkeys" -> subkeys(call, name);
      case "delete", "undelete", "destroy" -> change(call, parts[0], name);
      default -> invalid(call);
    };
  }

  private Reply invalid(EngineCall call) {
    String command =
        switch (call.operation()) {
          case CREATE, UPDATE, PATCH -> "put";
          case DELETE -> "delete";
          case LIST -> "list";
          case READ -> "get";
        };
    return new Reply.Gone(Json.NULL, List.of(INVALID.formatted(product, program, command)));
  }

  private Reply config(EngineCall call) {
    if (call.operation().isWrite()) {
      config = Json.merged(config, call.data());
      return Reply.SILENCE;
    }
    return Reply.data(
        "cas_required",
        WeakJson.holds(config, "cas_required"),
        "delete_version_after",
        "0s",
        "max_versions",
        WeakJson.number(config, "max_versions", 0),
        "metadata_cas_required",
        false);
  }

  private Reply data(EngineCall call, String name) {
    return switch (call.operation()) {
      case CREATE, UPDATE -> write(call, name);
      case READ ->
          Optional.ofNullable(secrets.get(name))
              .map(secret -> secret.read(wanted(call)))
              .orElse(Reply.SILENCE);
      case DELETE -> {
        Optional.ofNullable(secrets.get(name))
            .ifPresent(secret -> secret.delete(secret.latest(), call.now()));
        yield Reply.SILENCE;
      }
      case LIST -> throw Refusal.unsupportedOperation();
      case PATCH -> throw Refusal.unsupportedOperation();
    };
  }

  private static int wanted(EngineCall call) {
    try {
      return (int) WeakJson.number(call.data(), "version", 0);
    } catch (NumberFormatException e) {
      throw Refusal.of(
          400,
          "Field validation failed: error converting input for field \"version\": '' cannot parse"
              + " value as 'int': strconv.ParseInt: invalid syntax");
    }
  }

  private Reply write(EngineCall call, String name) {
    JsonNode data =
        call.data()
            .at("data")
            .filter(JsonNode.Members.class::isInstance)
            .orElseThrow(() -> Refusal.of(400, "no data provided"));
    KvSecret known = secrets.get(name);
    Optional<JsonNode> cas = call.data().at("options", "cas");
    if (cas.isPresent()) {
      long expected = WeakJson.number(call.data().at("options").orElse(Json.EMPTY), "cas", 0);
      if (expected != (known == null ? 0 : known.latest())) {
        throw Refusal.of(400, "check-and-set parameter did not match the current version");
      }
    }
    KvSecret secret = secrets.computeIfAbsent(name, key -> new KvSecret(call.now()));
    return Reply.data(secret.add(GoJson.rounded(data), call.now()));
  }

  private Reply metadata(EngineCall call, String name) {
    if (call.operation() == Operation.LIST) {
      return Reply.keys(KvOne.below(secrets.keySet(), name));
    }
    KvSecret secret = secrets.get(name);
    return switch (call.operation()) {
      case CREATE, UPDATE -> {
        secrets
            .computeIfAbsent(name, key -> new KvSecret(call.now()))
            .configure(call.data(), call.now());
        yield Reply.SILENCE;
      }
      case READ -> secret == null ? Reply.SILENCE : Reply.data(secret.metadata());
      case DELETE -> {
        secrets.remove(name);
        yield Reply.SILENCE;
      }
      default -> throw Refusal.unsupportedOperation();
    };
  }

  private Reply subkeys(EngineCall call, String name) {
    if (call.operation() != Operation.READ) {
      throw Refusal.unsupportedOperation();
    }
    int depth = (int) WeakJson.number(call.data(), "depth", 0);
    return Optional.ofNullable(secrets.get(name))
        .map(secret -> secret.subkeys(wanted(call), depth))
        .orElse(Reply.SILENCE);
  }

  private Reply change(EngineCall call, String what, String name) {
    if (!call.operation().isWrite()) {
      throw Refusal.unsupportedOperation();
    }
    List<JsonNode> versions = call.data().items("versions");
    if (versions.isEmpty()) {
      throw Refusal.of(400, "No version number provided");
    }
    Optional<KvSecret> secret = Optional.ofNullable(secrets.get(name));
    for (JsonNode version : versions) {
      int number = Integer.parseInt(WeakJson.text(Json.object("v", version), "v"));
      secret.ifPresent(known -> change(known, what, number, call.now()));
    }
    return Reply.SILENCE;
  }

  private static void change(KvSecret secret, String what, int number, Instant now) {
    switch (what) {
      case "delete" -> secret.delete(number, now);
      case "undelete" -> secret.undelete(number);
      default -> secret.destroy(number);
    }
  }
}
