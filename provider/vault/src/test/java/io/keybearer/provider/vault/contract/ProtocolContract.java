package io.keybearer.provider.vault.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.keybearer.provider.fake.Json;
import io.keybearer.provider.vault.fake.VaultAnswer;
import io.keybearer.provider.vault.fake.VaultClient;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What holds for every request: paths, verbs, tokens, errors, seal, quotas. */
interface ProtocolContract extends ServerUnderContract {

  @Test
  default void aMountThatIsMissingHasNoHandler() {
    assertThat(vault().root().get("nope/x").shape())
        .isEqualTo(
            "404 {\"errors\":[\"no handler for route \\\"nope/x\\\". route entry not found.\"]}");
  }

  @Test
  default void aLoginAtAMissingMountIsRefusedToThoseWithoutAToken() {
    assertThat(vault().nobody().post("auth/nope/login", "role", "a").shape())
        .isEqualTo("403 {\"errors\":[\"permission denied\"]}");
    assertThat(vault().root().post("auth/nope/login", "role", "a").shape())
        .isEqualTo(
            "404 {\"errors\":[\"no handler for route \\\"auth/nope/login\\\". route entry not"
                + " found.\"]}");
  }

  @Test
  default void takesABodyWithEveryVerb() {
    String kv = vault().mount("kv");
    vault().root().write(kv + "/a", "x", 1);

    assertThat(vault().root().send("GET", kv + "/a", Optional.of("{\"a\":1}")).status())
        .isEqualTo(200);
    assertThat(vault().root().send("PUT", kv + "/a", Optional.of("{\"x\":2}")).status())
        .isEqualTo(204);
  }

  @Test
  default void knowsVerbsInCapitalsOnly() {
    VaultAnswer answer = vault().root().send("get", "secret/data/x", Optional.empty());

    assertThat(answer.shape()).isEqualTo("405 {\"errors\":[]}");
  }

  /** Released servers say 301; one that is built with a newer Go says 307. */
  @ParameterizedTest
  @CsvSource({
    "kv//a, /v1/kv/a",
    "kv/b/../a, /v1/kv/a",
    "kv/./a, /v1/kv/a",
    "kv//a?list=true&x=1, /v1/kv/a?list=true&x=1",
    "../../x, /x",
  })
  default void sendsUncleanPathsToCleanOnes(String path, String location) {
    VaultAnswer answer = vault().root().get(path);

    assertThat(answer.status()).isIn(301, 307);
    assertThat(answer.header("Location")).isEqualTo(location);
  }

  @Test
  default void keepsEscapesInPaths() {
    String kv = vault().mount("kv");
    vault().root().write(kv + "/a%20b%3Fc%C3%A9", "x", 1);

    assertThat(vault().root().list(kv).at("data")).isEqualTo("{\"keys\":[\"a b?cé\"]}");
    assertThat(vault().root().get(kv + "/a%20b%3fc%c3%a9").at("data")).isEqualTo("{\"x\":1}");
  }

  @Test
  default void refusesTokensThatItDoesNotKnow() {
    String denied = "403 {\"errors\":[\"permission denied\"]}";

    assertThat(vault().root().as("s.unknown").get("secret/data/a").shape()).isEqualTo(denied);
    assertThat(vault().nobody().get("secret/data/a").shape()).isEqualTo(denied);
  }

  @Test
  default void tellsWhatAPolicyRefusesInAList() {
    VaultClient client = vault().allowed("path \"nothing\" { capabilities = [\"read\"] }");

    assertThat(client.get("secret/data/a").shape())
        .isEqualTo("403 {\"errors\":[\"1 error occurred:\\n\\t* permission denied\\n\\n\"]}");
    assertThat(client.get("nope/a").shape())
        .isEqualTo("403 {\"errors\":[\"1 error occurred:\\n\\t* permission denied\\n\\n\"]}");
  }

  @Test
  default void takesABearerTokenToo() {
    String token = vault().root().write("auth/token/create", "ttl", "1h").token();

    assertThat(
            vault()
                .nobody()
                .with("Authorization", "Bearer " + token)
                .get("auth/token/lookup-self")
                .text("data", "id"))
        .isEqualTo(token);
  }

  @Test
  default void tellsPathsAndOperationsThatItDoesNotHave() {
    assertThat(vault().root().get("sys/nope").shape())
        .isEqualTo("404 {\"errors\":[\"1 error occurred:\\n\\t* unsupported path\\n\\n\"]}");
    assertThat(vault().root().get("sys/leases/lookup").shape())
        .isEqualTo("405 {\"errors\":[\"1 error occurred:\\n\\t* unsupported operation\\n\\n\"]}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{ | failed to decode JSON input: unexpected EOF",
        "[] | failed to decode JSON input: json: cannot unmarshal array into Go value of type "
            + "map[string]interface {}",
        "{\"a\":1} | no data provided",
      })
  default void refusesBodiesThatAreNoObject(String body, String error) {
    VaultAnswer answer = vault().root().send("POST", "secret/data/a", Optional.of(body));

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.error()).isEqualTo(error);
  }

  @Test
  default void refusesToWriteFolders() {
    assertThat(vault().root().post("secret/data/a/", "data", Json.object("x", 1)).shape())
        .isEqualTo("400 {\"errors\":[\"cannot write to a path ending in '/'\"]}");
  }

  @Test
  default void saysWhatItsBodiesAre() {
    String kv = vault().mount("kv");
    VaultAnswer written = vault().root().post(kv + "/a", "x", 1);
    VaultAnswer read = vault().root().get(kv + "/a");
    VaultAnswer refused = vault().root().as("bad").get(kv + "/a");

    assertThat(written.toString()).isEqualTo("204");
    assertThat(read.body()).endsWith("}\n");
    for (VaultAnswer answer : new VaultAnswer[] {written, read, refused}) {
      assertThat(answer.header("Content-Type")).isEqualTo("application/json");
      assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
    }
  }

  @Test
  default void tellsItsHealth() {
    VaultAnswer health = vault().nobody().get("sys/health");

    assertThat(health.status()).isEqualTo(200);
    assertThat(health.json().members().keySet())
        .containsExactly(
            "initialized",
            "sealed",
            "standby",
            "replication_performance_mode",
            "replication_dr_mode",
            "server_time_utc",
            "version",
            "cluster_name",
            "cluster_id");
    assertThat(health.at("sealed") + health.at("standby")).isEqualTo("falsefalse");
    assertThat(vault().nobody().get("sys/health?activecode=299").status()).isEqualTo(299);
  }

  @Test
  default void countsRequestsOfAQuotaAndTellsWhenItIsSpent() {
    String kv = vault().mount("kv");
    String quota = "sys/quotas/rate-limit/" + vault().name("quota");
    vault().root().write(kv + "/a", "x", 1);
    vault().root().write("sys/quotas/config", "enable_rate_limit_response_headers", true);
    vault().root().write(quota, "path", kv + "/", "rate", 2, "interval", "60s");
    vault().forget(quota);

    VaultAnswer first = vault().root().get(kv + "/a");
    VaultAnswer second = vault().root().get(kv + "/a");
    VaultAnswer third = vault().root().get(kv + "/a");

    assertThat(first.status()).isEqualTo(200);
    assertThat(first.header("X-Ratelimit-Limit") + first.header("X-Ratelimit-Remaining"))
        .isEqualTo("21");
    assertThat(second.header("X-Ratelimit-Remaining")).isEqualTo("0");
    assertThat(third.shape())
        .isEqualTo(
            "429 {\"errors\":[\"request path \\\"%s/a\\\": rate limit quota exceeded\"]}"
                .formatted(kv));
    assertThat(Integer.parseInt(third.header("Retry-After"))).isBetween(50, 60);
    assertThat(third.header("X-Ratelimit-Remaining")).isEqualTo("0");
    assertThat(first.header("Retry-After")).isEmpty();
  }
}
