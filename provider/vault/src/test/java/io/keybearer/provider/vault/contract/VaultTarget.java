package io.keybearer.provider.vault.contract;

import io.keybearer.provider.fake.Json;
import io.keybearer.provider.fake.PodTokens;
import io.keybearer.provider.vault.fake.TokenReviewServer;
import io.keybearer.provider.vault.fake.VaultClient;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The server under contract, and what a test has made in it: all under names of its own, and taken
 * out again at the test's end.
 */
final class VaultTarget implements AutoCloseable {

  private static final AtomicInteger NUMBER = new AtomicInteger();
  private static final PodTokens TOKENS = PodTokens.rsa(InstantSource.system(), PodTokens.ISSUER);
  private static final PodTokens FOREIGN = PodTokens.rsa(InstantSource.system(), PodTokens.ISSUER);

  private final VaultClient root;
  private final String unsealKey;
  private final List<String> made = new ArrayList<>();
  private final String run = Long.toString(System.nanoTime() % 1_000_000, 36);
  private final PodTokens tokens;
  private final TokenReviewServer reviews;
  private Optional<FakeInflux> influx = Optional.empty();

  VaultTarget(VaultClient root, String unsealKey) {
    this(root, unsealKey, TOKENS);
  }

  /** A server that is told of pods by this issuer. */
  VaultTarget(VaultClient root, String unsealKey, PodTokens tokens) {
    this.root = root;
    this.unsealKey = unsealKey;
    this.tokens = tokens;
    this.reviews = TokenReviewServer.of(tokens);
  }

  VaultClient root() {
    return root;
  }

  /** A client without a token. */
  VaultClient nobody() {
    return root().as("");
  }

  String unsealKey() {
    return unsealKey;
  }

  PodTokens tokens() {
    return tokens;
  }

  /** An issuer that no login method knows. */
  PodTokens foreign() {
    return FOREIGN;
  }

  TokenReviewServer reviews() {
    return reviews;
  }

  FakeInflux influx() {
    FakeInflux started = influx.orElseGet(FakeInflux::start);
    influx = Optional.of(started);
    return started;
  }

  /** A name that nobody else has. */
  String name(String kind) {
    return kind + "-" + run + "-" + NUMBER.incrementAndGet();
  }

  /** Mounts an engine under a new name. */
  String mount(String type, Object... options) {
    String name = name(type);
    root().write("sys/mounts/" + name, "type", type, "options", Json.object(options));
    made.add("sys/mounts/" + name);
    return name;
  }

  /** Mounts a login method under a new name. */
  String auth(String type) {
    String name = name(type);
    root().write("sys/auth/" + name, "type", type);
    made.add("sys/auth/" + name);
    return name;
  }

  /** Writes a policy under a new name. */
  String policy(String text) {
    String name = name("policy");
    root().write("sys/policies/acl/" + name, "policy", text);
    made.add("sys/policies/acl/" + name);
    return name;
  }

  /** Makes a namespace under a new name. */
  String namespace() {
    String name = name("ns");
    root().write("sys/namespaces/" + name);
    made.add("sys/namespaces/" + name);
    return name;
  }

  /** Has something deleted at the test's end. */
  void forget(String path) {
    made.add(path);
  }

  /** A client whose token has this policy alone, and the default one. */
  VaultClient allowed(String policy) {
    return root()
        .as(
            root()
                .write("auth/token/create", "policies", List.of(policy(policy)), "ttl", "1h")
                .token());
  }

  /** A kubernetes login that asks the API server of this test, with a role named {@code role}. */
  String kubernetes(Object... role) {
    String auth = auth("kubernetes");
    root()
        .write(
            "auth/" + auth + "/config",
            "kubernetes_host",
            reviews.address().toString(),
            "kubernetes_ca_cert",
            "not used",
            "token_reviewer_jwt",
            "reviewer",
            "disable_local_ca_jwt",
            true,
            "pem_keys",
            List.of(tokens.publicKeyPem()));
    root()
        .write(
            "auth/" + auth + "/role/role",
            "bound_service_account_names",
            "orders",
            "bound_service_account_namespaces",
            "shop",
            "audience",
            "vault");
    if (role.length > 0) {
      root().write("auth/" + auth + "/role/role", role);
    }
    return auth;
  }

  /** A database engine with a connection {@code db} and a role {@code app} of these times. */
  String database(String usual, String most) {
    String mount = name("database");
    made.add("sys/mounts/" + mount);
    root().database(mount, influx().port(), usual, most);
    return mount;
  }

  @Override
  public void close() {
    for (int i = made.size() - 1; i >= 0; i--) {
      root().delete(made.get(i));
    }
    made.clear();
    reviews.close();
    influx.ifPresent(FakeInflux::close);
  }
}
