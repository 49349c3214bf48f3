package io.keybearer.provider.vault.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.keybearer.provider.text.JsonNode;
import io.keybearer.provider.vault.fake.VaultAnswer;
import io.keybearer.provider.vault.fake.VaultClient;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The life of a token. */
interface TokenContract extends ServerUnderContract {

  private VaultClient token(Object... settings) {
    return vault().root().as(vault().root().write("auth/token/create", settings).token());
  }

  @Test
  default void makesAToken() {
    assertThat(
            vault()
                .root()
                .post("auth/token/create", "policies", List.of("b", "a"), "ttl", "1h")
                .shape())
        .isEqualTo(
            "200 {\"request_id\":UUID,\"lease_id\":\"\",\"renewable\":false,"
                + "\"lease_duration\":0,\"data\":null,\"wrap_info\":null,\"warnings\":[\"Policy "
                + "\\\"a\\\" does not exist\",\"Policy \\\"b\\\" does not exist\"],"
                + "\"auth\":{\"client_token\":TOKEN,\"accessor\":NAME,\"policies\":[\"a\",\"b\","
                + "\"default\"],\"token_policies\":[\"a\",\"b\",\"default\"],"
                + "\"metadata\":null,\"lease_duration\":3600,\"renewable\":true,"
                + "\"entity_id\":\"\",\"token_type\":\"service\",\"orphan\":false,"
                + "\"mfa_requirement\":null,\"num_uses\":0}}");
  }

  @Test
  default void tellsATokenAboutItself() {
    VaultClient client = token("policies", List.of("a"), "ttl", "1h", "num_uses", 5);
    VaultAnswer answer = client.get("auth/token/lookup-self");

    assertThat(answer.shape().replaceAll("\\d{10}", "EPOCH").replaceAll("3600,|3599,", "TTL,"))
        .isEqualTo(
            "200 {\"request_id\":UUID,\"lease_id\":\"\",\"renewable\":false,\"lease_duration\":0,"
                + "\"data\":{\"accessor\":NAME,\"creation_time\":EPOCH,\"creation_ttl\":TTL,"
                + "\"display_name\":\"token\",\"entity_id\":\"\","
                + "\"expire_time\":TIME,\"explicit_max_ttl\":0,\"id\":TOKEN,\"issue_time\":TIME,"
                + "\"meta\":null,\"num_uses\":4,\"orphan\":false,"
                + "\"path\":\"auth/token/create\",\"policies\":[\"a\",\"default\"],"
                + "\"renewable\":true,\"ttl\":TTL,\"type\":\"service\"},"
                + "\"wrap_info\":null,\"warnings\":null,\"auth\":null}");
  }

  @Test
  default void renewsATokenForWhatIsAskedOfIt() {
    VaultClient client = token("ttl", "1h", "policies", List.of("default"));

    assertThat(client.post("auth/token/renew-self", "increment", "10s").shape())
        .isEqualTo(
            "200 {\"request_id\":UUID,\"lease_id\":\"\",\"renewable\":false,"
                + "\"lease_duration\":0,\"data\":null,\"wrap_info\":null,\"warnings\":null,"
                + "\"auth\":{\"client_token\":TOKEN,\"accessor\":NAME,"
                + "\"policies\":[\"default\"],\"token_policies\":[\"default\"],"
                + "\"metadata\":null,\"lease_duration\":10,\"renewable\":true,"
                + "\"entity_id\":\"\",\"token_type\":\"service\",\"orphan\":false,"
                + "\"mfa_requirement\":null,\"num_uses\":0}}");
    assertThat(
            client.post("auth/token/renew-self", "increment", 20).number("auth", "lease_duration"))
        .isEqualTo(20);
    assertThat(client.get("auth/token/lookup-self").at("data")).contains("last_renewal_time");
  }

  @Test
  default void shortensWhatGoesBeyondTheMost() {
    VaultClient client =
        token("ttl", "10m", "explicit_max_ttl", "20m", "policies", List.of("default"));
    VaultAnswer renewed = client.post("auth/token/renew-self", "increment", "1h");

    assertThat(renewed.number("auth", "lease_duration")).isBetween(1190L, 1200L);
    assertThat(renewed.at("warnings"))
        .matches(
            "\\[\"TTL of \\\\\"1h\\\\\" exceeded the effective max_ttl of "
                + "\\\\\"(20m|19m59s)\\\\\"; TTL value is capped accordingly\"]");
    assertThat(
            vault()
                .root()
                .post("auth/token/create", "ttl", "1000h", "policies", List.of("default"))
                .at("warnings"))
        .isEqualTo(
            "[\"TTL of \\\"1000h\\\" exceeded the effective max_ttl of \\\"768h\\\"; TTL value "
                + "is capped accordingly\"]");
  }

  @Test
  default void renewsATokenWithAPeriodForThatLong() {
    VaultClient client = token("period", "10m", "policies", List.of("default"));

    assertThat(
            client
                .post("auth/token/renew-self", "increment", "1h")
                .number("auth", "lease_duration"))
        .isEqualTo(600);
  }

  @Test
  default void renewsNoTokenThatMayNotBeRenewed() {
    VaultClient fixed = token("ttl", "1h", "renewable", false, "policies", List.of("default"));
    VaultClient batch = token("ttl", "1h", "type", "batch", "policies", List.of("default"));

    assertThat(fixed.post("auth/token/renew-self").shape())
        .isEqualTo("400 {\"errors\":[\"lease is not renewable\"]}");
    assertThat(vault().root().post("auth/token/renew-self").shape())
        .isEqualTo("400 {\"errors\":[\"lease is not renewable\"]}");
    assertThat(batch.post("auth/token/renew-self").shape())
        .isEqualTo("400 {\"errors\":[\"batch tokens cannot be renewed\"]}");
  }

  @Test
  default void makesTokensOfWhichNothingIsKept() {
    VaultAnswer made =
        vault()
            .root()
            .post("auth/token/create", "type", "batch", "ttl", "1h", "policies", List.of("a"));

    assertThat(made.shape())
        .isEqualTo(
            "200 {\"request_id\":UUID,\"lease_id\":\"\",\"renewable\":false,"
                + "\"lease_duration\":0,\"data\":null,\"wrap_info\":null,\"warnings\":[\"Policy "
                + "\\\"a\\\" does not exist\"],"
                + "\"auth\":{\"client_token\":BATCH,\"accessor\":\"\",\"policies\":[\"a\","
                + "\"default\"],\"token_policies\":[\"a\",\"default\"],"
                + "\"metadata\":null,\"lease_duration\":3600,\"renewable\":false,"
                + "\"entity_id\":\"\",\"token_type\":\"batch\",\"orphan\":false,"
                + "\"mfa_requirement\":null,\"num_uses\":0}}");
    VaultClient batch = vault().root().as(made.token());
    assertThat(batch.get("auth/token/lookup-self").text("data", "type")).isEqualTo("batch");
    assertThat(batch.post("auth/token/revoke-self").shape())
        .isEqualTo("400 {\"errors\":[\"batch tokens cannot be revoked\"]}");
    assertThat(batch.get("auth/token/lookup-self").status()).isEqualTo(200);
  }

  @Test
  default void givesATokenBack() {
    VaultClient client = token("ttl", "1h", "policies", List.of("default"));

    assertThat(client.post("auth/token/revoke-self").shape()).isEqualTo("204");
    assertThat(client.post("auth/token/revoke-self").shape())
        .isEqualTo("403 {\"errors\":[\"permission denied\"]}");
    assertThat(client.get("auth/token/lookup-self").shape())
        .isEqualTo("403 {\"errors\":[\"permission denied\"]}");
  }

  @Test
  default void theEndOfATokenIsTheEndOfItsChildren() {
    String policy = vault().policy("path \"auth/token/create\" { capabilities = [\"update\"] }");
    VaultClient parent = token("ttl", "1h", "policies", List.of(policy));
    VaultClient child = parent.as(parent.write("auth/token/create", "ttl", "1h").token());

    assertThat(child.get("auth/token/lookup-self").status()).isEqualTo(200);
    parent.write("auth/token/revoke-self");
    assertThat(child.get("auth/token/lookup-self").status()).isEqualTo(403);
  }

  @Test
  default void countsTheUsesOfAToken() {
    VaultClient client = token("ttl", "1h", "num_uses", 2, "policies", List.of("default"));

    assertThat(client.get("auth/token/lookup-self").number("data", "num_uses")).isEqualTo(1);
    assertThat(client.get("auth/token/lookup-self").status()).isEqualTo(200);
    assertThat(client.get("auth/token/lookup-self").shape())
        .isEqualTo("403 {\"errors\":[\"permission denied\"]}");
  }

  @Test
  default void aTokenNeedsNoMoreThanTheDefaultPolicyToKeepHouse() {
    VaultClient client = token("ttl", "1h", "policies", List.of("default"));

    assertThat(client.post("sys/leases/renew", "lease_id", "a/b").status()).isEqualTo(400);
    assertThat(client.post("sys/leases/lookup", "lease_id", "a/b").status()).isEqualTo(400);
    assertThat(client.post("sys/leases/revoke", "lease_id", "a/b").status()).isEqualTo(403);
    assertThat(client.post("auth/token/renew-self").status()).isEqualTo(200);
    assertThat(client.post("auth/token/create").status()).isEqualTo(403);
  }

  @Test
  default void knowsTokensByAccessor() {
    VaultAnswer made = vault().root().write("auth/token/create", "ttl", "1h");
    String accessor = made.text("auth", "accessor");

    assertThat(accessors()).contains(accessor);
    VaultAnswer found = vault().root().post("auth/token/lookup-accessor", "accessor", accessor);
    assertThat(found.text("data", "id") + "|" + found.text("data", "accessor"))
        .isEqualTo("|" + accessor);
    assertThat(vault().root().post("auth/token/revoke-accessor", "accessor", accessor).shape())
        .isEqualTo("204");
    assertThat(accessors()).doesNotContain(accessor);
    assertThat(vault().root().post("auth/token/lookup-accessor", "accessor", accessor).shape())
        .isEqualTo("400 {\"errors\":[\"1 error occurred:\\n\\t* invalid accessor\\n\\n\"]}");
  }

  private Set<String> accessors() {
    return vault().root().list("auth/token/accessors").json().items("data", "keys").stream()
        .map(JsonNode::text)
        .collect(Collectors.toSet());
  }

  @Test
  default void wrapsAnAnswerForOneReader() {
    String kv = vault().mount("kv");
    vault().root().write(kv + "/a", "x", 1);
    VaultAnswer wrapped = vault().root().with("X-Vault-Wrap-TTL", "60s").get(kv + "/a");

    assertThat(wrapped.shape())
        .isEqualTo(
            "200 {\"request_id\":\"\",\"lease_id\":\"\",\"renewable\":false,"
                + "\"lease_duration\":0,\"data\":null,"
                + ("\"wrap_info\":{\"token\":TOKEN,\"accessor\":NAME,\"ttl\":60,"
                        + "\"creation_time\":TIME,\"creation_path\":\"%s/a\"},")
                    .formatted(kv)
                + "\"warnings\":null,\"auth\":null}");
    VaultClient reader = vault().root().as(wrapped.text("wrap_info", "token"));
    assertThat(reader.get(kv + "/a").shape())
        .isEqualTo("403 {\"errors\":[\"1 error occurred:\\n\\t* permission denied\\n\\n\"]}");
    VaultAnswer again = vault().root().with("X-Vault-Wrap-TTL", "60").get(kv + "/a");
    VaultClient second = vault().root().as(again.text("wrap_info", "token"));
    VaultAnswer unwrapped = second.post("sys/wrapping/unwrap");
    assertThat(unwrapped.shape())
        .isEqualTo(
            "200 {\"request_id\":UUID,\"lease_id\":\"\",\"renewable\":false,"
                + "\"lease_duration\":2764800,\"data\":{\"x\":1},"
                + "\"wrap_info\":null,\"warnings\":null,\"auth\":null}");
    assertThat(second.post("sys/wrapping/unwrap").shape())
        .isEqualTo("400 {\"errors\":[\"wrapping token is not valid or does not exist\"]}");
  }

  @Test
  default void unwrapsForAnybodyWhoHasTheToken() {
    String kv = vault().mount("kv");
    vault().root().write(kv + "/a", "x", 1);
    VaultAnswer wrapped = vault().root().with("X-Vault-Wrap-TTL", "60s").get(kv + "/a");
    VaultClient other = token("ttl", "1h", "policies", List.of("default"));

    String token = wrapped.text("wrap_info", "token");
    assertThat(
            vault()
                .nobody()
                .post("sys/wrapping/lookup", "token", token)
                .text("data", "creation_path"))
        .isEqualTo(kv + "/a");
    assertThat(other.post("sys/wrapping/unwrap", "token", token).at("data")).isEqualTo("{\"x\":1}");
    assertThat(other.post("sys/wrapping/unwrap", "token", token).error())
        .isEqualTo("wrapping token is not valid or does not exist");
    assertThat(vault().root().with("X-Vault-Wrap-TTL", "abc").get(kv + "/a").error())
        .isEqualTo("error parsing X-Vault-Wrap-TTL header: time: invalid duration \"abc\"");
  }

  @Test
  default void wrapsLoginsTooAndTellsTheirAccessor() {
    VaultAnswer wrapped =
        vault().root().with("X-Vault-Wrap-TTL", "60s").post("auth/token/create", "ttl", "1h");
    VaultClient reader = vault().root().as(wrapped.text("wrap_info", "token"));
    VaultAnswer made = reader.post("sys/wrapping/unwrap");

    assertThat(made.text("auth", "accessor"))
        .isEqualTo(wrapped.text("wrap_info", "wrapped_accessor"))
        .isNotEmpty();
    assertThat(vault().root().as(made.token()).get("auth/token/lookup-self").status())
        .isEqualTo(200);
  }
}
