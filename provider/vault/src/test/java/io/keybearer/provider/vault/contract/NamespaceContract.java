package io.keybearer.provider.vault.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.keybearer.provider.vault.fake.VaultAnswer;
import io.keybearer.provider.vault.fake.VaultClient;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Namespaces, by header and by path. */
interface NamespaceContract extends ServerUnderContract {

  private String withSecret() {
    String namespace = vault().namespace();
    vault().root().in(namespace).write("sys/mounts/kv", "type", "kv");
    vault().root().in(namespace).write("kv/a", "of", "child");
    return namespace;
  }

  @Test
  default void aNamespaceIsAHeaderOrTheStartOfAPath() {
    String namespace = withSecret();
    vault().root().in(namespace).write("sys/namespaces/deep");
    vault().root().in(namespace + "/deep").write("sys/mounts/kv", "type", "kv");
    vault().root().in(namespace + "/deep").write("kv/a", "of", "deep");
    String child = "{\"of\":\"child\"}";
    String deep = "{\"of\":\"deep\"}";

    assertThat(vault().root().in(namespace).get("kv/a").at("data")).isEqualTo(child);
    assertThat(vault().root().in("/" + namespace + "/").get("kv/a").at("data")).isEqualTo(child);
    assertThat(vault().root().get(namespace + "/kv/a").at("data")).isEqualTo(child);
    assertThat(vault().root().in(namespace).get("deep/kv/a").at("data")).isEqualTo(deep);
    assertThat(vault().root().get(namespace + "/deep/kv/a").at("data")).isEqualTo(deep);
    assertThat(vault().root().in(namespace).delete("sys/namespaces/deep").status()).isEqualTo(200);
  }

  @Test
  default void echoesTheHeader() {
    String namespace = withSecret();

    assertThat(vault().root().in(namespace).get("kv/a").header("X-Vault-Namespace"))
        .isEqualTo(namespace);
    assertThat(vault().root().get(namespace + "/kv/a").header("X-Vault-Namespace")).isEmpty();
  }

  @Test
  default void tellsANamespaceThatIsMissingOnlyToAHeader() {
    assertThat(vault().root().in("nope").get("kv/a").shape())
        .isEqualTo("404 {\"errors\":[\"namespace not found\"]}");
    assertThat(vault().nobody().in("nope").post("auth/kubernetes/login", "role", "a").shape())
        .isEqualTo("404 {\"errors\":[\"namespace not found\"]}");
    assertThat(vault().root().get("nope/kv/a").error())
        .isEqualTo("no handler for route \"nope/kv/a\". route entry not found.");
  }

  @Test
  default void aTokenIsOfItsNamespace() {
    String namespace = withSecret();
    VaultClient admin = vault().root().in(namespace);
    admin.write("sys/policies/acl/reader", "policy", "path \"kv/*\" { capabilities = [\"read\"] }");
    VaultAnswer made = admin.write("auth/token/create", "policies", List.of("reader"), "ttl", "1h");
    VaultClient reader = vault().root().as(made.token());

    assertThat(made.token()).matches("s\\.[A-Za-z0-9]{24}\\.[A-Za-z0-9]{6}");
    assertThat(made.text("auth", "accessor")).matches("[A-Za-z0-9]{24}\\.[A-Za-z0-9]{6}");
    assertThat(reader.in(namespace).get("kv/a").status()).isEqualTo(200);
    assertThat(reader.get(namespace + "/kv/a").status()).isEqualTo(200);
    assertThat(reader.get("secret/data/a").error())
        .isEqualTo("1 error occurred:\n\t* permission denied\n\n");
    assertThat(reader.get("auth/token/lookup-self").text("data", "namespace_path"))
        .isEqualTo(namespace + "/");
    assertThat(reader.post("auth/token/revoke-self").status()).isEqualTo(204);
  }

  @Test
  default void aPolicyReachesIntoTheNamespacesBelow() {
    String namespace = withSecret();
    VaultClient client =
        vault().allowed("path \"" + namespace + "/kv/*\" { capabilities = [\"read\"] }");

    assertThat(client.in(namespace).get("kv/a").status()).isEqualTo(200);
    assertThat(client.in(namespace).post("kv/a", "x", 1).status()).isEqualTo(403);
  }

  @Test
  default void tellsNamespacesToAdministrators() {
    String namespace = vault().namespace();

    assertThat(
            vault()
                .root()
                .get("sys/namespaces/" + namespace)
                .at("data")
                .replaceAll("\"[0-9a-f-]{36}\"", "UUID")
                .replaceAll("(\"id\"):\"[A-Za-z0-9]{6}\"", "$1:ID"))
        .isEqualTo(
            ("{\"custom_metadata\":{},\"id\":ID,\"locked\":false,\"path\":\"%s/\","
                    + "\"tainted\":false,\"uuid\":UUID}")
                .formatted(namespace));
    assertThat(vault().root().list("sys/namespaces").at("data", "keys"))
        .contains("\"" + namespace + "/\"");
    assertThat(vault().root().in(namespace).list("sys/namespaces").status()).isEqualTo(404);
  }

  @Test
  default void letsNobodyIntoALockedNamespace() {
    String namespace = withSecret();
    String key =
        vault()
            .root()
            .write("sys/namespaces/api-lock/lock/" + namespace)
            .text("data", "unlock_key");

    assertThat(vault().root().in(namespace).get("kv/a").shape())
        .isEqualTo(
            ("503 {\"errors\":[\"API access to this namespace has been locked by an "
                    + "administrator - \\\"%s/\\\" must be unlocked to gain access.\"]}")
                .formatted(namespace));
    assertThat(vault().nobody().in(namespace).post("auth/any/login", "role", "a").status())
        .isEqualTo(503);
    assertThat(
            vault()
                .root()
                .post("sys/namespaces/api-lock/unlock/" + namespace, "unlock_key", key)
                .status())
        .isBetween(200, 204);
    assertThat(vault().root().in(namespace).get("kv/a").status()).isEqualTo(200);
  }

  @Test
  default void leasesEndWithTheNamespacesName() {
    String namespace = vault().namespace();
    VaultClient admin = vault().root().in(namespace);
    admin.database("db", vault().influx().port(), "1h", "24h");
    String lease = admin.get("db/creds/app").text("lease_id");

    assertThat(lease).matches("db/creds/app/[A-Za-z0-9]{24}\\.[A-Za-z0-9]{6}");
    assertThat(vault().root().post("sys/leases/renew", "lease_id", lease).status()).isEqualTo(200);
    assertThat(
            admin
                .send(
                    "POST",
                    "sys/leases/revoke",
                    Optional.of("{\"lease_id\":\"" + lease + "\",\"sync\":true}"))
                .status())
        .isEqualTo(204);
  }
}
