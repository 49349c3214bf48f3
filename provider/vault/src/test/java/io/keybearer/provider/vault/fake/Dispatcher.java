package io.keybearer.provider.vault.fake;

import io.keybearer.provider.fake.FakeAnswer;
import io.keybearer.provider.fake.FakeRequest;
import io.keybearer.provider.text.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Takes a request from the token that it shows to the answer of the engine that it is for. */
final class Dispatcher {

  private final FakeState state;

  Dispatcher(FakeState state) {
    this.state = state;
  }

  /** What the engine says, as an answer with lease, token or wrapping. */
  FakeAnswer answer(FakeRequest request, FakeState.Routed asked, Operation wanted, JsonNode data) {
    FakeState.Routed to = atHome(asked, request, data);
    if (wanted.isWrite() && to.path().endsWith("/")) {
      throw Refusal.of(400, "cannot write to a path ending in '/'");
    }
    Optional<FakeMount> mount = to.namespace().mount(to.path());
    boolean open = mount.filter(found -> found.engine().isOpen(rest(found, to.path()))).isPresent();
    InlineAuth inline = new InlineAuth(state, this, request);
    Optional<FakeToken> token =
        inline.isWanted() ? Optional.of(inline.token(to)) : state.tokens().get(shown(request));
    if (to.path().matches("sys/wrapping/(unwrap|lookup)")) {
      // Looked at before the token is: a wrapping token that is used up is not just unknown.
      String inBody = WeakJson.text(data, "token");
      Unwrapping.find(state, inBody.isEmpty() ? shown(request) : inBody);
    }
    if (open) {
      EngineCall call = call(mount.orElseThrow(), wanted, to.path(), data, request, token);
      return finish(call, call.mount().engine().serve(call), false);
    }
    FakeToken known = token.orElseThrow(this::unknownToken);
    boolean last = known.use();
    try {
      return serve(request, to, wanted, data, known, inline.isWanted());
    } catch (Refusal e) {
      throw e.afterToken();
    } finally {
      if (last || inline.isWanted()) {
        state.tokens().revoke(known);
      }
    }
  }

  /** What a token asks of itself, and of its leases, is for the namespace that they are of. */
  private FakeState.Routed atHome(FakeState.Routed asked, FakeRequest request, JsonNode data) {
    String path = asked.path();
    Optional<FakeNamespace> home = Optional.empty();
    if (path.matches("auth/token/(lookup|renew|revoke)-self|sys/wrapping/.*")) {
      home = state.tokens().get(shown(request)).map(token -> token.facts().namespace());
    } else if (path.startsWith("sys/leases/")) {
      home =
          state
              .leases()
              .get(WeakJson.text(data, "lease_id"))
              .map(lease -> lease.mount().namespace());
    }
    return home.map(namespace -> new FakeState.Routed(namespace, path)).orElse(asked);
  }

  /** A login's own answer, for those who log in within another request. */
  Reply login(FakeRequest request, FakeState.Routed to, JsonNode data) {
    // Whoever has no token is not told which mounts there are.
    FakeMount mount =
        to.namespace()
            .mount(to.path())
            .filter(found -> found.engine().isOpen(rest(found, to.path())))
            .orElseThrow(() -> Refusal.of(403, "permission denied"));
    EngineCall call = call(mount, Operation.UPDATE, to.path(), data, request, Optional.empty());
    return mount.engine().serve(call);
  }

  private FakeAnswer serve(
      FakeRequest request,
      FakeState.Routed to,
      Operation wanted,
      JsonNode data,
      FakeToken token,
      boolean inline) {
    Optional<FakeMount> mount = to.namespace().mount(to.path());
    Operation operation = wanted;
    if (wanted == Operation.UPDATE && mount.isPresent()) {
      EngineCall asked =
          call(mount.get(), Operation.CREATE, to.path(), data, request, Optional.of(token));
      operation = mount.get().engine().exists(asked) ? Operation.UPDATE : Operation.CREATE;
    }
    boolean sudo = SudoPaths.contains(to.path());
    if (!new Acl(token).allows(operation, to.namespace().path() + to.path(), sudo)
        || !isWithin(token.facts().namespace(), to.namespace())) {
      throw Refusal.denied();
    }
    FakeMount found = mount.orElseThrow(() -> noHandler(to.path()));
    EngineCall call = call(found, operation, to.path(), data, request, Optional.of(token));
    return finish(call, found.engine().serve(call), inline);
  }

  private FakeAnswer finish(EngineCall call, Reply reply, boolean inline) {
    Instant now = call.now();
    Envelope envelope = new Envelope(state, call);
    if (reply instanceof Reply.Leased leased) {
      return leased(call, leased, envelope, inline);
    }
    if (reply instanceof Reply.LoggedIn login) {
      FakeToken token = token(call, login.grant());
      return envelope.auth(Tokens.auth(token, now), grant(call, login.grant()).warnings());
    }
    if (reply instanceof Reply.Minted minted) {
      return envelope.auth(minted.auth(), minted.warnings());
    }
    return envelope.plain(reply);
  }

  /** The token that a login comes to. */
  FakeToken token(EngineCall call, Grant grant) {
    return state.tokens().login(grant, call.mount(), grant(call, grant), call.now());
  }

  private static Ttl grant(EngineCall call, Grant grant) {
    Ttl.Bounds bounds = call.mount().within(grant.terms().bounds());
    return Ttl.grant(bounds, Duration.ZERO, call.now(), call.now()).orElseThrow();
  }

  private FakeAnswer leased(
      EngineCall call, Reply.Leased leased, Envelope envelope, boolean inline) {
    if (inline) {
      call.mount().engine().revoke(leased.secret());
      throw Refusal.of(500, "requests with inline authentication cannot generate leases");
    }
    FakeToken token = call.token().orElseThrow();
    Ttl ttl =
        Ttl.grant(call.mount().within(leased.bounds()), Duration.ZERO, call.now(), call.now())
            .orElseThrow();
    FakeLease lease =
        state.leases().grant(token, call.mount(), call.path(), leased, ttl, call.now());
    return envelope.leased(lease, leased.data(), ttl);
  }

  private EngineCall call(
      FakeMount mount,
      Operation operation,
      String path,
      JsonNode data,
      FakeRequest request,
      Optional<FakeToken> token) {
    return new EngineCall(operation, rest(mount, path), data, request, mount, token, state.now());
  }

  private static String rest(FakeMount mount, String path) {
    return path.length() < mount.path().length() ? "" : path.substring(mount.path().length());
  }

  private static boolean isWithin(FakeNamespace own, FakeNamespace asked) {
    return asked.path().startsWith(own.path());
  }

  /** The token that a request shows in one of two headers. */
  static String shown(FakeRequest request) {
    String token = request.header("X-Vault-Token");
    String bearer = request.header("Authorization");
    return token.isEmpty() && bearer.startsWith("Bearer ") ? bearer.substring(7) : token;
  }

  private Refusal unknownToken() {
    return state.flavour() == Flavour.VAULT
        ? Refusal.of(403, "permission denied").and("invalid token")
        : Refusal.of(403, "permission denied");
  }

  static Refusal noHandler(String path) {
    return Refusal.of(404, "no handler for route \"" + path + "\". route entry not found.");
  }

  /** Those that a token may not be given by policies alone: {@code sudo} stands there too. */
  private static final class SudoPaths {

    private static final List<String> STARTS =
        List.of(
            "sys/auth/",
            "sys/leases/revoke-prefix/",
            "sys/leases/revoke-force/",
            "sys/leases/lookup/",
            "sys/revoke-prefix/",
            "auth/token/accessors",
            "auth/token/revoke-orphan");

    static boolean contains(String path) {
      return path.equals("sys/leases") || STARTS.stream().anyMatch(path::startsWith);
    }
  }
}
