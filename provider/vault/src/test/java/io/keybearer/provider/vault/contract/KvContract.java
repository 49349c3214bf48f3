package io.keybearer.provider.vault.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.keybearer.provider.fake.Json;
import io.keybearer.provider.text.JsonNode;
import io.keybearer.provider.vault.fake.VaultAnswer;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Both engines of key and value. */
interface KvContract extends ServerUnderContract {

  private JsonNode odd() {
    return Json.object(
        "big",
        new JsonNode.Numeral("12345678901234567890"),
        "exponent",
        new JsonNode.Numeral("1e-7"),
        "html",
        "<&>\u2028é",
        "one",
        new JsonNode.Numeral("1.0"));
  }

  @Test
  default void versionOneKeepsNumbersAsTheyWereWritten() {
    String kv = vault().mount("kv");
    vault()
        .root()
        .send(
            "POST",
            kv + "/a",
            Optional.of("{\"one\":1.0,\"big\":12345678901234567890,\"h\":\"<&>\",\"e\":1e-7}"));

    assertThat(vault().root().get(kv + "/a").shape())
        .isEqualTo(
            "200 {\"request_id\":UUID,\"lease_id\":\"\",\"renewable\":false,"
                + "\"lease_duration\":2764800,"
                + "\"data\":{\"big\":12345678901234567890,\"e\":1e-7,"
                + "\"h\":\"\\u003c\\u0026\\u003e\",\"one\":1.0},"
                + "\"wrap_info\":null,\"warnings\":null,\"auth\":null}");
  }

  @Test
  default void versionOneTellsATimeOfTheSecretsOwn() {
    String kv = vault().mount("kv");
    vault().root().write(kv + "/a", "ttl", "1h");
    vault().root().write(kv + "/b", "lease", "90");
    vault().root().write(kv + "/c", "ttl", "soon");

    assertThat(vault().root().get(kv + "/a").number("lease_duration")).isEqualTo(3600);
    assertThat(vault().root().get(kv + "/b").number("lease_duration")).isEqualTo(90);
    assertThat(vault().root().get(kv + "/c").number("lease_duration")).isEqualTo(2764800);
  }

  @Test
  default void versionOneListsReplacesAndDeletes() {
    String kv = vault().mount("kv");
    vault().root().write(kv + "/b", "x", 1);
    vault().root().write(kv + "/a/c", "x", 1);
    vault().root().write(kv + "/a", "x", 1);
    vault().root().write(kv + "/a", "y", 2);

    assertThat(vault().root().list(kv).at("data")).isEqualTo("{\"keys\":[\"a\",\"a/\",\"b\"]}");
    assertThat(vault().root().get(kv + "?list=true").at("data", "keys"))
        .isEqualTo("[\"a\",\"a/\",\"b\"]");
    assertThat(vault().root().get(kv + "/a").at("data")).isEqualTo("{\"y\":2}");
    assertThat(vault().root().get(kv + "/a/").shape()).isEqualTo("404 {\"errors\":[]}");
    assertThat(vault().root().delete(kv + "/a").shape()).isEqualTo("204");
    assertThat(vault().root().get(kv + "/a").shape()).isEqualTo("404 {\"errors\":[]}");
    assertThat(vault().root().list(kv + "/none").shape()).isEqualTo("404 {\"errors\":[]}");
    assertThat(vault().root().post(kv + "/a").shape())
        .isEqualTo("400 {\"errors\":[\"missing data fields\"]}");
  }

  private String versioned() {
    return vault().mount("kv", "version", "2");
  }

  @Test
  default void versionTwoRoundsNumbers() {
    String kv = versioned();

    assertThat(vault().root().post(kv + "/data/a", "data", odd()).shape())
        .isEqualTo(
            "200 {\"request_id\":UUID,\"lease_id\":\"\",\"renewable\":false,\"lease_duration\":0,"
                + "\"data\":{\"created_time\":TIME,\"custom_metadata\":null,"
                + "\"deletion_time\":\"\",\"destroyed\":false,\"version\":1},"
                + "\"wrap_info\":null,\"warnings\":null,\"auth\":null}");
    assertThat(vault().root().get(kv + "/data/a").shape())
        .isEqualTo(
            "200 {\"request_id\":UUID,\"lease_id\":\"\",\"renewable\":false,\"lease_duration\":0,"
                + "\"data\":{\"data\":{\"big\":12345678901234567000,\"exponent\":1e-7,"
                + "\"html\":\"\\u003c\\u0026\\u003e\\u2028é\",\"one\":1},"
                + "\"metadata\":{\"created_time\":TIME,\"custom_metadata\":null,"
                + "\"deletion_time\":\"\",\"destroyed\":false,\"version\":1}},"
                + "\"wrap_info\":null,\"warnings\":null,\"auth\":null}");
  }

  @Test
  default void versionTwoReadsAnyVersion() {
    String kv = versioned();
    vault().root().write(kv + "/data/a", "data", Json.object("x", 1));
    vault().root().write(kv + "/data/a", "data", Json.object("x", 2));

    assertThat(vault().root().get(kv + "/data/a").at("data", "data")).isEqualTo("{\"x\":2}");
    assertThat(vault().root().get(kv + "/data/a?version=1").at("data", "data"))
        .isEqualTo("{\"x\":1}");
    assertThat(vault().root().get(kv + "/data/a?version=0").at("data", "data"))
        .isEqualTo("{\"x\":2}");
    assertThat(vault().root().get(kv + "/data/a?version=3").shape())
        .isEqualTo("404 {\"errors\":[]}");
    assertThat(vault().root().get(kv + "/data/none").shape()).isEqualTo("404 {\"errors\":[]}");
    assertThat(vault().root().get(kv + "/data/a?version=x").error())
        .isEqualTo(
            "Field validation failed: error converting input for field \"version\": '' cannot parse"
                + " value as 'int': strconv.ParseInt: invalid syntax");
  }

  @Test
  default void versionTwoTellsWhatIsLeftOfADeletedVersion() {
    String kv = versioned();
    vault().root().write(kv + "/data/a", "data", Json.object("x", 1));

    assertThat(vault().root().delete(kv + "/data/a").shape()).isEqualTo("204");
    VaultAnswer deleted = vault().root().get(kv + "/data/a");
    assertThat(deleted.shape())
        .isEqualTo(
            "404 {\"request_id\":UUID,\"lease_id\":\"\",\"renewable\":false,\"lease_duration\":0,"
                + "\"data\":{\"data\":null,\"metadata\":{\"created_time\":TIME,"
                + "\"custom_metadata\":null,\"deletion_time\":TIME,\"destroyed\":false,"
                + "\"version\":1}},"
                + "\"wrap_info\":null,\"warnings\":null,\"auth\":null}");
    assertThat(deleted.body()).endsWith("}");

    vault().root().write(kv + "/undelete/a", "versions", List.of(1));
    assertThat(vault().root().get(kv + "/data/a").at("data", "data")).isEqualTo("{\"x\":1}");
    vault().root().write(kv + "/delete/a", "versions", List.of(1));
    assertThat(vault().root().get(kv + "/data/a").status()).isEqualTo(404);
    vault().root().write(kv + "/undelete/a", "versions", List.of(1));

    vault().root().write(kv + "/destroy/a", "versions", List.of(1));
    assertThat(vault().root().get(kv + "/data/a").at("data"))
        .contains("\"data\":null", "\"deletion_time\":\"\"", "\"destroyed\":true");
    vault().root().write(kv + "/undelete/a", "versions", List.of(1));
    assertThat(vault().root().get(kv + "/data/a").status()).isEqualTo(404);
  }

  @Test
  default void versionTwoTellsVersionsWithoutData() {
    String kv = versioned();
    vault().root().write(kv + "/metadata/a", "custom_metadata", Json.object("owner", "shop"));
    vault().root().write(kv + "/data/a", "data", Json.object("x", 1));
    vault().root().write(kv + "/data/b/c", "data", Json.object("x", 1));

    assertThat(vault().root().get(kv + "/metadata/a").shape())
        .isEqualTo(
            "200 {\"request_id\":UUID,\"lease_id\":\"\",\"renewable\":false,\"lease_duration\":0,"
                + "\"data\":{\"cas_required\":false,\"created_time\":TIME,"
                + "\"current_metadata_version\":1,\"current_version\":1,"
                + "\"custom_metadata\":{\"owner\":\"shop\"},\"delete_version_after\":\"0s\","
                + "\"max_versions\":0,\"metadata_cas_required\":false,"
                + "\"oldest_version\":0,\"updated_time\":TIME,"
                + "\"versions\":{\"1\":{\"created_time\":TIME,\"deletion_time\":\"\","
                + "\"destroyed\":false}}},"
                + "\"wrap_info\":null,\"warnings\":null,\"auth\":null}");
    assertThat(vault().root().get(kv + "/data/a").at("data", "metadata", "custom_metadata"))
        .isEqualTo("{\"owner\":\"shop\"}");
    assertThat(vault().root().list(kv + "/metadata").at("data"))
        .isEqualTo("{\"keys\":[\"a\",\"b/\"]}");
    assertThat(vault().root().delete(kv + "/metadata/a").shape()).isEqualTo("204");
    assertThat(vault().root().get(kv + "/data/a").shape()).isEqualTo("404 {\"errors\":[]}");
  }

  @Test
  default void versionTwoTellsNamesWithoutValues() {
    String kv = versioned();
    JsonNode nested = Json.object("a", Json.object("b", Json.object("c", 1)), "d", List.of(1));
    vault().root().write(kv + "/data/a", "data", nested);

    assertThat(vault().root().get(kv + "/subkeys/a").at("data", "subkeys"))
        .isEqualTo("{\"a\":{\"b\":{\"c\":null}},\"d\":null}");
    assertThat(vault().root().get(kv + "/subkeys/a?depth=1").at("data", "subkeys"))
        .isEqualTo("{\"a\":null,\"d\":null}");
    assertThat(vault().root().get(kv + "/subkeys/a?depth=2").at("data", "subkeys"))
        .isEqualTo("{\"a\":{\"b\":null},\"d\":null}");
  }

  @Test
  default void versionTwoWritesOnlyOnTheVersionThatWasSeen() {
    String kv = versioned();
    JsonNode first = Json.object("cas", 0);

    assertThat(vault().root().post(kv + "/data/a", "data", odd(), "options", first).status())
        .isEqualTo(200);
    assertThat(vault().root().post(kv + "/data/a", "data", odd(), "options", first).error())
        .isEqualTo("check-and-set parameter did not match the current version");
  }

  @Test
  default void versionTwoWarnsOfPathsOfVersionOne() {
    assertThat(vault().root().get(versioned() + "/a").shape())
        .isEqualTo(
            "404 {\"request_id\":UUID,\"lease_id\":\"\",\"renewable\":false,"
                + "\"lease_duration\":0,\"data\":null,\"wrap_info\":null,"
                + "\"warnings\":[\"Invalid path for a versioned K/V secrets engine. See the API "
                + "docs for the appropriate API endpoints to use."
                + " If using the OpenBao CLI, use 'bao kv get' for this operation.\"],"
                + "\"auth\":null}");
  }
}
