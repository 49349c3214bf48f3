package io.keybearer.provider.vault.fake;

import io.keybearer.provider.fake.Json;
import io.keybearer.provider.text.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** {@code sys/policies/acl} and the older {@code sys/policy}. */
final class PolicySettings implements SystemEngine.Part {

  @Override
  public boolean owns(String path) {
    return path.matches("(policies/acl|policy)(/.*)?");
  }

  @Override
  public Reply serve(EngineCall call) {
    String name = call.path().replaceFirst("^(policies/acl|policy)/?", "").toLowerCase(Locale.ROOT);
    Map<String, PolicyText> policies = call.mount().namespace().policies();
    if (call.operation() == Operation.LIST || name.isEmpty()) {
      return Reply.keys(
          policies.keySet().stream().filter(each -> !each.equals("response-wrapping")).toList());
    }
    return switch (call.operation()) {
      case CREATE, UPDATE -> write(call, name, policies);
      case DELETE -> {
        policies.remove(name);
        yield Reply.SILENCE;
      }
      case READ ->
          Optional.ofNullable(policies.get(name))
              .map(policy -> Reply.data(facts(name, policy)))
              .orElse(Reply.SILENCE);
      default -> throw Refusal.unsupportedOperation();
    };
  }

  private static Reply write(EngineCall call, String name, Map<String, PolicyText> policies) {
    String text = call.text("policy");
    if (text.isEmpty()) {
      throw Refusal.of(400, "'policy' parameter not supplied or empty");
    }
    if (name.equals("root")) {
      throw Refusal.of(400, "cannot update \"root\" policy");
    }
    int version = Optional.ofNullable(policies.get(name)).map(PolicyText::version).orElse(0) + 1;
    policies.put(name, PolicyText.parse(plain(text)).written(call.now(), version));
    return Reply.SILENCE;
  }

  private static JsonNode facts(String name, PolicyText policy) {
    return Json.object(
        "allow_slashes_in_identity_templates",
        false,
        "allow_wildcards_in_identity_templates",
        false,
        "cas_required",
        false,
        "modified",
        GoTime.text(policy.modified()),
        "name",
        name,
        "policy",
        policy.text(),
        "version",
        policy.version());
  }

  private static String plain(String text) {
    try {
      return new String(Base64.getDecoder().decode(text), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return text;
    }
  }
}
