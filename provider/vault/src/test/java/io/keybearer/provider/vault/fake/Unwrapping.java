package io.keybearer.provider.vault.fake;

import io.keybearer.provider.fake.Json;
import io.keybearer.provider.text.JsonNode;
import java.util.List;

/** {@code sys/wrapping}: what was wrapped can be taken out once. */
final class Unwrapping implements SystemEngine.Part {

  private static final String INVALID = "wrapping token is not valid or does not exist";

  private final FakeState state;

  Unwrapping(FakeState state) {
    this.state = state;
  }

  @Override
  public boolean owns(String path) {
    return path.equals("wrapping/unwrap") || path.equals("wrapping/lookup");
  }

  @Override
  public Reply serve(EngineCall call) {
    String token =
        call.text("token").isEmpty()
            ? call.token().map(shown -> shown.facts().id()).orElse("")
            : call.text("token");
    FakeToken wrapping = find(state, token);
    if (call.path().equals("wrapping/lookup")) {
      return Reply.data(
          "creation_path",
          wrapping.facts().path(),
          "creation_time",
          GoTime.text(wrapping.created()),
          "creation_ttl",
          wrapping.firstTtl().toSeconds());
    }
    JsonNode body = state.wrapped().getOrDefault(token, Json.NULL);
    state.wrapped().remove(token);
    state.tokens().revoke(wrapping);
    return Reply.raw(200, Answers.JSON, GoJson.text(body));
  }

  /** A token that still wraps something. */
  static FakeToken find(FakeState state, String token) {
    return state
        .tokens()
        .get(token)
        .filter(found -> found.facts().policies().equals(List.of("response-wrapping")))
        .filter(found -> state.wrapped().containsKey(token))
        .orElseThrow(() -> Refusal.of(400, INVALID));
  }
}
