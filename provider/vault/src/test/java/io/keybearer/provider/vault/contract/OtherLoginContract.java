package io.keybearer.provider.vault.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.keybearer.provider.fake.Json;
import io.keybearer.provider.fake.PodTokens.Pod;
import io.keybearer.provider.vault.fake.VaultAnswer;
import io.keybearer.provider.vault.fake.VaultClient;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Logins by claims, with role and secret ids, with certificates, and within other requests. */
interface OtherLoginContract extends ServerUnderContract {

  /** The account that these logins are of. */
  Pod PAYMENTS = Pod.of("bank", "payments");

  private String jwt(Object... role) {
    String auth = vault().auth("jwt");
    vault()
        .root()
        .write(
            "auth/" + auth + "/config",
            "jwt_validation_pubkeys",
            List.of(vault().tokens().publicKeyPem()));
    vault().root().write("auth/" + auth + "/role/role", role);
    return auth;
  }

  private VaultAnswer login(String auth, String jwt) {
    return vault().nobody().post("auth/" + auth + "/login", "role", "role", "jwt", jwt);
  }

  @Test
  default void logsInWithTheClaimsOfAToken() {
    String auth =
        jwt(
            "role_type",
            "jwt",
            "bound_audiences",
            "vault",
            "bound_claims",
            Json.object("/kubernetes.io/namespace", List.of("shop", "bank")),
            "user_claim",
            "sub",
            "claim_mappings",
            Json.object("iss", "issuer"),
            "token_policies",
            "a",
            "token_ttl",
            "10m");

    assertThat(login(auth, vault().tokens().issue(PAYMENTS, "vault")).shape())
        .isEqualTo(
            "200 {\"request_id\":UUID,\"lease_id\":\"\",\"renewable\":false,"
                + "\"lease_duration\":0,\"data\":null,\"wrap_info\":null,\"warnings\":null,"
                + "\"auth\":{\"client_token\":TOKEN,\"accessor\":NAME,\"policies\":[\"a\","
                + "\"default\"],\"token_policies\":[\"a\",\"default\"],"
                + "\"metadata\":{\"issuer\":\"https://kubernetes.default.svc.cluster.local\","
                + "\"role\":\"role\"},"
                + "\"lease_duration\":600,\"renewable\":true,\"entity_id\":UUID,"
                + "\"token_type\":\"service\",\"orphan\":true,"
                + "\"mfa_requirement\":null,\"num_uses\":0}}");
    assertThat(login(auth, vault().tokens().issue(Pod.of("x", "payments"), "vault")).error())
        .isEqualTo(
            "error validating claims: claim \"/kubernetes.io/namespace\" does not match any "
                + "associated bound claim values");
  }

  @Test
  default void tellsWhatIsWrongWithTheClaimsOfAToken() {
    String subject = "system:serviceaccount:bank:payments";
    String auth =
        jwt(
            "role_type",
            "jwt",
            "bound_audiences",
            "vault",
            "bound_subject",
            subject,
            "user_claim",
            "sub");
    Instant old = Instant.now().minusSeconds(7200);
    String invalid = "error validating token: ";

    assertThat(login(auth, vault().tokens().issue(PAYMENTS, "vault")).status()).isEqualTo(200);
    Map<String, String> problems =
        Map.of(
            vault().tokens().issue(PAYMENTS, "other"),
            invalid
                + "invalid audience (aud) claim: audience claim does not match any expected "
                + "audience",
            vault().tokens().issue(Pod.of("bank", "x"), "vault"),
            invalid + "invalid subject (sub) claim",
            vault().tokens().issue(PAYMENTS, old, old.plusSeconds(60), "vault"),
            invalid + "invalid expiration time (exp) claim: token is expired",
            vault().foreign().issue(PAYMENTS, "vault"),
            invalid
                + "error verifying token signature: no known key successfully validated the "
                + "token signature");
    problems.forEach(
        (jwt, problem) -> {
          assertThat(login(auth, jwt).status()).isEqualTo(400);
          assertThat(login(auth, jwt).error()).isEqualTo(problem);
        });
  }

  @Test
  default void tellsWhatALoginWithClaimsLacks() {
    String auth = vault().auth("jwt");
    String path = "auth/" + auth + "/login";

    assertThat(vault().nobody().post(path, "role", "a", "jwt", "a").error())
        .isEqualTo("could not load configuration");
    String configured = jwt("role_type", "jwt", "bound_audiences", "vault", "user_claim", "none");
    String login = "auth/" + configured + "/login";
    assertThat(vault().nobody().post(login, "jwt", "a").error()).isEqualTo("missing role");
    assertThat(vault().nobody().post(login, "role", "x", "jwt", "a").error())
        .isEqualTo("role \"x\" could not be found");
    assertThat(vault().nobody().post(login, "role", "role").error()).isEqualTo("missing token");
    assertThat(login(configured, vault().tokens().issue(PAYMENTS, "vault")).error())
        .isEqualTo("claim \"none\" not found in token");
  }

  private String approle(Object... role) {
    String auth = vault().auth("approle");
    vault().root().write("auth/" + auth + "/role/role", role);
    return auth;
  }

  @Test
  default void logsInWithARoleAndASecretId() {
    String auth = approle("token_policies", "a", "token_ttl", "10m", "secret_id_num_uses", 1);
    String base = "auth/" + auth + "/role/role/";
    String role = vault().root().get(base + "role-id").text("data", "role_id");
    VaultAnswer secret = vault().root().post(base + "secret-id");
    String id = secret.text("data", "secret_id");
    String login = "auth/" + auth + "/login";

    assertThat(secret.at("data").replaceAll("\"[0-9a-f-]{36}\"", "UUID"))
        .isEqualTo(
            "{\"secret_id\":UUID,\"secret_id_accessor\":UUID,\"secret_id_num_uses\":1,"
                + "\"secret_id_ttl\":0}");
    assertThat(vault().nobody().post(login, "role_id", role, "secret_id", id).shape())
        .isEqualTo(
            "200 {\"request_id\":UUID,\"lease_id\":\"\",\"renewable\":false,"
                + "\"lease_duration\":0,\"data\":null,\"wrap_info\":null,\"warnings\":null,"
                + "\"auth\":{\"client_token\":TOKEN,\"accessor\":NAME,\"policies\":[\"a\","
                + "\"default\"],\"token_policies\":[\"a\",\"default\"],"
                + "\"metadata\":{\"role_name\":\"role\"},"
                + "\"lease_duration\":600,\"renewable\":true,\"entity_id\":UUID,"
                + "\"token_type\":\"service\",\"orphan\":true,"
                + "\"mfa_requirement\":null,\"num_uses\":0}}");
    assertThat(vault().nobody().post(login, "role_id", role, "secret_id", id).shape())
        .isEqualTo("400 {\"errors\":[\"invalid role or secret ID\"]}");
    assertThat(vault().nobody().post(login, "role_id", "x", "secret_id", id).error())
        .isEqualTo("invalid role or secret ID");
    assertThat(vault().nobody().post(login, "role_id", role).error())
        .isEqualTo("missing secret_id");
    assertThat(vault().nobody().post(login).shape())
        .isEqualTo("500 {\"errors\":[\"missing role_id\"]}");
    assertThat(vault().root().post("auth/" + auth + "/role/none/secret-id").shape())
        .isEqualTo("404 {\"errors\":[\"role \\\"none\\\" does not exist\"]}");
  }

  @Test
  default void wrapsASecretId() {
    String auth = approle("token_policies", "a");
    String base = "auth/" + auth + "/role/role/";
    String role = vault().root().get(base + "role-id").text("data", "role_id");
    VaultAnswer wrapped = vault().root().with("X-Vault-Wrap-TTL", "60s").post(base + "secret-id");
    VaultAnswer secret =
        vault().root().as(wrapped.text("wrap_info", "token")).post("sys/wrapping/unwrap");

    assertThat(wrapped.text("wrap_info", "creation_path")).isEqualTo(base + "secret-id");
    assertThat(wrapped.text("wrap_info", "wrapped_accessor"))
        .isEqualTo(secret.text("data", "secret_id_accessor"));
    String id = secret.text("data", "secret_id");
    for (int i = 0; i < 2; i++) {
      assertThat(
              vault()
                  .nobody()
                  .post("auth/" + auth + "/login", "role_id", role, "secret_id", id)
                  .status())
          .isEqualTo(200);
    }
  }

  @Test
  default void aLoginWithACertificateNeedsOne() {
    String auth = vault().auth("cert");

    assertThat(vault().nobody().post("auth/" + auth + "/login").shape())
        .isEqualTo("400 {\"errors\":[\"no client certificate found\"]}");
  }

  private static String parameter(String key, String value) {
    String pair = "{\"key\":\"" + key + "\",\"value\":\"" + value + "\"}";
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(pair.getBytes(StandardCharsets.UTF_8));
  }

  private VaultClient inline(String auth, String role) {
    return vault()
        .nobody()
        .with("X-Vault-Inline-Auth-Path", "auth/" + auth + "/login")
        .with("X-Vault-Inline-Auth-Parameter-role", parameter("role", role))
        .with(
            "X-Vault-Inline-Auth-Parameter-jwt",
            parameter("jwt", vault().tokens().issue(Pod.of("shop", "orders"), "vault")));
  }

  @Test
  default void logsInWithinARequestAndKeepsNoToken() {
    String kv = vault().mount("kv");
    vault().root().write(kv + "/a", "x", 1);
    String policy = vault().policy("path \"" + kv + "/*\" { capabilities = [\"read\"] }");
    String auth = vault().kubernetes("token_policies", policy);
    String before = vault().root().list("auth/token/accessors").at("data", "keys");

    assertThat(inline(auth, "role").get(kv + "/a").shape())
        .isEqualTo(
            "200 {\"request_id\":UUID,\"lease_id\":\"\",\"renewable\":false,"
                + "\"lease_duration\":2764800,\"data\":{\"x\":1},"
                + "\"wrap_info\":null,\"warnings\":null,\"auth\":null}");
    assertThat(inline(auth, "role").post(kv + "/a", "x", 2).shape())
        .isEqualTo("403 {\"errors\":[\"1 error occurred:\\n\\t* permission denied\\n\\n\"]}");
    assertThat(vault().root().list("auth/token/accessors").at("data", "keys").length())
        .isEqualTo(before.length());
  }

  @Test
  default void marksWhatALoginWithinARequestIsRefusedWith() {
    String auth = vault().kubernetes();
    VaultAnswer unknown = inline(auth, "none").get("secret/data/a");
    VaultAnswer missing = inline("none", "role").get("secret/data/a");
    VaultAnswer both = inline(auth, "role").as("root").get("secret/data/a");
    VaultAnswer broken =
        vault()
            .nobody()
            .with("X-Vault-Inline-Auth-Path", "auth/" + auth + "/login")
            .with("X-Vault-Inline-Auth-Parameter-role", "!!")
            .get("secret/data/a");

    assertThat(unknown.shape()).isEqualTo("400 {\"errors\":[\"invalid role name \\\"none\\\"\"]}");
    assertThat(unknown.header("X-Vault-Inline-Auth-Failed")).isEqualTo("true");
    assertThat(missing.shape()).isEqualTo("403 {\"errors\":[\"permission denied\"]}");
    assertThat(missing.header("X-Vault-Inline-Auth-Failed")).isEqualTo("true");
    assertThat(both.shape())
        .isEqualTo(
            "500 {\"errors\":[\"failed to perform inline authentication: cannot layer inline "
                + "authentication with token authentication\"]}");
    assertThat(broken.shape())
        .isEqualTo(
            "500 {\"errors\":[\"failed to perform inline authentication: failed raw url-safe "
                + "base64 decoding header value\"]}");
    assertThat(both.header("X-Vault-Inline-Auth-Failed")).isEmpty();
  }

  @Test
  default void tellsTheErrorOfALoginWithinARequestWithItsStatus() {
    String auth =
        vault()
            .kubernetes(
                "bound_service_account_names", "other", "bound_service_account_namespaces", "*");
    VaultAnswer refused = inline(auth, "role").get("secret/data/a");

    assertThat(refused.shape())
        .isEqualTo(
            "403 {\"errors\":[\"failed to perform inline authentication: service account name "
                + "not authorized\"]}");
    assertThat(refused.header("X-Vault-Inline-Auth-Failed")).isEmpty();
  }

  @Test
  default void leasesNothingToALoginWithinARequest() {
    String mount = vault().database("1h", "2h");
    String policy = vault().policy("path \"" + mount + "/*\" { capabilities = [\"read\"] }");
    String auth = vault().kubernetes("token_policies", policy);

    assertThat(inline(auth, "role").get(mount + "/creds/app").shape())
        .isEqualTo(
            "500 {\"errors\":[\"requests with inline authentication cannot generate leases\"]}");
    assertThat(vault().root().list("sys/leases/lookup/" + mount + "/creds/app").status())
        .isEqualTo(404);
  }
}
