package io.keybearer.provider.vault.fake;

import io.keybearer.provider.fake.Json;
import io.keybearer.provider.text.JsonNode;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** All that the server knows. Who uses it holds its monitor. */
final class FakeState {

  private final InstantSource clock;
  private final Flavour flavour;
  private final RandomIds ids;
  private final Leases leases;
  private final Tokens tokens;
  private final Quotas quotas = new Quotas();
  private final Map<String, FakeNamespace> namespaces = new TreeMap<>();
  private final Map<String, JsonNode> wrapped = new HashMap<>();
  private boolean sealed;

  FakeState(InstantSource clock, Flavour flavour, String rootToken) {
    this.clock = clock;
    this.flavour = flavour;
    this.ids = new RandomIds(flavour);
    this.leases = new Leases(ids);
    this.tokens = new Tokens(leases, ids);
    FakeNamespace root = addNamespace("", Json.EMPTY);
    root.policies().put("root", PolicyText.parse(""));
    tokens.root(rootToken, root, now());
    mount(root, "secret/", Json.object("type", "kv", "options", Json.object("version", "2")));
  }

  Instant now() {
    return clock.instant();
  }

  Flavour flavour() {
    return flavour;
  }

  RandomIds ids() {
    return ids;
  }

  Leases leases() {
    return leases;
  }

  Tokens tokens() {
    return tokens;
  }

  Quotas quotas() {
    return quotas;
  }

  /** What wrapping tokens hold. */
  Map<String, JsonNode> wrapped() {
    return wrapped;
  }

  boolean isSealed() {
    return sealed;
  }

  void seal(boolean close) {
    sealed = close;
  }

  /** Ends tokens and leases whose time is over. */
  void expire() {
    Instant now = now();
    tokens.expire(now);
    leases.expire(now);
    wrapped.keySet().removeIf(token -> tokens.get(token).isEmpty());
  }

  FakeNamespace addNamespace(String path, JsonNode metadata) {
    String id = path.isEmpty() ? "root" : ids.letters(6);
    FakeNamespace added = new FakeNamespace(path, id, ids.uuid(), metadata);
    added.policies().put("default", PolicyText.parse(PolicyText.DEFAULT));
    added.policies().put("response-wrapping", PolicyText.parse(PolicyText.WRAPPING));
    namespaces.put(path, added);
    mount(added, "sys/", Json.object("type", "system"));
    mount(added, "cubbyhole/", Json.object("type", "cubbyhole"));
    mount(added, "auth/token/", Json.object("type", "token"));
    return added;
  }

  Map<String, FakeNamespace> namespaces() {
    return namespaces;
  }

  FakeMount mount(FakeNamespace namespace, String path, JsonNode settings) {
    String type = WeakJson.text(settings, "type");
    String known = type.equals("kv-v2") ? "kv" : type;
    FakeMount mount =
        new FakeMount(
            namespace,
            path,
            known,
            settings,
            (path.startsWith("auth/") ? "auth_" : "") + known + "_" + ids.letters(8),
            ids.uuid(),
            Engines.of(type, settings, this));
    namespace.mounts().put(path, mount);
    return mount;
  }

  /** Takes a mount out, with the leases of what it made and the tokens of its logins. */
  void unmount(FakeNamespace namespace, String path) {
    leases.revokeBelow(namespace, path);
    for (FakeToken token : tokens.all()) {
      boolean ofMount = token.facts().path().startsWith(path);
      if (token.facts().namespace() == namespace && ofMount) {
        tokens.revoke(token);
      }
    }
    namespace.mounts().remove(path);
  }

  /** The namespace that a header and a path together lead to, and the rest of the path. */
  Optional<Routed> route(String header, String path) {
    String start = header.replaceAll("^/+|/+$", "");
    String named = start.isEmpty() || start.equals("root") ? "" : start + "/";
    if (!namespaces.containsKey(named)) {
      return Optional.empty();
    }
    String rest = path;
    List<String> parts = new ArrayList<>(List.of(path.split("/", -1)));
    while (parts.size() > 1 && namespaces.containsKey(named + parts.get(0) + "/")) {
      named += parts.remove(0) + "/";
      rest = String.join("/", parts);
    }
    return Optional.of(new Routed(namespaces.get(named), rest));
  }

  /** A namespace, and a path within it. */
  record Routed(FakeNamespace namespace, String path) {}
}
