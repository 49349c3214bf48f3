package io.keybearer.provider.vault.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.keybearer.provider.vault.fake.VaultAnswer;
import io.keybearer.provider.vault.fake.VaultClient;
import org.junit.jupiter.api.Test;

/** The life of a lease, of users of a database. */
interface LeaseContract extends ServerUnderContract {

  /** So often something is looked at that is about to change. */
  int MOST_LOOKS = 2000;

  private long leases(String mount) {
    return vault()
        .root()
        .list("sys/leases/lookup/" + mount + "/creds/app")
        .json()
        .items("data", "keys")
        .size();
  }

  @Test
  default void leasesAUserOfADatabase() {
    String mount = vault().database("1h", "2h");
    VaultAnswer first = vault().root().get(mount + "/creds/app");
    VaultAnswer second = vault().root().get(mount + "/creds/app");

    assertThat(
            first
                .shape()
                .replaceAll("\"v[-_][^\"]+\"", "USER")
                .replaceAll("(\"password\"):\"[^\"]+\"", "$1:PASSWORD"))
        .isEqualTo(
            "200 {\"request_id\":UUID,\"lease_id\":LEASE,\"renewable\":true,"
                + "\"lease_duration\":3600,"
                + "\"data\":{\"password\":PASSWORD,\"username\":USER},\"wrap_info\":null,"
                + "\"warnings\":null,\"auth\":null}");
    assertThat(first.text("lease_id")).startsWith(mount + "/creds/app/");
    assertThat(first.text("data", "username")).isNotEqualTo(second.text("data", "username"));
    assertThat(first.text("data", "password")).isNotEqualTo(second.text("data", "password"));
    assertThat(leases(mount)).isEqualTo(2);
  }

  @Test
  default void tellsALease() {
    String mount = vault().database("1h", "2h");
    String id = vault().root().get(mount + "/creds/app").text("lease_id");

    assertThat(
            vault()
                .root()
                .post("sys/leases/lookup", "lease_id", id)
                .shape()
                .replaceAll("3600|3599", "TTL"))
        .isEqualTo(
            "200 {\"request_id\":UUID,\"lease_id\":\"\",\"renewable\":false,\"lease_duration\":0,"
                + ("\"data\":{\"expire_time\":TIME,\"id\":LEASE,\"issue_time\":TIME,"
                        + "\"last_renewal\":null,\"path\":\"%s/creds/app\",\"renewable\":true,"
                        + "\"ttl\":TTL},")
                    .formatted(mount)
                + "\"wrap_info\":null,\"warnings\":null,\"auth\":null}");
  }

  @Test
  default void renewsALeaseUntilItsMost() {
    String mount = vault().database("1h", "2h");
    String id = vault().root().get(mount + "/creds/app").text("lease_id");

    VaultAnswer usual = vault().root().post("sys/leases/renew", "lease_id", id);
    assertThat(usual.shape())
        .isEqualTo(
            "200 {\"request_id\":UUID,\"lease_id\":LEASE,\"renewable\":true,"
                + "\"lease_duration\":3600,\"data\":null,"
                + "\"wrap_info\":null,\"warnings\":null,\"auth\":null}");
    assertThat(usual.text("lease_id")).isEqualTo(id);
    assertThat(
            vault()
                .root()
                .post("sys/leases/renew", "lease_id", id, "increment", 60)
                .number("lease_duration"))
        .isEqualTo(60);
    VaultAnswer most = vault().root().post("sys/leases/renew", "lease_id", id, "increment", 86400);
    assertThat(most.number("lease_duration")).isBetween(7190L, 7200L);
    assertThat(most.at("warnings")).contains("exceeded the effective max_ttl of");
    assertThat(vault().root().post("sys/leases/lookup", "lease_id", id).at("data", "last_renewal"))
        .isNotEqualTo("null");
  }

  @Test
  default void knowsNoLeaseThatWasRevoked() {
    String mount = vault().database("1h", "2h");
    String id = vault().root().get(mount + "/creds/app").text("lease_id");

    assertThat(vault().root().post("sys/leases/revoke", "lease_id", id, "sync", true).shape())
        .isEqualTo("204");
    assertThat(vault().root().post("sys/leases/lookup", "lease_id", id).shape())
        .isEqualTo("400 {\"errors\":[\"invalid lease\"]}");
    assertThat(vault().root().post("sys/leases/renew", "lease_id", id).shape())
        .isEqualTo("400 {\"errors\":[\"lease not found\"]}");
    assertThat(vault().root().post("sys/leases/revoke", "lease_id", id, "sync", true).shape())
        .isEqualTo("204");
    assertThat(vault().root().post("sys/leases/renew").shape())
        .isEqualTo("400 {\"errors\":[\"lease_id must be specified\"]}");
  }

  @Test
  default void promisesARevocationThatNobodyWaitsFor() {
    String mount = vault().database("1h", "2h");
    String id = vault().root().get(mount + "/creds/app").text("lease_id");

    assertThat(vault().root().post("sys/leases/revoke", "lease_id", id).status())
        .isBetween(200, 204);
  }

  @Test
  default void revokesAllBelowAPath() {
    String mount = vault().database("1h", "2h");
    vault().root().get(mount + "/creds/app");
    vault().root().get(mount + "/creds/app");

    assertThat(
            vault()
                .root()
                .post("sys/leases/revoke-prefix/" + mount + "/creds", "sync", true)
                .shape())
        .isEqualTo("204");
    assertThat(leases(mount)).isZero();
  }

  @Test
  default void theEndOfATokenIsTheEndOfItsLeases() {
    String mount = vault().database("1h", "2h");
    VaultClient client =
        vault().allowed("path \"" + mount + "/creds/app\" { capabilities = [\"read\"] }");
    String id = client.get(mount + "/creds/app").text("lease_id");

    assertThat(client.post("sys/leases/renew", "lease_id", id).status()).isEqualTo(200);
    client.write("auth/token/revoke-self");
    // The server takes it back a moment after its answer.
    VaultAnswer lookup = vault().root().post("sys/leases/lookup", "lease_id", id);
    for (int i = 0; i < MOST_LOOKS && lookup.status() == 200; i++) {
      lookup = vault().root().post("sys/leases/lookup", "lease_id", id);
    }
    assertThat(lookup.shape()).isEqualTo("400 {\"errors\":[\"invalid lease\"]}");
  }

  @Test
  default void refusesRolesThatAreNoneOrNotAllowed() {
    String mount = vault().database("1h", "2h");
    vault().root().write(mount + "/roles/lost", "db_name", "none", "creation_statements", "x");
    vault().root().write(mount + "/roles/third", "db_name", "db", "creation_statements", "x");

    assertThat(vault().root().get(mount + "/creds/none").shape())
        .isEqualTo("400 {\"errors\":[\"unknown role: none\"]}");
    assertThat(vault().root().get(mount + "/creds/lost").shape())
        .isEqualTo(
            "500 {\"errors\":[\"1 error occurred:\\n\\t* failed to find entry for connection "
                + "with name: \\\"none\\\"\\n\\n\"]}");
    assertThat(vault().root().get(mount + "/creds/third").shape())
        .isEqualTo(
            "500 {\"errors\":[\"1 error occurred:\\n\\t* \\\"third\\\" is not an allowed "
                + "role\\n\\n\"]}");
    assertThat(vault().root().post(mount + "/creds/app").status()).isEqualTo(405);
    assertThat(vault().root().get(mount + "/static-creds/none").shape())
        .isEqualTo("400 {\"errors\":[\"unknown role: none\"]}");
  }

  @Test
  default void tellsTheRestOfAStaticUsersTime() {
    String mount = vault().database("1h", "2h");
    vault()
        .root()
        .write(
            mount + "/static-roles/other",
            "db_name",
            "db",
            "username",
            "app",
            "rotation_period",
            "1h",
            "rotation_statements",
            "SET PASSWORD FOR \"{{username}}\" = '{{password}}'");
    VaultAnswer answer = vault().root().get(mount + "/static-creds/other");

    assertThat(
            answer
                .shape()
                .replaceAll("(\"password\"):\"[^\"]+\"", "$1:PASSWORD")
                .replaceAll("(\"ttl\"):3[56]\\d\\d", "$1:TTL"))
        .isEqualTo(
            "200 {\"request_id\":UUID,\"lease_id\":\"\",\"renewable\":false,\"lease_duration\":0,"
                + "\"data\":{\"last_vault_rotation\":TIME,\"password\":PASSWORD,"
                + "\"rotation_period\":3600,\"ttl\":TTL,\"username\":\"app\"},"
                + "\"wrap_info\":null,\"warnings\":null,\"auth\":null}");
    assertThat(vault().root().get(mount + "/static-creds/other").text("data", "password"))
        .isEqualTo(answer.text("data", "password"));
  }
}
