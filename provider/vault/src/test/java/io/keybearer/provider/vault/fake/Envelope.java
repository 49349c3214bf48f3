package io.keybearer.provider.vault.fake;

import io.keybearer.provider.fake.FakeAnswer;
import io.keybearer.provider.fake.Json;
import io.keybearer.provider.text.JsonNode;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Writes what an engine said as the server writes all its answers, wrapped where that is wanted.
 */
final class Envelope {

  private final FakeState state;
  private final EngineCall call;
  private final String requestId;

  Envelope(FakeState state, EngineCall call) {
    this.state = state;
    this.call = call;
    this.requestId = state.ids().uuid();
  }

  FakeAnswer auth(JsonNode auth, List<String> warnings) {
    return ok(body("", false, 0, Json.NULL, warnings, auth));
  }

  FakeAnswer leased(FakeLease lease, JsonNode data, Ttl ttl) {
    return ok(
        body(
            lease.id(),
            lease.isRenewable(),
            ttl.time().toSeconds(),
            GoJson.sorted(data),
            ttl.warnings(),
            Json.NULL));
  }

  /** What needs neither token nor lease. */
  FakeAnswer plain(Reply reply) {
    if (reply instanceof Reply.Data data) {
      return listed(data);
    }
    if (reply instanceof Reply.Spread spread) {
      JsonNode whole = body("", false, 0, spread.data(), List.of(), Json.NULL);
      return Answers.json(200, Json.merged(spread.data(), whole));
    }
    if (reply instanceof Reply.Gone gone) {
      JsonNode body = body("", false, 0, gone.data(), gone.warnings(), Json.NULL);
      // The server writes this one with another encoder, which ends no line.
      return Answers.text(404, Answers.JSON, GoJson.text(body));
    }
    if (reply instanceof Reply.Timed timed) {
      long seconds = timed.time().toSeconds();
      return ok(body("", false, seconds, GoJson.sorted(timed.data()), List.of(), Json.NULL));
    }
    if (reply instanceof Reply.Renewed renewed) {
      return ok(
          body(
              renewed.lease(),
              renewed.renewable(),
              renewed.time().toSeconds(),
              Json.NULL,
              renewed.warnings(),
              Json.NULL));
    }
    if (reply instanceof Reply.Raw raw) {
      return raw.answer();
    }
    boolean isRead = call.operation() == Operation.READ || call.operation() == Operation.LIST;
    if (isRead) {
      throw Refusal.empty(404);
    }
    return Answers.nothing(204);
  }

  private FakeAnswer listed(Reply.Data data) {
    boolean isEmptyList =
        call.operation() == Operation.LIST
            && data.data().at("keys").filter(keys -> keys.items().isEmpty()).isPresent();
    if (isEmptyList) {
      throw Refusal.empty(404);
    }
    return ok(body("", false, 0, data.data(), data.warnings(), Json.NULL));
  }

  private FakeAnswer ok(JsonNode body) {
    String wrapTtl = call.request().header("X-Vault-Wrap-TTL");
    if (wrapTtl.isEmpty()) {
      return Answers.json(200, body);
    }
    Duration ttl =
        GoDuration.parse(wrapTtl)
            .orElseThrow(
                () ->
                    Refusal.of(
                        400,
                        "error parsing X-Vault-Wrap-TTL header: time: invalid duration \""
                            + wrapTtl
                            + "\""));
    return ttl.isZero() ? Answers.json(200, body) : wrapped(body, ttl);
  }

  private FakeAnswer wrapped(JsonNode body, Duration ttl) {
    FakeNamespace namespace = call.mount().namespace();
    String path = call.mount().path() + call.path();
    FakeToken.Facts facts =
        new FakeToken.Facts(
            state.ids().token(TokenType.SERVICE, namespace),
            state.ids().name(namespace),
            TokenType.SERVICE,
            namespace,
            List.of("response-wrapping"),
            path,
            Map.of(),
            "",
            "",
            Optional.empty(),
            false,
            new Ttl.Bounds(ttl, ttl, ttl, Duration.ZERO));
    state.tokens().add(new FakeToken(facts, call.now(), ttl, 1));
    state.wrapped().put(facts.id(), body);
    Map<String, Object> info = info(body, facts, ttl);
    return Answers.json(
        200,
        Json.object(
            "request_id",
            "",
            "lease_id",
            "",
            "renewable",
            false,
            "lease_duration",
            0,
            "data",
            Json.NULL,
            "wrap_info",
            info,
            "warnings",
            Json.NULL,
            "auth",
            Json.NULL));
  }

  private Map<String, Object> info(JsonNode body, FakeToken.Facts facts, Duration ttl) {
    Map<String, Object> info = new LinkedHashMap<>();
    info.put("token", facts.id());
    info.put("accessor", facts.accessor());
    info.put("ttl", ttl.toSeconds());
    info.put("creation_time", GoTime.text(call.now()));
    info.put("creation_path", facts.namespace().path() + facts.path());
    String accessor = body.text("auth", "accessor") + body.text("data", "secret_id_accessor");
    if (!accessor.isEmpty()) {
      info.put("wrapped_accessor", accessor);
    }
    return info;
  }

  private JsonNode body(
      String lease,
      boolean renewable,
      long seconds,
      JsonNode data,
      List<String> warnings,
      JsonNode auth) {
    JsonNode.Members whole =
        Json.object(
            "request_id",
            requestId,
            "lease_id",
            lease,
            "renewable",
            renewable,
            "lease_duration",
            seconds,
            "data",
            data,
            "wrap_info",
            Json.NULL,
            "warnings",
            warnings.isEmpty() ? Json.NULL : warnings,
            "auth",
            auth);
    return state.flavour() == Flavour.VAULT
        ? Json.merged(whole, Json.object("mount_type", call.mount().type()))
        : whole;
  }
}
