package io.keybearer.provider.vault.fake;

import io.keybearer.provider.fake.Json;
import io.keybearer.provider.text.JsonNode;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** {@code auth/token}. */
final class TokenAuth implements Engine {

  private final FakeState state;

  TokenAuth(FakeState state) {
    this.state = state;
  }

  @Override
  public Reply serve(EngineCall call) {
    FakeToken own = call.token().orElseThrow();
    Operation operation = call.operation();
    return switch (call.path()) {
      case "lookup-self" -> Reply.data(facts(own, call));
      case "renew-self" -> renew(call, own);
      case "revoke-self" -> {
        if (own.facts().type() == TokenType.BATCH) {
          throw Refusal.of(400, "batch tokens cannot be revoked");
        }
        state.tokens().revoke(own);
        yield Reply.SILENCE;
      }
      case "create", "create-orphan" -> create(call, own);
      case "lookup" -> Reply.data(facts(named(call, "bad token"), call));
      case "renew" -> renew(call, named(call, "token not found"));
      case "revoke" -> {
        state.tokens().get(call.text("token")).ifPresent(state.tokens()::revoke);
        yield Reply.SILENCE;
      }
      case "lookup-accessor" -> Reply.data(withoutId(facts(byAccessor(call), call)));
      case "revoke-accessor" -> {
        state.tokens().revoke(byAccessor(call));
        yield Reply.SILENCE;
      }
      case "accessors", "accessors/" -> {
        if (operation != Operation.LIST) {
          throw Refusal.unsupportedOperation();
        }
        yield accessors(call.mount().namespace());
      }
      default -> throw Refusal.unsupportedPath();
    };
  }

  private FakeToken named(EngineCall call, String otherwise) {
    return state.tokens().get(call.text("token")).orElseThrow(() -> Refusal.of(403, otherwise));
  }

  private FakeToken byAccessor(EngineCall call) {
    if (call.text("accessor").isEmpty()) {
      throw Refusal.of(400, "missing accessor");
    }
    return state
        .tokens()
        .byAccessor(call.text("accessor"))
        .orElseThrow(() -> Refusal.error(400, "invalid accessor"));
  }

  private Reply accessors(FakeNamespace namespace) {
    return Reply.keys(
        state.tokens().all().stream()
            .filter(token -> token.facts().namespace() == namespace)
            .map(token -> token.facts().accessor())
            .filter(accessor -> !accessor.isEmpty())
            .toList());
  }

  private Reply renew(EngineCall call, FakeToken token) {
    if (token.facts().type() == TokenType.BATCH) {
      throw Refusal.of(400, "batch tokens cannot be renewed");
    }
    if (!token.facts().renewable() || token.expires().isEmpty()) {
      throw Refusal.of(400, "lease is not renewable");
    }
    Duration increment = GoDuration.of(call.data(), "increment");
    Ttl ttl =
        Ttl.grant(token.facts().bounds(), increment, token.created(), call.now())
            .orElseThrow(() -> Refusal.of(400, "past the max TTL, cannot renew"));
    token.renew(call.now(), ttl.time());
    return new Reply.Minted(Tokens.auth(token, call.now()), ttl.warnings());
  }

  private Reply create(EngineCall call, FakeToken parent) {
    if (parent.facts().type() == TokenType.BATCH) {
      throw Refusal.of(400, "batch tokens cannot create more tokens");
    }
    List<String> policies = policies(call, parent);
    Duration asked = GoDuration.of(call.data(), "ttl");
    Duration explicit = GoDuration.of(call.data(), "explicit_max_ttl");
    Duration period = GoDuration.of(call.data(), "period");
    boolean endless =
        policies.contains("root") && asked.isZero() && explicit.isZero() && parent.isRoot();
    Ttl.Bounds within =
        new Ttl.Bounds(asked, Ttl.SYSTEM, explicit, period).within(Ttl.SYSTEM, Ttl.SYSTEM);
    Ttl ttl =
        endless
            ? new Ttl(Duration.ZERO, List.of())
            : Ttl.grant(within, asked, call.now(), call.now()).orElseThrow();
    Ttl.Bounds later = new Ttl.Bounds(Ttl.SYSTEM, within.most(), explicit, period);
    long uses = WeakJson.number(call.data(), "num_uses", 0);
    FakeToken.Facts facts = facts(call, parent, policies, endless, later);
    FakeToken made = state.tokens().add(new FakeToken(facts, call.now(), ttl.time(), uses));
    return new Reply.Minted(Tokens.auth(made, call.now()), warnings(made, ttl));
  }

  private static List<String> policies(EngineCall call, FakeToken parent) {
    List<String> wanted = WeakJson.texts(call.data(), "policies");
    List<String> policies =
        Tokens.policies(
            wanted.isEmpty() ? parent.facts().policies() : wanted,
            !WeakJson.holds(call.data(), "no_default_policy"));
    if (!parent.isRoot() && !parent.facts().policies().containsAll(policies)) {
      throw Refusal.of(400, "child policies must be subset of parent");
    }
    return policies;
  }

  private FakeToken.Facts facts(
      EngineCall call,
      FakeToken parent,
      List<String> policies,
      boolean endless,
      Ttl.Bounds bounds) {
    boolean orphan =
        call.path().equals("create-orphan") || WeakJson.holds(call.data(), "no_parent");
    TokenType type = TokenType.of(call.text("type"));
    FakeNamespace namespace = call.mount().namespace();
    String given = call.text("id");
    String display = call.text("display_name");
    return new FakeToken.Facts(
        given.isEmpty() ? state.ids().token(type, namespace) : given,
        type == TokenType.BATCH ? "" : state.ids().name(namespace),
        type,
        namespace,
        policies,
        "auth/token/" + call.path(),
        metadata(call.data()),
        display.isEmpty() ? "token" : "token-" + display,
        parent.facts().entity(),
        orphan ? Optional.empty() : Optional.of(parent.facts().id()),
        !endless && type == TokenType.SERVICE && WeakJson.holds(call.data(), "renewable", true),
        bounds);
  }

  private static List<String> warnings(FakeToken made, Ttl ttl) {
    Map<String, PolicyText> known = made.facts().namespace().policies();
    return Stream.concat(
            ttl.warnings().stream(),
            made.facts().policies().stream()
                .filter(policy -> !known.containsKey(policy) && !policy.equals("root"))
                .map(policy -> "Policy \"" + policy + "\" does not exist"))
        .toList();
  }

  private static Map<String, String> metadata(JsonNode data) {
    return new LinkedHashMap<>(data.texts("meta"));
  }

  private static JsonNode withoutId(JsonNode facts) {
    return Json.merged(facts, Json.object("id", ""));
  }

  /** A token as looking it up tells it. */
  private static JsonNode facts(FakeToken token, EngineCall call) {
    FakeToken.Facts facts = token.facts();
    Map<String, Object> told = new LinkedHashMap<>();
    told.put("accessor", facts.accessor());
    told.put("creation_time", token.created().getEpochSecond());
    told.put("creation_ttl", token.firstTtl().toSeconds());
    told.put("display_name", facts.displayName());
    told.put("entity_id", facts.entity());
    told.put("expire_time", token.expires().map(GoTime::text));
    told.put("explicit_max_ttl", facts.bounds().explicitMost().toSeconds());
    told.put("id", facts.id());
    told.put("meta", facts.metadata().isEmpty() ? Json.NULL : facts.metadata());
    told.put("num_uses", token.uses());
    told.put("orphan", facts.parent().isEmpty());
    told.put("path", facts.path());
    told.put("policies", facts.policies());
    told.put("ttl", token.secondsLeft(call.now()));
    told.put("type", facts.type().word());
    told.put("issue_time", GoTime.text(token.created()));
    told.put("renewable", facts.renewable());
    token
        .renewed()
        .ifPresent(
            renewed -> {
              told.put("last_renewal", GoTime.text(renewed));
              told.put("last_renewal_time", renewed.getEpochSecond());
            });
    if (!facts.bounds().period().isZero()) {
      told.put("period", facts.bounds().period().toSeconds());
    }
    if (!facts.namespace().isRoot()) {
      told.put("namespace_path", facts.namespace().path());
    }
    return Json.of(told);
  }
}
