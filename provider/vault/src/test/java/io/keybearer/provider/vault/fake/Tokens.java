package io.keybearer.provider.vault.fake;

import io.keybearer.provider.fake.Json;
import io.keybearer.provider.text.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** All tokens that are alive. The end of one is the end of its children and of its leases. */
final class Tokens {

  private final Map<String, FakeToken> byId = new LinkedHashMap<>();
  private final Map<String, String> entities = new LinkedHashMap<>();
  private final Leases leases;
  private final RandomIds ids;

  Tokens(Leases leases, RandomIds ids) {
    this.leases = leases;
    this.ids = ids;
  }

  /** Makes a root token with that text. */
  FakeToken root(String id, FakeNamespace namespace, Instant now) {
    FakeToken.Facts facts =
        new FakeToken.Facts(
            id,
            ids.name(namespace),
            TokenType.SERVICE,
            namespace,
            List.of("root"),
            "auth/token/root",
            Map.of(),
            "root",
            "",
            Optional.empty(),
            false,
            Ttl.Bounds.NONE);
    return add(new FakeToken(facts, now, Duration.ZERO, 0));
  }

  FakeToken add(FakeToken token) {
    byId.put(token.facts().id(), token);
    return token;
  }

  /** Makes the token of a login. */
  FakeToken login(Grant grant, FakeMount mount, Ttl ttl, Instant now) {
    TokenTerms terms = grant.terms();
    boolean batch = terms.type() == TokenType.BATCH;
    String display = mount.path().substring("auth/".length()).replace('/', '-');
    FakeToken.Facts facts =
        new FakeToken.Facts(
            ids.token(terms.type(), mount.namespace()),
            batch ? "" : ids.name(mount.namespace()),
            terms.type(),
            mount.namespace(),
            policies(terms.policies(), !terms.withoutDefault()),
            mount.path() + "login",
            grant.metadata(),
            display + grant.displayName(),
            entity(mount, grant.alias()),
            Optional.empty(),
            !batch,
            mount.within(terms.bounds()));
    return add(new FakeToken(facts, now, ttl.time(), terms.uses()));
  }

  /** The entity of an alias; each mount has its own. */
  String entity(FakeMount mount, String alias) {
    return entities.computeIfAbsent(mount.accessor() + "/" + alias, key -> ids.uuid());
  }

  /** Sorted, lower case, each once, with the default one if wanted. */
  static List<String> policies(Collection<String> names, boolean withDefault) {
    TreeSet<String> all = new TreeSet<>();
    names.forEach(name -> all.add(name.strip().toLowerCase(Locale.ROOT)));
    all.remove("");
    if (withDefault && !all.contains("root")) {
      all.add("default");
    }
    return List.copyOf(all);
  }

  Optional<FakeToken> get(String id) {
    return Optional.ofNullable(byId.get(id));
  }

  Optional<FakeToken> byAccessor(String accessor) {
    return byId.values().stream()
        .filter(token -> !accessor.isEmpty() && token.facts().accessor().equals(accessor))
        .findFirst();
  }

  Collection<FakeToken> all() {
    return List.copyOf(byId.values());
  }

  /** Ends a token, its children and what was leased with them. */
  void revoke(FakeToken token) {
    String id = token.facts().id();
    byId.remove(id);
    leases.revokeOf(id);
    for (FakeToken child : all()) {
      if (child.facts().parent().filter(id::equals).isPresent()) {
        revoke(child);
      }
    }
  }

  /** Ends what is over by now. */
  void expire(Instant now) {
    List<FakeToken> over = new ArrayList<>();
    for (FakeToken token : byId.values()) {
      if (token.isOver(now)) {
        over.add(token);
      }
    }
    over.forEach(this::revoke);
  }

  /** A token as the answer to its making tells it. */
  static JsonNode auth(FakeToken token, Instant now) {
    FakeToken.Facts facts = token.facts();
    return Json.object(
        "client_token",
        facts.id(),
        "accessor",
        facts.accessor(),
        "policies",
        facts.policies(),
        "token_policies",
        facts.policies(),
        "metadata",
        facts.metadata().isEmpty() ? Json.NULL : GoJson.sorted(Json.of(facts.metadata())),
        "lease_duration",
        token.secondsLeft(now),
        "renewable",
        facts.renewable(),
        "entity_id",
        facts.entity(),
        "token_type",
        facts.type().word(),
        "orphan",
        facts.parent().isEmpty(),
        "mfa_requirement",
        Json.NULL,
        "num_uses",
        token.firstUses());
  }
}
