package io.keybearer.provider.vault.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.keybearer.provider.fake.PodTokens.Pod;
import io.keybearer.provider.vault.fake.VaultAnswer;
import io.keybearer.provider.vault.fake.VaultClient;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Logins of pods with the method for Kubernetes. */
interface LoginContract extends ServerUnderContract {

  /** The account that the role of {@link VaultTarget#kubernetes} is for. */
  Pod ORDERS = Pod.of("shop", "orders");

  private VaultAnswer login(String auth, String jwt) {
    return vault().nobody().post("auth/" + auth + "/login", "role", "role", "jwt", jwt);
  }

  @Test
  default void logsInAPodWithItsToken() {
    String auth = vault().kubernetes("token_policies", List.of("a"), "token_ttl", "20m");
    int before = vault().reviews().reviews();

    assertThat(login(auth, vault().tokens().issue(ORDERS, "vault", "other")).shape())
        .isEqualTo(
            "200 {\"request_id\":UUID,\"lease_id\":\"\",\"renewable\":false,"
                + "\"lease_duration\":0,\"data\":null,\"wrap_info\":null,\"warnings\":null,"
                + "\"auth\":{\"client_token\":TOKEN,\"accessor\":NAME,\"policies\":[\"a\","
                + "\"default\"],\"token_policies\":[\"a\",\"default\"],"
                + "\"metadata\":{\"role\":\"role\",\"service_account_name\":\"orders\","
                + "\"service_account_namespace\":\"shop\","
                + "\"service_account_secret_name\":\"\","
                + "\"service_account_uid\":\"uid-of-shop-orders\"},"
                + "\"lease_duration\":1200,\"renewable\":true,\"entity_id\":UUID,"
                + "\"token_type\":\"service\",\"orphan\":true,"
                + "\"mfa_requirement\":null,\"num_uses\":0}}");
    assertThat(vault().reviews().reviews() - before).isEqualTo(1);
  }

  @Test
  default void aLoginIsOfTheAccountAndOfTheRole() {
    String auth = vault().kubernetes();
    VaultAnswer first = login(auth, vault().tokens().issue(ORDERS, "vault"));
    VaultAnswer second = login(auth, vault().tokens().issue(ORDERS, "vault"));
    VaultClient client = vault().root().as(first.token());

    assertThat(first.number("auth", "lease_duration")).isEqualTo(2764800);
    assertThat(first.token()).isNotEqualTo(second.token());
    assertThat(first.text("auth", "entity_id")).isEqualTo(second.text("auth", "entity_id"));
    assertThat(client.get("auth/token/lookup-self").text("data", "display_name"))
        .isEqualTo(auth + "-shop-orders");
    assertThat(client.get("auth/token/lookup-self").text("data", "path"))
        .isEqualTo("auth/" + auth + "/login");
    assertThat(client.post("auth/token/revoke-self").status()).isEqualTo(204);
    assertThat(vault().root().as(second.token()).get("auth/token/lookup-self").status())
        .isEqualTo(200);
  }

  @Test
  default void tellsWhomARoleIsNotFor() {
    String auth = vault().kubernetes();

    assertThat(login(auth, vault().tokens().issue(Pod.of("shop", "payments"), "vault")).shape())
        .isEqualTo("403 {\"errors\":[\"service account name not authorized\"]}");
    assertThat(login(auth, vault().tokens().issue(Pod.of("bank", "orders"), "vault")).shape())
        .isEqualTo("403 {\"errors\":[\"namespace not authorized\"]}");
    assertThat(login(auth, vault().tokens().issue(ORDERS, "other")).shape())
        .isEqualTo(
            "403 {\"errors\":[\"invalid audience (aud) claim: audience claim does not match any "
                + "expected audience\"]}");
  }

  @Test
  default void refusesTokensThatAreNotGood() {
    String auth = vault().kubernetes();
    Instant now = Instant.now();
    String old =
        vault().tokens().issue(ORDERS, now.minusSeconds(7200), now.minusSeconds(600), "vault");
    String early =
        vault().tokens().issue(ORDERS, now.plusSeconds(600), now.plusSeconds(900), "vault");
    String foreign = vault().foreign().issue(ORDERS, "vault");
    Pod gone = new Pod("shop", "orders-9", "uid-gone", "orders", "uid-of-shop-orders");
    vault().reviews().forget(gone);

    assertThat(login(auth, old).shape())
        .isEqualTo("403 {\"errors\":[\"invalid expiration time (exp) claim: token is expired\"]}");
    assertThat(login(auth, early).shape())
        .isEqualTo("403 {\"errors\":[\"invalid not before (nbf) claim: token not yet valid\"]}");
    for (String each : List.of(foreign, "a", "a.b.c", vault().tokens().issue(gone, "vault"))) {
      assertThat(login(auth, each).shape()).isEqualTo("403 {\"errors\":[\"permission denied\"]}");
    }
  }

  @Test
  default void tellsWhatALoginLacks() {
    String auth = vault().kubernetes();
    String path = "auth/" + auth + "/login";

    assertThat(vault().nobody().post(path, "role", "none", "jwt", "a").shape())
        .isEqualTo("400 {\"errors\":[\"invalid role name \\\"none\\\"\"]}");
    assertThat(vault().nobody().post(path, "jwt", "a").shape())
        .isEqualTo("400 {\"errors\":[\"missing role\"]}");
    assertThat(vault().nobody().post(path, "role", "role").shape())
        .isEqualTo("400 {\"errors\":[\"missing jwt\"]}");
    assertThat(vault().nobody().get(path).status()).isEqualTo(405);
  }

  @Test
  default void aMethodThatIsNotConfiguredIsAFaultOfTheServer() {
    String auth = vault().auth("kubernetes");
    vault()
        .root()
        .write(
            "auth/" + auth + "/role/role",
            "bound_service_account_names",
            "*",
            "bound_service_account_namespaces",
            "*");

    assertThat(login(auth, vault().tokens().issue(ORDERS, "vault")).shape())
        .isEqualTo("500 {\"errors\":[\"could not load backend configuration\"]}");
    assertThat(vault().root().post("auth/" + auth + "/role/other").error())
        .isEqualTo("\"bound_service_account_names\" can not be empty");
    assertThat(vault().root().post("auth/" + auth + "/config").error())
        .isEqualTo("no host provided");
  }

  @Test
  default void aRoleMayNameManyAccounts() {
    String auth =
        vault()
            .kubernetes(
                "bound_service_account_names",
                "payments,ord*",
                "bound_service_account_namespaces",
                "*",
                "audience",
                "");

    assertThat(login(auth, vault().tokens().issue(ORDERS, "any")).status()).isEqualTo(200);
    assertThat(login(auth, vault().tokens().issue(Pod.of("x", "payments"), "any")).status())
        .isEqualTo(200);
    assertThat(login(auth, vault().tokens().issue(Pod.of("x", "other"), "any")).status())
        .isEqualTo(403);
  }

  @Test
  default void aRoleMayGiveTokensOfWhichNothingIsKept() {
    String auth =
        vault()
            .kubernetes(
                "token_type",
                "batch",
                "token_ttl",
                "10m",
                "token_no_default_policy",
                true,
                "token_policies",
                "a");

    assertThat(login(auth, vault().tokens().issue(ORDERS, "vault")).at("auth"))
        .contains(
            "\"accessor\":\"\"",
            "\"policies\":[\"a\"]",
            "\"lease_duration\":600",
            "\"renewable\":false",
            "\"token_type\":\"batch\"",
            "\"orphan\":true");
  }

  @Test
  default void aRoleMayBoundUsesAndTimes() {
    String auth =
        vault().kubernetes("token_num_uses", 3, "token_ttl", "5m", "token_max_ttl", "10m");
    String role = "auth/" + auth + "/role/role";

    assertThat(vault().root().post(role, "token_ttl", "30m").shape())
        .isEqualTo("400 {\"errors\":[\"'token_ttl' cannot be greater than 'token_max_ttl'\"]}");
    VaultAnswer bounded = login(auth, vault().tokens().issue(ORDERS, "vault"));
    VaultClient client = vault().root().as(bounded.token());
    assertThat(bounded.number("auth", "num_uses")).isEqualTo(3);
    assertThat(
            client
                .post("auth/token/renew-self", "increment", "1h")
                .number("auth", "lease_duration"))
        .isBetween(595L, 600L);
    assertThat(client.get("auth/token/lookup-self").status()).isEqualTo(200);
    assertThat(client.get("auth/token/lookup-self").status()).isEqualTo(200);
    assertThat(client.get("auth/token/lookup-self").status()).isEqualTo(403);
  }

  @Test
  default void aRoleMayGiveTokensWithAPeriod() {
    String auth = vault().kubernetes("token_period", "10m");
    VaultAnswer login = login(auth, vault().tokens().issue(ORDERS, "vault"));
    VaultClient client = vault().root().as(login.token());

    assertThat(login.number("auth", "lease_duration")).isEqualTo(600);
    assertThat(
            client
                .post("auth/token/renew-self", "increment", "1h")
                .number("auth", "lease_duration"))
        .isEqualTo(600);
    assertThat(client.get("auth/token/lookup-self").number("data", "period")).isEqualTo(600);
  }
}
