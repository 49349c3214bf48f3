package io.keybearer.provider.vault.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.keybearer.provider.Reason;
import io.keybearer.provider.fake.Json;
import io.keybearer.provider.vault.VaultDialect;
import io.keybearer.provider.vault.fake.VaultClient;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Mounts by every way to log in but certificates, which need TLS. */
interface LoginMounts extends MountUnderContract {

  private String stored() {
    String kv = versioned();
    vault().root().write(kv + "/data/a", "data", Json.object("a", "1"));
    return kv;
  }

  private static String object(String kv) {
    return "{objectName: a, secretPath: %s/data/a, secretKey: a}".formatted(kv);
  }

  private void assertMounts(SecretClass of, String kv) {
    assertThat(mount(of, object(kv)).files()).isEqualTo(Map.of("a", "1"));
  }

  private String jwt(String kv) {
    String auth = vault().auth("jwt");
    vault()
        .root()
        .write(
            "auth/" + auth + "/config",
            "jwt_validation_pubkeys",
            List.of(vault().tokens().publicKeyPem()));
    vault()
        .root()
        .write(
            "auth/" + auth + "/role/role",
            "role_type",
            "jwt",
            "bound_audiences",
            "vault",
            "user_claim",
            "sub",
            "token_policies",
            List.of(reads(kv + "/*")));
    return auth;
  }

  @Test
  default void logsInAtAJwtMount() {
    String kv = stored();
    String auth = jwt(kv);

    assertMounts(at(auth), kv);
    assertMounts(at(auth).with("authMethod", "jwt").in("other"), kv);
  }

  @Test
  default void tellsWhatAJwtMountRefuses() {
    String kv = stored();
    String auth = jwt(kv);
    vault()
        .root()
        .write(
            "auth/" + auth + "/role/role",
            "role_type",
            "jwt",
            "bound_audiences",
            "vault",
            "bound_subject",
            "system:serviceaccount:bank:payments",
            "user_claim",
            "sub");

    mount(at(auth), object(kv))
        .assertFailed(
            Reason.LOGIN_FAILED,
            "vault: error making mount request: couldn't read secret \"a\": failed to login: Error making API"
                + " request. URL: POST %s/v1/auth/%s/login Code: 400. Errors: * error validating token:"
                    .formatted(address(), auth)
                + " invalid subject (sub) claim; see whether role \"role\" of auth mount \"%s\" exists and"
                    .formatted(auth)
                + " takes service account shop/orders with audience \"vault\"");
  }

  @Test
  default void anotherAudienceNeedsATokenOfItsOwn() {
    String kv = stored();
    String auth =
        vault().kubernetes("token_policies", reads(kv + "/*"), "audience", "custom-audience");
    SecretClass of = at(auth).with("audience", "custom-audience");

    mount(of, object(kv))
        .assertFailed(
            Reason.PRECONDITION,
            "vault: error making mount request: couldn't read secret \"a\": the driver sent no service account"
                + " token of audience \"custom-audience\", only of \"vault\"; list it in the tokenRequests of"
                + " the CSIDriver secrets-store.csi.k8s.io, or set --token-requests");
    try (MountNode asking = MountNode.makingTokens(vault().tokens(), VaultDialect.VAULT)) {
      assertThat(asking.mount(ORDERS, of.objects(object(kv))).files()).isEqualTo(Map.of("a", "1"));
    }
  }

  @Test
  default void logsInWithinTheRequest() {
    String kv = stored();
    long before = accessors();

    assertMounts(at(login(kv + "/*")).with("authMethod", "inline"), kv);
    assertThat(accessors()).isEqualTo(before);
  }

  @Test
  default void tellsThatALoginWithinTheRequestIsRefused() {
    String kv = stored();
    String auth = vault().kubernetes("bound_service_account_names", "other");

    mount(at(auth).with("authMethod", "inline"), object(kv))
        .assertFailed(
            Reason.LOGIN_FAILED,
            "vault: error making mount request: couldn't read secret \"a\": failed to login: Error making API"
                + " request. URL: GET %s/v1/%s/data/a Code: 403. Errors: * failed to perform inline"
                    .formatted(address(), kv)
                + " authentication: service account name not authorized; see whether role \"role\" of auth"
                + " mount \"%s\" exists and takes service account shop/orders with audience \"vault\""
                    .formatted(auth));
  }

  private String approle(String kv, Object... more) {
    String auth = vault().auth("approle");
    vault()
        .root()
        .write("auth/" + auth + "/role/role", "token_policies", List.of(reads(kv + "/*")));
    if (more.length > 0) {
      vault().root().write("auth/" + auth + "/role/role", more);
    }
    return auth;
  }

  private SecretClass approleAt(String auth) {
    String roleId =
        vault().root().get("auth/" + auth + "/role/role/role-id").text("data", "role_id");
    return at(auth).without("roleName").with("authMethod", "approle").with("roleId", roleId);
  }

  @Test
  default void logsInWithARoleAndASecretId() {
    String kv = stored();
    String auth = approle(kv);
    String id =
        vault().root().write("auth/" + auth + "/role/role/secret-id").text("data", "secret_id");
    SecretClass of = approleAt(auth);

    assertMounts(of.withSecret("secret_id", id + "\n"), kv);
    assertMounts(
        of.without("roleId")
            .withSecret("secret_id", id)
            .withSecret("role_id", of.parameters().getOrDefault("roleId", ""))
            .in("other"),
        kv);
    mount(of.in("none"), object(kv))
        .assertFailed(
            Reason.PRECONDITION,
            "vault: error making mount request: couldn't read secret \"a\": failed to login: authMethod approle"
                + " lacks a secret id; put secret_id or wrapping_token into the Secret that"
                + " nodePublishSecretRef names");
    mount(of.withSecret("secret_id", "wrong").in("wrong"), object(kv))
        .assertFailed(
            Reason.LOGIN_FAILED,
            "vault: error making mount request: couldn't read secret \"a\": failed to login: Error making API"
                + " request. URL: POST %s/v1/auth/%s/login Code: 400. Errors: * invalid role or secret"
                    .formatted(address(), auth)
                + " ID; see whether the role id and the secret id of auth mount \"%s\" are valid"
                    .formatted(auth));
  }

  private String wrapped(String path) {
    return vault().root().with("X-Vault-Wrap-TTL", "60s").write(path).text("wrap_info", "token");
  }

  @Test
  default void logsInWithASecretIdThatIsWrapped() {
    String kv = stored();
    String auth = approle(kv);
    SecretClass of =
        approleAt(auth)
            .with("refreshInterval", "0")
            .withSecret("wrapping_token", wrapped("auth/" + auth + "/role/role/secret-id"));

    assertMounts(of, kv);
    // It was good for one use, and what came of it is remembered.
    assertMounts(of.in("other"), kv);
  }

  @Test
  default void tellsAWrappingTokenThatIsSpent() {
    String kv = stored();
    String auth = approle(kv);
    String token = wrapped("auth/" + auth + "/role/role/secret-id");
    vault().root().as(token).write("sys/wrapping/unwrap");

    mount(approleAt(auth).withSecret("wrapping_token", token), object(kv))
        .assertFailed(
            Reason.LOGIN_FAILED,
            "vault: error making mount request: couldn't read secret \"a\": failed to login: the wrapping token"
                + " can't be unwrapped (Code: 400. Errors: * wrapping token is not valid or does not"
                + " exist); it may be spent, or over: put a new one into the Secret");
  }

  @Test
  default void refusesAWrappingTokenOfSomethingElse() {
    String kv = stored();
    String auth = approle(kv);
    String other = approle(kv);
    String foreign = wrapped("auth/" + other + "/role/role/secret-id");
    String wrap =
        vault()
            .root()
            .with("X-Vault-Wrap-TTL", "60s")
            .get(kv + "/data/a")
            .text("wrap_info", "token");

    for (String token : List.of(foreign, wrap)) {
      mount(approleAt(auth).withSecret("wrapping_token", token).in(token), object(kv))
          .assertFailed(
              Reason.LOGIN_FAILED,
              "vault: error making mount request: couldn't read secret \"a\": failed to login: the wrapping"
                  + " token holds no secret id of auth mount \"%s\"; find out who made it: it may be a"
                      .formatted(auth)
                  + " stranger's");
    }
    // It was looked at, not used.
    assertThat(vault().root().as(foreign).post("sys/wrapping/unwrap").status()).isEqualTo(200);
  }

  @Test
  default void logsInAndReadsInNamespaces() {
    String namespace = vault().namespace();
    VaultClient admin = vault().root().in(namespace);
    admin.write("sys/mounts/kv", "type", "kv");
    admin.write("kv/a", "a", "hello-namespaces");
    String kv = stored();
    String auth =
        vault().kubernetes("token_policies", List.of(reads(namespace + "/kv/*", kv + "/*")));

    assertThat(
            mount(
                    at(auth).with("vaultAuthNamespace", "").with("vaultNamespace", namespace),
                    "{objectName: a, secretPath: kv/a, secretKey: a}",
                    "{objectName: b, secretPath: %s/data/a, secretKey: a, namespace: ''}"
                        .formatted(kv))
                .files())
        .isEqualTo(Map.of("a", "hello-namespaces", "b", "1"));
    assertThat(
            mount(
                    at(auth).in("other"),
                    "{objectName: a, secretPath: kv/a, secretKey: a, namespace: %s}"
                        .formatted(namespace),
                    "{objectName: b, secretPath: %s/kv/a, secretKey: a}".formatted(namespace))
                .files())
        .isEqualTo(Map.of("a", "hello-namespaces", "b", "hello-namespaces"));
  }

  @Test
  default void tellsTheNamespaceOfARefusal() {
    String namespace = vault().namespace();

    mount(at("kubernetes").with("vaultNamespace", namespace), "{objectName: a, secretPath: kv/a}")
        .assertFailed(
            Reason.LOGIN_FAILED,
            "vault: error making mount request: couldn't read secret \"a\": failed to login: Error making API"
                + " request. Namespace: %s URL: POST %s/v1/auth/kubernetes/login Code: 403. Errors: *"
                    .formatted(namespace, address())
                + " permission denied; see whether role \"role\" of auth mount \"kubernetes\" in namespace"
                + " \"%s\" exists and takes service account shop/orders with audience \"vault\""
                    .formatted(namespace));
  }

  @Test
  default void usesATokenOfFewUsesForOneMountOnly() {
    String kv = stored();
    String auth = vault().kubernetes("token_policies", reads(kv + "/*"), "token_num_uses", 3);
    SecretClass of = at(auth).with("refreshInterval", "0");

    for (int i = 0; i < 4; i++) {
      assertMounts(of, kv);
    }
  }

  @Test
  default void mountsWithTokensOfWhichNothingIsKept() {
    String kv = stored();
    String auth =
        vault()
            .kubernetes(
                "token_policies", reads(kv + "/*"), "token_type", "batch", "token_ttl", "10m");
    SecretClass of = at(auth).with("refreshInterval", "0");

    assertMounts(of, kv);
    assertMounts(of, kv);
  }

  /** How many tokens there are. */
  private long accessors() {
    return vault().root().list("auth/token/accessors").json().items("data", "keys").size();
  }
}
