package io.keybearer.provider.vault.fake;

import io.keybearer.provider.fake.FakeRequest;
import io.keybearer.provider.fake.Json;
import io.keybearer.provider.text.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** A login within another request, of which no token stays (OpenBao 2.4 and later). */
final class InlineAuth {

  private static final String PATH = "X-Vault-Inline-Auth-Path";
  private static final String NAMESPACE = "X-Vault-Inline-Auth-Namespace";
  private static final String PARAMETER = "x-vault-inline-auth-parameter-";

  private final FakeState state;
  private final Dispatcher dispatcher;
  private final FakeRequest request;

  InlineAuth(FakeState state, Dispatcher dispatcher, FakeRequest request) {
    this.state = state;
    this.dispatcher = dispatcher;
    this.request = request;
  }

  boolean isWanted() {
    return state.flavour() == Flavour.OPENBAO && request.headers().containsKey(PATH);
  }

  /** The token of this login, which is good for this request alone. */
  FakeToken token(FakeState.Routed asked) {
    if (!Dispatcher.shown(request).isEmpty()) {
      throw failed(500, "cannot layer inline authentication with token authentication");
    }
    String namespace =
        request.headers().getOrDefault(NAMESPACE, request.header("X-Vault-Namespace"));
    FakeState.Routed to =
        state
            .route(namespace, request.header(PATH))
            .orElseThrow(() -> failed(500, "inline auth namespace was not found"));
    Reply reply = login(to);
    if (!(reply instanceof Reply.LoggedIn login)) {
      throw failed(404, "specified authentication path was not found");
    }
    FakeMount mount = to.namespace().mount(to.path()).orElseThrow();
    EngineCall call =
        new EngineCall(
            Operation.UPDATE, "login", Json.EMPTY, request, mount, Optional.empty(), state.now());
    return dispatcher.token(call, login.grant());
  }

  private Reply login(FakeState.Routed to) {
    try {
      return dispatcher.login(request, to, parameters());
    } catch (Refusal e) {
      throw e.isError()
          ? failed(e.status(), e.text().orElse(""))
          : e.with(Map.of("X-Vault-Inline-Auth-Failed", "true"));
    }
  }

  private JsonNode parameters() {
    Map<String, JsonNode> parameters = new LinkedHashMap<>();
    request
        .headers()
        .forEach(
            (name, value) -> {
              if (name.toLowerCase(Locale.ROOT).startsWith(PARAMETER)) {
                JsonNode pair = pair(value);
                parameters.put(
                    pair.text("key"),
                    pair.at("value")
                        .orElseThrow(() -> failed(500, "decoded header lacked `value` field")));
              }
            });
    return new JsonNode.Members(parameters);
  }

  private static JsonNode pair(String value) {
    byte[] decoded;
    try {
      decoded = Base64.getUrlDecoder().decode(value);
    } catch (IllegalArgumentException e) {
      throw failed(500, "failed raw url-safe base64 decoding header value");
    }
    JsonNode pair =
        Json.read(new String(decoded, StandardCharsets.UTF_8))
            .orElseThrow(() -> failed(500, "failed json decoding header value"));
    if (pair.at("key").isEmpty()) {
      throw failed(500, "decoded header lacked `key` field");
    }
    if (pair.members().size() != 2) {
      throw failed(500, "unexpected field in decoded request parameter");
    }
    return pair;
  }

  private static Refusal failed(int status, String why) {
    return Refusal.of(status, "failed to perform inline authentication: " + why);
  }
}
