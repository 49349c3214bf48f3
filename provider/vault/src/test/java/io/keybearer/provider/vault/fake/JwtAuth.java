package io.keybearer.provider.vault.fake;

import io.keybearer.provider.fake.Json;
import io.keybearer.provider.fake.Jwt;
import io.keybearer.provider.text.JsonNode;
import java.security.PublicKey;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Logins with signed tokens, by their claims alone. */
final class JwtAuth implements Engine {

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
      if (!call.operation().isWrite()) {
        return config.map(Reply::data).orElse(Reply.SILENCE);
      }
      keys =
          WeakJson.texts(call.data(), "jwt_validation_pubkeys").stream()
              .map(JwtRules::key)
              .toList();
      config = Optional.of(call.data());
      return Reply.SILENCE;
    }
    return Roles.serve(call, roles, JwtAuth::check);
  }

  private static void check(JsonNode role) {
    if (WeakJson.text(role, "user_claim").isEmpty()) {
      throw Refusal.of(400, "a user claim must be defined on the role");
    }
    boolean unbound =
        WeakJson.texts(role, "bound_audiences").isEmpty()
            && WeakJson.text(role, "bound_subject").isEmpty()
            && role.members("bound_claims").isEmpty();
    if (unbound) {
      throw Refusal.of(
          400, "must have at least one bound constraint when creating/updating a role");
    }
  }

  private Reply login(EngineCall call) {
    JsonNode known = config.orElseThrow(() -> Refusal.of(400, "could not load configuration"));
    String name =
        call.text("role").isEmpty() ? WeakJson.text(known, "default_role") : call.text("role");
    if (name.isEmpty()) {
      throw Refusal.of(400, "missing role");
    }
    JsonNode role = roles.get(name);
    if (role == null) {
      throw Refusal.of(400, "role \"" + name + "\" could not be found");
    }
    if (call.text("jwt").isEmpty()) {
      throw Refusal.of(400, "missing token");
    }
    Jwt jwt = valid(call, known, role);
    String user =
        Optional.of(jwt.claims().text(WeakJson.text(role, "user_claim")))
            .filter(claim -> !claim.isEmpty())
            .orElseThrow(
                () ->
                    Refusal.of(
                        400,
                        "claim \"" + WeakJson.text(role, "user_claim") + "\" not found in token"));
    checkClaims(role, jwt);
    Map<String, String> metadata = new TreeMap<>();
    new LinkedHashMap<>(role.texts("claim_mappings"))
        .forEach((claim, called) -> metadata.put(called, jwt.claims().text(claim)));
    metadata.put("role", name);
    return new Reply.LoggedIn(new Grant(TokenTerms.of(role), user, user, metadata));
  }

  private Jwt valid(EngineCall call, JsonNode known, JsonNode role) {
    String invalid = "error validating token: ";
    Jwt jwt =
        Jwt.parse(call.text("jwt"))
            .filter(parsed -> keys.stream().anyMatch(parsed::isSignedBy))
            .orElseThrow(
                () ->
                    Refusal.of(
                        400,
                        invalid
                            + "error verifying token signature: no known key successfully validated"
                            + " the token signature"));
    List<String> audiences = WeakJson.texts(role, "bound_audiences");
    JwtRules.problem(
            jwt,
            WeakJson.text(known, "bound_issuer"),
            WeakJson.text(role, "bound_subject"),
            audiences,
            call.now(),
            true)
        .ifPresent(
            problem -> {
              throw Refusal.of(400, invalid + problem);
            });
    if (audiences.isEmpty() && !jwt.audiences().isEmpty()) {
      throw Refusal.of(400, "audience claim found in JWT but no audiences bound to the role");
    }
    return jwt;
  }

  private static void checkClaims(JsonNode role, Jwt jwt) {
    String problem = "error validating claims: claim \"%s\" ";
    boolean glob = WeakJson.text(role, "bound_claims_type").equals("glob");
    JsonNode bound = role.at("bound_claims").orElse(Json.EMPTY);
    for (String claim : bound.members().keySet()) {
      JsonNode actual =
          claim(jwt, claim)
              .orElseThrow(() -> Refusal.of(400, problem.formatted(claim) + "is missing"));
      List<String> values = WeakJson.texts(Json.object("v", actual), "v");
      List<String> wanted = WeakJson.texts(bound, claim);
      boolean fits =
          values.stream()
              .anyMatch(
                  value -> glob ? KubernetesAuth.fits(wanted, value) : wanted.contains(value));
      if (!fits) {
        throw Refusal.of(
            400, problem.formatted(claim) + "does not match any associated bound claim values");
      }
    }
  }

  /** A claim by name, or by a pointer to it (RFC 6901). */
  private static Optional<JsonNode> claim(Jwt jwt, String name) {
    return name.startsWith("/")
        ? jwt.claims().at(name.substring(1).split("/", -1))
        : jwt.claims().at(name);
  }
}
