package io.keybearer.provider.vault.fake;

import io.keybearer.provider.fake.Json;
import io.keybearer.provider.text.JsonNode;

/** Makes the engine of a type. */
final class Engines {

  private Engines() {}

  static Engine of(String type, JsonNode settings, FakeState state) {
    JsonNode options = settings.at("options").orElse(Json.EMPTY);
    return switch (type) {
      case "system" -> new SystemEngine(state);
      case "cubbyhole" -> new Cubbyhole(state);
      case "token" -> new TokenAuth(state);
      case "kv" ->
          WeakJson.text(options, "version").equals("2")
              ? new KvTwo(state.flavour())
              : new KvOne(options);
      case "kv-v2" -> new KvTwo(state.flavour());
      case "database" -> new DatabaseEngine(state);
      case "pki" -> new PkiEngine();
      case "kubernetes" -> new KubernetesAuth();
      case "jwt" -> new JwtAuth();
      case "approle" -> new AppRoleAuth(state);
      case "cert" -> new CertAuth();
      default -> throw Refusal.of(400, "plugin not found in the catalog: " + type);
    };
  }
}
