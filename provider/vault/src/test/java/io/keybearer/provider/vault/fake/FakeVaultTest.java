package io.keybearer.provider.vault.fake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keybearer.provider.TurnedTicker;
import io.keybearer.provider.fake.FakeAuthority;
import io.keybearer.provider.fake.FakeIdentity;
import io.keybearer.provider.fake.Json;
import io.keybearer.provider.fake.PodTokens;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What only the fake does: time that is turned, counts, flavours, a second node. */
class FakeVaultTest {

  private final TurnedTicker ticker = new TurnedTicker(0);
  private final FakeVault vault = FakeVault.start(ticker, Flavour.OPENBAO);
  private final VaultClient root = VaultClient.of(vault.address(), vault.rootToken());

  @AfterEach
  void stop() {
    vault.close();
  }

  private void database() {
    root.write("sys/mounts/db", "type", "database");
    root.write("db/config/db", "plugin_name", "any", "allowed_roles", "*");
    root.write("db/roles/app", "db_name", "db", "default_ttl", "1h", "max_ttl", "2h");
  }

  private VaultClient token(String policy, String ttl) {
    root.write("sys/policies/acl/p", "policy", policy);
    return root.as(root.write("auth/token/create", "policies", List.of("p"), "ttl", ttl).token());
  }

  @Test
  void leasesEndInTimeAndUsersWithThem() {
    database();
    String lease = root.get("db/creds/app").text("lease_id");
    assertThat(vault.leases() + " " + vault.held()).isEqualTo("1 1");

    ticker.turn(Duration.ofMinutes(59));
    assertThat(root.post("sys/leases/lookup", "lease_id", lease).number("data", "ttl"))
        .isEqualTo(60);
    root.write("sys/leases/renew", "lease_id", lease);
    ticker.turn(Duration.ofMinutes(30));
    VaultAnswer shorter = root.write("sys/leases/renew", "lease_id", lease);
    assertThat(shorter.number("lease_duration")).isEqualTo(31 * 60);
    assertThat(shorter.at("warnings"))
        .isEqualTo(
            "[\"TTL of \\\"1h\\\" exceeded the effective max_ttl of \\\"31m\\\"; TTL value is "
                + "capped"
                + " accordingly\"]");
    ticker.turn(Duration.ofMinutes(31));
    assertThat(root.post("sys/leases/renew", "lease_id", lease).error())
        .isEqualTo("lease not found");
    assertThat(vault.leases() + " " + vault.held()).isEqualTo("0 0");
  }

  @Test
  void tokensEndInTimeAndLeasesWithThem() {
    database();
    VaultClient client = token("path \"db/*\" { capabilities = [\"read\"] }", "10m");
    client.get("db/creds/app");
    assertThat(vault.tokens() + " " + vault.leases()).isEqualTo("1 1");

    ticker.turn(Duration.ofMinutes(9));
    assertThat(client.post("auth/token/renew-self").number("auth", "lease_duration"))
        .isEqualTo(Ttl.SYSTEM.toSeconds() - 540);
    client.write("auth/token/renew-self", "increment", "10m");
    ticker.turn(Duration.ofMinutes(10).minusNanos(1));
    assertThat(client.get("auth/token/lookup-self").number("data", "ttl")).isZero();
    ticker.turn(Duration.ofNanos(1));
    assertThat(client.get("auth/token/lookup-self").status()).isEqualTo(403);
    assertThat(vault.tokens() + " " + vault.leases() + " " + vault.held()).isEqualTo("0 0 0");
  }

  @Test
  void staticUsersGetNewPasswordsInTime() {
    database();
    root.write("db/static-roles/r", "db_name", "db", "username", "u", "rotation_period", "1h");
    VaultAnswer first = root.get("db/static-creds/r");
    ticker.turn(Duration.ofMinutes(50));
    VaultAnswer same = root.get("db/static-creds/r");
    ticker.turn(Duration.ofMinutes(20));
    VaultAnswer next = root.get("db/static-creds/r");

    assertThat(same.text("data", "password")).isEqualTo(first.text("data", "password"));
    assertThat(same.number("data", "ttl")).isEqualTo(600);
    assertThat(next.text("data", "password")).isNotEqualTo(first.text("data", "password"));
    assertThat(next.number("data", "ttl")).isEqualTo(3000);
  }

  @Test
  void wrappedAnswersEndInTime() {
    VaultAnswer wrapped = root.with("X-Vault-Wrap-TTL", "60s").get("auth/token/lookup-self");
    ticker.turn(Duration.ofSeconds(60));

    assertThat(root.as(wrapped.text("wrap_info", "token")).post("sys/wrapping/unwrap").error())
        .isEqualTo("wrapping token is not valid or does not exist");
  }

  @Test
  void quotasFillAgainInTime() {
    root.write("sys/quotas/rate-limit/q", "path", "secret/", "rate", 1, "interval", "30s");
    assertThat(root.get("secret/data/a").status()).isEqualTo(404);
    VaultAnswer spent = root.get("secret/data/a");
    ticker.turn(Duration.ofSeconds(30));

    assertThat(spent.status()).isEqualTo(429);
    assertThat(spent.header("Retry-After")).as("not without the setting").isEmpty();
    assertThat(root.get("secret/data/a").status()).isEqualTo(404);
  }

  @Test
  void tellsWhoCalledForWhat() {
    PodTokens tokens = PodTokens.rsa(ticker, PodTokens.ISSUER);
    try (TokenReviewServer reviews = TokenReviewServer.of(tokens)) {
      root.write("sys/auth/kubernetes", "type", "kubernetes");
      root.write("auth/kubernetes/config", "kubernetes_host", reviews.address().toString());
      root.write(
          "auth/kubernetes/role/r",
          "bound_service_account_names",
          "orders",
          "bound_service_account_namespaces",
          "shop");
      vault.log().clear();
      String jwt = tokens.issue(PodTokens.Pod.of("shop", "orders"), "vault");
      VaultAnswer login = root.as("").post("auth/kubernetes/login", "role", "r", "jwt", jwt);
      VaultClient client = root.as(login.token());
      client.in("root").get("secret/data/a?version=1");
      client.post("auth/token/renew-self");
      client.post("auth/token/revoke-self");

      String accessor = login.text("auth", "accessor");
      assertThat(vault.log().calls())
          .containsExactly(
              new Call(
                  "POST",
                  "/v1/auth/kubernetes/login",
                  "",
                  "",
                  accessor,
                  "kubernetes-shop-orders",
                  200),
              new Call(
                  "GET",
                  "/v1/secret/data/a",
                  "version=1",
                  "root",
                  accessor,
                  "kubernetes-shop-orders",
                  403),
              new Call(
                  "POST",
                  "/v1/auth/token/renew-self",
                  "",
                  "",
                  accessor,
                  "kubernetes-shop-orders",
                  200),
              new Call(
                  "POST",
                  "/v1/auth/token/revoke-self",
                  "",
                  "",
                  accessor,
                  "kubernetes-shop-orders",
                  204));
      assertThat(
              List.of(
                  vault.log().count(Call::isLogin),
                  vault.log().count(Call::isRead),
                  vault.log().count(Call::isRenewal),
                  vault.log().count(Call::isRevocation),
                  vault.log().count(Call.to("GET", "/v1/secret/"))))
          .containsOnly(1);
      assertThat(vault.tokens()).isZero();
    }
  }

  @Test
  void speaksTlsAndLogsInWithCertificates() {
    FakeIdentity client = vault.authority().client("orders");
    root.write("sys/auth/cert", "type", "cert");
    root.write(
        "auth/cert/certs/shop",
        "certificate",
        vault.authority().pem(),
        "allowed_common_names",
        "ord*",
        "token_policies",
        "a");

    VaultClient shown = VaultClient.of(vault.secureAddress(), "", client.client(vault.authority()));
    VaultClient unknown =
        VaultClient.of(
            vault.secureAddress(),
            "",
            FakeAuthority.named("other").client("orders").client(vault.authority()));
    VaultClient none = VaultClient.of(vault.secureAddress(), "", vault.authority().client());
    VaultAnswer login = shown.post("auth/cert/login", "name", "shop");

    assertThat(login.at("auth", "token_policies")).isEqualTo("[\"a\",\"default\"]");
    assertThat(login.text("auth", "metadata", "cert_name")).isEqualTo("shop");
    assertThat(shown.post("auth/cert/login").status()).isEqualTo(200);
    assertThat(shown.post("auth/cert/login", "name", "other").status()).isEqualTo(400);
    assertThat(unknown.post("auth/cert/login").error())
        .isEqualTo("invalid certificate or no client certificate supplied");
    root.write(
        "auth/cert/certs/shop",
        "certificate",
        vault.authority().pem(),
        "allowed_common_names",
        "x");
    assertThat(shown.post("auth/cert/login").error())
        .isEqualTo("no chain matching all constraints could be found for this login certificate");
    assertThat(shown.get("auth/cert/login").status()).isEqualTo(405);
    assertThat(none.post("auth/cert/login").error()).isEqualTo("no client certificate found");
  }

  @Test
  void speaksAsVaultWhereItIsOne() {
    try (FakeVault other = FakeVault.start(ticker, Flavour.VAULT)) {
      VaultClient admin = VaultClient.of(other.address(), other.rootToken());
      admin.write("secret/data/a", "data", Json.object("x", 1));

      assertThat(admin.get("secret/data/a").body()).endsWith(",\"mount_type\":\"kv\"}\n");
      assertThat(admin.as("hvs.none").get("secret/data/a").shape())
          .isEqualTo("403 {\"errors\":[\"permission denied\",\"invalid token\"]}");
      assertThat(admin.write("auth/token/create").token()).startsWith("hvs.");
      assertThat(admin.get("secret/a").at("warnings")).contains("Vault CLI, use 'vault kv get'");
    }
  }

  @Test
  void aStandbyAnswersOrSendsToTheActiveNode() {
    VaultClient standby = VaultClient.of(vault.standbyAddress(), vault.rootToken());
    root.write("secret/data/a", "data", Json.object("x", 1));

    assertThat(standby.get("sys/health").status()).isEqualTo(429);
    assertThat(standby.get("sys/health?standbyok").status()).isEqualTo(200);
    assertThat(standby.get("secret/data/a").status()).isEqualTo(200);
    VaultAnswer refused =
        standby
            .with("X-Vault-No-Request-Forwarding", "true")
            .post("secret/data/a", "data", Json.EMPTY);
    assertThat(refused.status()).isEqualTo(307);

    vault.standby(Standby.REDIRECTS, 473);
    VaultAnswer redirect = standby.get("secret/data/a?version=1");
    assertThat(redirect.status()).isEqualTo(307);
    assertThat(redirect.header("Location"))
        .isEqualTo(vault.address() + "/v1/secret/data/a?version=1");
    assertThat(standby.get("sys/health").status()).isEqualTo(473);

    vault.standby(Standby.ALONE, 429);
    assertThat(standby.get("secret/data/a").shape())
        .isEqualTo(
            "500 {\"errors\":[\"local node not active but active cluster node not found\"]}");
    assertThat(standby.with("X-Vault-No-Request-Forwarding", "true").get("a").shape())
        .isEqualTo("503 {\"errors\":[\"no active Vault instance found\"]}");
  }

  @Test
  void goesAwayAndComesBack() {
    root.write("secret/data/a", "data", Json.object("x", 1));
    vault.down();
    assertThatThrownBy(() -> root.get("secret/data/a")).isInstanceOf(UncheckedIOException.class);
    vault.up();

    assertThat(root.get("secret/data/a").at("data", "data")).isEqualTo("{\"x\":1}");
  }
}
