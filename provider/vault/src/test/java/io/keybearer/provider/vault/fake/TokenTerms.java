package io.keybearer.provider.vault.fake;

import io.keybearer.provider.text.JsonNode;
import java.time.Duration;
import java.util.List;

/** What a role says of the tokens that its logins give ({@code token_ttl} and its like). */
record TokenTerms(
    List<String> policies, boolean withoutDefault, Ttl.Bounds bounds, long uses, TokenType type) {

  /** Those of a role's settings. */
  static TokenTerms of(JsonNode role) {
    List<String> policies = WeakJson.texts(role, "token_policies");
    return new TokenTerms(
        policies.isEmpty() ? WeakJson.texts(role, "policies") : policies,
        WeakJson.holds(role, "token_no_default_policy"),
        new Ttl.Bounds(
            first(role, "token_ttl", "ttl"),
            first(role, "token_max_ttl", "max_ttl"),
            GoDuration.of(role, "token_explicit_max_ttl"),
            first(role, "token_period", "period")),
        WeakJson.number(role, "token_num_uses", 0),
        TokenType.of(WeakJson.text(role, "token_type")));
  }

  /** Refuses times that contradict each other. */
  static void check(JsonNode role) {
    Duration most = GoDuration.of(role, "token_max_ttl");
    if (!most.isZero() && GoDuration.of(role, "token_ttl").compareTo(most) > 0) {
      throw Refusal.of(400, "'token_ttl' cannot be greater than 'token_max_ttl'");
    }
  }

  private static Duration first(JsonNode role, String name, String older) {
    Duration time = GoDuration.of(role, name);
    return time.isZero() ? GoDuration.of(role, older) : time;
  }
}
