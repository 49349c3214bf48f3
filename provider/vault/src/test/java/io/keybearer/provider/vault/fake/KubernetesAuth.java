package io.keybearer.provider.vault.fake;

import io.keybearer.provider.fake.Json;
import io.keybearer.provider.fake.Jwt;
import io.keybearer.provider.text.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Logins of service accounts, which the API server of the cluster has to confirm. */
final class KubernetesAuth implements Engine {

  private Optional<JsonNode> config = Optional.empty();
  private List<PublicKey> keys = List.of();
  private final Map<String, JsonNode> roles = new HashMap<>();

  @Override
  public boolean isOpen(String path) {
    return path.equals("login");
  }

  @Override
  public boolean exists(EngineCall call) {
    return !call.path().startsWith("role/") || roles.containsKey(call.behind("role/"));
  }

  @Override
  public Reply serve(EngineCall call) {
    if (call.path().equals("login")) {
      if (!call.operation().isWrite()) {
        throw Refusal.unsupportedOperation();
      }
      return login(call);
    }
    if (call.path().equals("config")) {
      return configure(call);
    }
    return Roles.serve(call, roles, KubernetesAuth::check);
  }

  private static void check(JsonNode role) {
    if (WeakJson.texts(role, "bound_service_account_names").isEmpty()) {
      throw Refusal.of(400, "\"bound_service_account_names\" can not be empty");
    }
    if (WeakJson.texts(role, "bound_service_account_namespaces").isEmpty()) {
      throw Refusal.of(
          400,
          "\"bound_service_account_namespaces\" can not be empty if"
              + " \"bound_service_account_namespace_selector\" is not set");
    }
  }

  private Reply configure(EngineCall call) {
    if (!call.operation().isWrite()) {
      return config.map(Reply::data).orElse(Reply.SILENCE);
    }
    if (call.text("kubernetes_host").isEmpty()) {
      throw Refusal.of(400, "no host provided");
    }
    keys = WeakJson.texts(call.data(), "pem_keys").stream().map(JwtRules::key).toList();
    config = Optional.of(call.data());
    return Reply.SILENCE;
  }

  private Reply login(EngineCall call) {
    String name = needed(call, "role");
    String text = needed(call, "jwt");
    JsonNode role = roles.get(name);
    if (role == null) {
      throw Refusal.of(400, "invalid role name \"" + name + "\"");
    }
    JsonNode known =
        config.orElseThrow(() -> Refusal.error(500, "could not load backend configuration"));
    Jwt jwt = Jwt.parse(text).orElseThrow(() -> Refusal.error(403, "permission denied"));
    if (!keys.isEmpty() && keys.stream().noneMatch(jwt::isSignedBy)) {
      throw Refusal.error(403, "permission denied");
    }
    String audience = WeakJson.text(role, "audience");
    String issuer =
        WeakJson.holds(known, "disable_iss_validation", true) ? "" : WeakJson.text(known, "issuer");
    JwtRules.problem(
            jwt, issuer, "", audience.isEmpty() ? List.of() : List.of(audience), call.now(), false)
        .ifPresent(
            problem -> {
              throw Refusal.error(403, problem);
            });
    allow(role, jwt);
    if (!isConfirmed(known, jwt, text, audience)) {
      throw Refusal.error(403, "permission denied");
    }
    return new Reply.LoggedIn(grant(role, name, jwt));
  }

  private static String needed(EngineCall call, String name) {
    String value = call.text(name);
    if (value.isEmpty()) {
      throw Refusal.of(400, "missing " + name);
    }
    return value;
  }

  private static void allow(JsonNode role, Jwt jwt) {
    if (!fits(WeakJson.texts(role, "bound_service_account_names"), account(jwt))) {
      throw Refusal.error(403, "service account name not authorized");
    }
    if (!fits(WeakJson.texts(role, "bound_service_account_namespaces"), namespace(jwt))) {
      throw Refusal.error(403, "namespace not authorized");
    }
  }

  static boolean fits(List<String> bound, String value) {
    return bound.stream()
        .anyMatch(each -> value.matches("\\Q" + each.replace("*", "\\E.*\\Q") + "\\E"));
  }

  private static Grant grant(JsonNode role, String name, Jwt jwt) {
    Map<String, String> metadata = new LinkedHashMap<>();
    metadata.put("role", name);
    metadata.put("service_account_name", account(jwt));
    metadata.put("service_account_namespace", namespace(jwt));
    metadata.put("service_account_secret_name", "");
    metadata.put("service_account_uid", uid(jwt));
    String alias =
        WeakJson.text(role, "alias_name_source").equals("serviceaccount_name")
            ? namespace(jwt) + "/" + account(jwt)
            : uid(jwt);
    return new Grant(TokenTerms.of(role), namespace(jwt) + "-" + account(jwt), alias, metadata);
  }

  /** Asks the API server, as the real one does. */
  private static boolean isConfirmed(JsonNode config, Jwt jwt, String text, String audience) {
    List<String> wanted = audience.isEmpty() ? jwt.audiences() : List.of(audience);
    String reviewer = WeakJson.text(config, "token_reviewer_jwt");
    JsonNode review =
        Json.object(
            "kind",
            "TokenReview",
            "apiVersion",
            "authentication.k8s.io/v1",
            "metadata",
            Json.EMPTY,
            "spec",
            Json.object("token", text, "audiences", wanted),
            "status",
            Json.EMPTY);
    String host = WeakJson.text(config, "kubernetes_host").replaceAll("/$", "");
    JsonNode answer;
    try {
      answer =
          PlainCall.post(
              host + TokenReviewServer.PATH,
              WeakJson.text(config, "kubernetes_ca_cert"),
              reviewer.isEmpty() ? text : reviewer,
              GoJson.text(review).getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      return false;
    }
    JsonNode status = answer.at("status").orElse(Json.EMPTY);
    String user = "system:serviceaccount:" + namespace(jwt) + ":" + account(jwt);
    return status.text("error").isEmpty()
        && WeakJson.holds(status, "authenticated")
        && WeakJson.texts(status, "audiences").stream().anyMatch(wanted::contains)
        && status.text("user", "username").equals(user)
        && status.text("user", "uid").equals(uid(jwt));
  }

  private static String account(Jwt jwt) {
    return jwt.claims().text("kubernetes.io", "serviceaccount", "name");
  }

  private static String namespace(Jwt jwt) {
    return jwt.claims().text("kubernetes.io", "namespace");
  }

  private static String uid(Jwt jwt) {
    return jwt.claims().text("kubernetes.io", "serviceaccount", "uid");
  }
}
