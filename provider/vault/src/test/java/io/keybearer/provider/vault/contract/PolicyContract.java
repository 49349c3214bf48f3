package io.keybearer.provider.vault.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.keybearer.provider.fake.Json;
import io.keybearer.provider.vault.fake.VaultClient;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who may do what. */
interface PolicyContract extends ServerUnderContract {

  @ParameterizedTest
  @CsvSource({
    "KV/a, 200",
    "KV/a/b, 403",
    "KV/open/x, 200",
    "KV/open/x/y, 200",
    "KV/open/secret, 403",
    "KV/open/secret/x, 200",
    "KV/team/red/key, 200",
    "KV/team/blue/other, 403",
    "KV/team/blue/own/x, 200",
    "KV/starts-here, 200",
  })
  default void theMostSpecificPathDecides(String path, int status) {
    String kv = vault().mount("kv");
    String at = path.replace("KV", kv);
    vault().root().write(at, "x", 1);
    VaultClient client =
        vault()
            .allowed(
                """
                # what is read
                path "KV/a" { capabilities = ["read"] }
                path "KV/open/*" { capabilities = ["read", "list"] }
                path "KV/open/secret" { capabilities = ["deny"] } // but this
                path "KV/team/+/key" { capabilities = ["read"] }
                path "KV/team/+/own/*" { capabilities = ["read"] }
                /* and all of
                   these */
                path "KV/starts*" {
                  capabilities = ["read"]
                }
                """
                    .replace("KV", kv));

    assertThat(client.get(at).status()).isEqualTo(status);
  }

  @Test
  default void whatOnePolicyDeniesNoOtherAllows() {
    String kv = vault().mount("kv");
    vault().root().write(kv + "/a", "x", 1);
    vault().root().write(kv + "/b", "x", 1);
    String open = vault().policy("path \"" + kv + "/a\" { capabilities = [\"read\"] }");
    String rest = vault().policy("path \"" + kv + "/b\" { capabilities = [\"read\"] }");
    String shut = vault().policy("path \"" + kv + "/a\" { capabilities = [\"deny\"] }");
    VaultClient client =
        vault()
            .root()
            .as(
                vault()
                    .root()
                    .write("auth/token/create", "policies", List.of(open, rest, shut))
                    .token());

    assertThat(client.get(kv + "/a").status()).isEqualTo(403);
    assertThat(client.get(kv + "/b").status()).isEqualTo(200);
  }

  @Test
  default void tellsMakingFromChanging() {
    String kv = vault().mount("kv");
    vault().root().write(kv + "/old", "x", 1);
    VaultClient maker = vault().allowed("path \"" + kv + "/*\" { capabilities = [\"create\"] }");
    VaultClient changer = vault().allowed("path \"" + kv + "/*\" { capabilities = [\"update\"] }");

    assertThat(maker.post(kv + "/new", "x", 1).status()).isEqualTo(204);
    assertThat(maker.post(kv + "/old", "x", 1).status()).isEqualTo(403);
    assertThat(changer.post(kv + "/old", "x", 1).status()).isEqualTo(204);
    assertThat(changer.post(kv + "/newer", "x", 1).status()).isEqualTo(403);
    assertThat(changer.get(kv + "/old").status()).isEqualTo(403);
    assertThat(changer.delete(kv + "/old").status()).isEqualTo(403);
  }

  @Test
  default void readsDoNotAllowLists() {
    String kv = vault().mount("kv");
    vault().root().write(kv + "/f/a", "x", 1);
    VaultClient reader = vault().allowed("path \"" + kv + "/*\" { capabilities = [\"read\"] }");
    VaultClient lister = vault().allowed("path \"" + kv + "/f\" { capabilities = [\"list\"] }");

    assertThat(reader.list(kv + "/f").status()).isEqualTo(403);
    assertThat(lister.list(kv + "/f").status()).isEqualTo(200);
    assertThat(lister.get(kv + "/f?list=true").status()).isEqualTo(200);
    assertThat(lister.get(kv + "/f").status()).isEqualTo(403);
  }

  @Test
  default void someOfItsPathsNeedSudo() {
    String policy = "path \"auth/token/accessors/\" { capabilities = [\"list\"%s] }";

    assertThat(vault().allowed(policy.formatted("")).list("auth/token/accessors").status())
        .isEqualTo(403);
    assertThat(
            vault().allowed(policy.formatted(", \"sudo\"")).list("auth/token/accessors").status())
        .isEqualTo(200);
  }

  @Test
  default void takesPoliciesInJson() {
    String kv = vault().mount("kv");
    vault().root().write(kv + "/a", "x", 1);
    VaultClient client =
        vault().allowed("{\"path\":{\"" + kv + "/*\":{\"capabilities\":[\"read\"]}}}");

    assertThat(client.get(kv + "/a").status()).isEqualTo(200);
    assertThat(client.list(kv).status()).isEqualTo(403);
  }

  @Test
  default void keepsPoliciesAsTheyWereWritten() {
    String text = "path \"a\" { capabilities = [\"read\"] }";
    String name = vault().policy(text);

    assertThat(vault().root().get("sys/policies/acl/" + name).at("data"))
        .contains("\"name\":\"%s\",\"policy\":\"%s\"".formatted(name, text.replace("\"", "\\\"")));
    assertThat(vault().root().get("sys/policies/acl/none").shape())
        .isEqualTo("404 {\"errors\":[]}");
    assertThat(vault().root().list("sys/policies/acl").at("data", "keys"))
        .contains("\"default\"", "\"root\"", "\"" + name + "\"");
    assertThat(vault().root().post("sys/policies/acl/" + name).error())
        .isEqualTo("'policy' parameter not supplied or empty");
    assertThat(
            vault()
                .root()
                .post("sys/policies/acl/" + name, "policy", text.replace("read", "foo"))
                .error())
        .isEqualTo("failed to parse policy: path \"a\": invalid capability \"foo\"");
  }

  @Test
  default void tellsTheMountOfAPathToThoseWhoReachIt() {
    String kv = vault().mount("kv", "version", "2");
    String other = vault().mount("kv");
    VaultClient client =
        vault().allowed("path \"" + kv + "/data/a\" { capabilities = [\"read\"] }");

    assertThat(
            client
                .get("sys/internal/ui/mounts/" + kv + "/data/x")
                .shape()
                .replaceAll("kv_[0-9A-Za-z]{8}", "ACCESSOR")
                .replaceAll("(\"running_plugin_version\"):\"[^\"]+\"", "$1:VERSION"))
        .isEqualTo(
            "200 {\"request_id\":UUID,\"lease_id\":\"\",\"renewable\":false,\"lease_duration\":0,"
                + "\"data\":{\"accessor\":\"ACCESSOR\",\"config\":{\"default_lease_ttl\":0,"
                + "\"force_no_cache\":false,\"max_lease_ttl\":0},"
                + "\"deprecation_status\":\"supported\",\"description\":\"\","
                + "\"external_entropy_access\":false,\"local\":false,"
                + ("\"options\":{\"version\":\"2\"},\"path\":\"%s/\",\"plugin_version\":\"\","
                        + "\"running_plugin_version\":VERSION,")
                    .formatted(kv)
                + "\"running_sha256\":\"\",\"seal_wrap\":false,\"type\":\"kv\",\"uuid\":UUID},"
                + "\"wrap_info\":null,\"warnings\":null,\"auth\":null}");
    for (String path : List.of(other + "/a", "nope/a")) {
      assertThat(client.get("sys/internal/ui/mounts/" + path).shape())
          .isEqualTo(
              ("403 {\"errors\":[\"preflight capability check returned 403, please ensure "
                      + "client's policies grant access to path \\\"%s/\\\"\"]}")
                  .formatted(path));
    }
    assertThat(vault().nobody().get("sys/internal/ui/mounts/" + kv + "/a").shape())
        .isEqualTo("403 {\"errors\":[\"permission denied\"]}");
  }

  @Test
  default void mountsAreMadeOnceAndGoWithWhatTheyHold() {
    String kv = vault().mount("kv");
    vault().root().write(kv + "/a", "x", 1);

    assertThat(vault().root().post("sys/mounts/" + kv, "type", "kv").error())
        .isEqualTo("path is already in use at " + kv + "/");
    assertThat(vault().root().post("sys/mounts/other", "type", "none").error())
        .isEqualTo("plugin not found in the catalog: none");
    assertThat(vault().root().post("sys/mounts/other").error())
        .isEqualTo("backend type must be specified as a string");
    assertThat(vault().root().get("sys/mounts").at("data")).contains("\"" + kv + "/\":");
    assertThat(vault().root().delete("sys/mounts/" + kv).shape()).isEqualTo("204");
    assertThat(vault().root().get(kv + "/a").status()).isEqualTo(404);
    vault().root().write("sys/mounts/" + kv, "type", "kv", "options", Json.EMPTY);
    assertThat(vault().root().get(kv + "/a").shape()).isEqualTo("404 {\"errors\":[]}");
  }
}
