package io.keybearer.provider.vault.fake;

import io.keybearer.provider.fake.FakeAnswer;
import io.keybearer.provider.fake.FakeRequest;
import io.keybearer.provider.fake.Json;
import io.keybearer.provider.text.JsonNode;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** What a request meets before any engine: paths, verbs, the seal, namespaces, quotas. */
final class Door {

  private static final String BASE = "/v1/";

  private final FakeState state;
  private final Dispatcher dispatcher;
  private final ServerStatus status;
  private volatile Standby standby = Standby.ANSWERS;
  private volatile int standbyHealth = 429;

  Door(FakeState state, String unsealKey) {
    this.state = state;
    this.dispatcher = new Dispatcher(state);
    this.status = new ServerStatus(state, unsealKey);
  }

  void standby(Standby how, int health) {
    standby = how;
    standbyHealth = health;
  }

  /** Never fails: what is refused is an answer too. */
  FakeAnswer answer(FakeRequest request, Node node, URI active) {
    synchronized (state) {
      try {
        state.expire();
        return named(request, open(request, node, active));
      } catch (Refusal e) {
        return named(request, e.answer());
      }
    }
  }

  /** Tells the namespace in the answer, as the server does where one was asked for. */
  private static FakeAnswer named(FakeRequest request, FakeAnswer answer) {
    String namespace = request.header("X-Vault-Namespace");
    return namespace.isEmpty() ? answer : answer.with("X-Vault-Namespace", namespace);
  }

  private FakeAnswer open(FakeRequest request, Node node, URI active) {
    String clean = clean(request.path());
    if (!clean.equals(request.path())) {
      String query = request.rawQuery().isEmpty() ? "" : "?" + request.rawQuery();
      String body = "<a href=\"" + clean + query + "\">Moved Permanently</a>.\n\n";
      return Answers.text(
              301, "text/html; charset=utf-8", request.method().equals("GET") ? body : "")
          .with("Location", clean + query);
    }
    if (!clean.startsWith(BASE)) {
      return Answers.text(404, "text/plain; charset=utf-8", "404 page not found\n");
    }
    String path = clean.substring(BASE.length());
    Optional<FakeAnswer> told =
        status.answer(request, path, node == Node.STANDBY ? standbyHealth : 0);
    if (told.isPresent()) {
      return told.get();
    }
    Operation operation = operation(request);
    if (state.isSealed()) {
      throw Refusal.of(503, "Vault is sealed");
    }
    return node == Node.STANDBY
        ? onStandby(request, operation, path, active)
        : dispatch(request, operation, path);
  }

  private FakeAnswer onStandby(FakeRequest request, Operation operation, String path, URI active) {
    boolean refusesForward = request.header("X-Vault-No-Request-Forwarding").equals("true");
    if (standby == Standby.ALONE) {
      throw refusesForward
          ? Refusal.of(503, "no active Vault instance found")
          : Refusal.of(500, "local node not active but active cluster node not found");
    }
    if (standby == Standby.REDIRECTS || refusesForward) {
      String query = request.rawQuery().isEmpty() ? "" : "?" + request.rawQuery();
      return Answers.bytes(307, "", new byte[0])
          .with("Location", active + request.rawPath() + query);
    }
    return dispatch(request, operation, path);
  }

  private FakeAnswer dispatch(FakeRequest request, Operation operation, String path) {
    JsonNode data = data(request, operation);
    FakeState.Routed to =
        state
            .route(request.header("X-Vault-Namespace"), path)
            .orElseThrow(() -> Refusal.of(404, "namespace not found"));
    Map<String, String> told = state.quotas().count(to.namespace().path() + to.path(), state.now());
    if (to.namespace().lockKey().isPresent()) {
      throw Refusal.of(
          503,
          ("API access to this namespace has been locked by an administrator - \"%s\" must be "
                  + "unlocked to gain access.")
              .formatted(to.namespace().path()));
    }
    FakeState.Routed folder =
        operation == Operation.LIST && !to.path().endsWith("/")
            ? new FakeState.Routed(to.namespace(), to.path() + "/")
            : to;
    FakeAnswer answer;
    try {
      answer = dispatcher.answer(request, folder, operation, data);
    } catch (Refusal e) {
      answer = e.answer();
    }
    for (Map.Entry<String, String> header : told.entrySet()) {
      answer = answer.with(header.getKey(), header.getValue());
    }
    return answer;
  }

  private static Operation operation(FakeRequest request) {
    return switch (request.method()) {
      case "GET" ->
          request.query().getOrDefault("list", "").equals("true") ? Operation.LIST : Operation.READ;
      case "PUT", "POST" -> Operation.UPDATE;
      case "DELETE" -> Operation.DELETE;
      case "LIST" -> Operation.LIST;
      case "PATCH" -> Operation.PATCH;
      default -> throw Refusal.empty(405);
    };
  }

  private static JsonNode data(FakeRequest request, Operation operation) {
    if (operation.isWrite()) {
      if (request.body().isEmpty()) {
        return Json.EMPTY;
      }
      JsonNode body =
          Json.read(request.body())
              .orElseThrow(() -> Refusal.of(400, "failed to decode JSON input: unexpected EOF"));
      if (body instanceof JsonNode.Items) {
        throw Refusal.of(
            400,
            "failed to decode JSON input: json: cannot unmarshal array into Go value of type"
                + " map[string]interface {}");
      }
      return body;
    }
    Map<String, Object> query = new LinkedHashMap<>(request.query());
    query.remove("list");
    return Json.of(query);
  }

  /** Without empty parts, {@code .} and {@code ..}; a slash at the end stays. */
  static String clean(String path) {
    ArrayDeque<String> parts = new ArrayDeque<>();
    for (String part : path.split("/", -1)) {
      if (part.equals("..")) {
        parts.pollLast();
      } else if (!part.isEmpty() && !part.equals(".")) {
        parts.addLast(part);
      }
    }
    boolean folder = path.endsWith("/") || path.endsWith("/.") || path.endsWith("/..");
    String joined = "/" + String.join("/", parts);
    return folder && !parts.isEmpty() ? joined + "/" : joined;
  }
}
