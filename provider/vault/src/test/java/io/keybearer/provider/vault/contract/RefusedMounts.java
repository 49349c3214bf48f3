package io.keybearer.provider.vault.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.keybearer.provider.Reason;
import io.keybearer.provider.fake.Json;
import io.keybearer.provider.fake.PodTokens.Pod;
import io.keybearer.provider.vault.VaultDialect;
import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the event of a pod says that gets no files: every word of it. */
interface RefusedMounts extends MountUnderContract {

  private static String because(String cause) {
    return because(VaultDialect.VAULT, cause);
  }

  private static String because(VaultDialect dialect, String cause) {
    return dialect.socket() + ": error making mount request: couldn't read secret \"a\": " + cause;
  }

  private String block(String verb, String path, int status, String errors) {
    return "Error making API request. URL: %s %s/v1/%s Code: %d. %s"
        .formatted(verb, address(), path, status, errors);
  }

  private void assertRead(SecretClass of, String object, Reason reason, String cause) {
    mount(of, object).assertFailed(reason, because("error requesting secret: " + cause));
  }

  private static String read(String path) {
    return "{objectName: a, secretPath: %s}".formatted(path);
  }

  @Test
  default void aRoleIsNotForAnybody() {
    String auth = vault().kubernetes();
    SecretClass of = at(auth).objects(read("kv/a"));
    String remedy =
        "; see whether role \"role\" of auth mount \"%s\" exists and takes service account %s with audience \"vault\"";

    node()
        .mount(Pod.of("shop", "payments"), of)
        .assertFailed(
            Reason.LOGIN_FAILED,
            because(
                "failed to login: "
                    + block(
                        "POST",
                        "auth/" + auth + "/login",
                        403,
                        "Errors: * service account name not authorized")
                    + remedy.formatted(auth, "shop/payments")));
    node()
        .mount(Pod.of("bank", "orders"), of)
        .assertFailed(
            Reason.LOGIN_FAILED,
            because(
                "failed to login: "
                    + block(
                        "POST",
                        "auth/" + auth + "/login",
                        403,
                        "Errors: * namespace not authorized")
                    + remedy.formatted(auth, "bank/orders")));
  }

  @Test
  default void aRoleMayBeMissing() {
    String auth = vault().kubernetes();

    mount(at(auth).with("roleName", "none"), read("kv/a"))
        .assertFailed(
            Reason.LOGIN_FAILED,
            because(
                "failed to login: "
                    + block(
                        "POST",
                        "auth/" + auth + "/login",
                        400,
                        "Errors: * invalid role name \"none\"")
                    + "; see whether role \"none\" of auth mount \"%s\" exists and takes service account shop/orders with audience \"vault\""
                        .formatted(auth)));
  }

  @Test
  default void aTokenMayBeOfAnotherAudience() {
    String auth = vault().kubernetes("audience", "other");

    mount(at(auth), read("kv/a"))
        .assertFailed(
            Reason.LOGIN_FAILED,
            because(
                "failed to login: "
                    + block(
                        "POST",
                        "auth/" + auth + "/login",
                        403,
                        "Errors: * invalid audience (aud) claim: audience claim does not match any expected audience")
                    + "; see whether role \"role\" of auth mount \"%s\" exists and takes service account shop/orders with audience \"vault\""
                        .formatted(auth)));
  }

  @Test
  default void aTokenReviewMayFail() {
    String auth = vault().kubernetes();
    vault().reviews().forget(Pod.of("shop", "orders"));

    mount(at(auth), read("kv/a"))
        .assertFailed(
            Reason.LOGIN_FAILED,
            because(
                "failed to login: "
                    + block("POST", "auth/" + auth + "/login", 403, "Errors: * permission denied")
                    + "; see whether role \"role\" of auth mount \"%s\" exists and takes service account shop/orders with audience \"vault\""
                        .formatted(auth)));
  }

  @Test
  default void aLoginMayHaveNoConfiguration() {
    String auth = vault().auth("kubernetes");
    vault()
        .root()
        .write(
            "auth/" + auth + "/role/role",
            "bound_service_account_names",
            "*",
            "bound_service_account_namespaces",
            "*");

    mount(at(auth), read("kv/a"))
        .assertFailed(
            Reason.STORE_UNAVAILABLE,
            because(
                "failed to login: "
                    + block(
                        "POST",
                        "auth/" + auth + "/login",
                        500,
                        "Errors: * could not load backend configuration")
                    + "; look at the store's own log; not tried again: the store may have acted on it already"));
  }

  @Test
  default void aPolicyMayForbidIt() {
    String kv = versioned();
    String auth = vault().kubernetes();

    assertRead(
        at(auth),
        read(kv + "/data/a"),
        Reason.ACCESS_DENIED,
        block("GET", kv + "/data/a", 403, "Errors: * 1 error occurred: * permission denied")
            + "; allow it in a policy of role \"role\" at auth mount \"%s\"".formatted(auth));
  }

  @Test
  default void aPathMayHoldNothing() {
    String kv = versioned();
    String auth = login(kv + "/*", "nowhere/*");

    assertRead(
        at(auth),
        read(kv + "/data/a"),
        Reason.NOT_FOUND,
        block("GET", kv + "/data/a", 404, "Errors: ")
            + "; see the path; that of KV version 2 has data/ behind its mount");
    assertRead(
        at(auth).in("other"),
        read("nowhere/x"),
        Reason.NOT_FOUND,
        block(
                "GET",
                "nowhere/x",
                404,
                "Errors: * no handler for route \"nowhere/x\". route entry not found.")
            + "; no secrets engine is mounted there: see its path");
  }

  @Test
  default void aNamespaceMayBeMissing() {
    String auth = vault().kubernetes();

    mount(at(auth), "{objectName: a, secretPath: kv/a, namespace: nope}")
        .assertFailed(
            Reason.NOT_FOUND,
            because(
                "error requesting secret: Error making API request. Namespace: nope URL: GET "
                    + address()
                    + "/v1/kv/a Code: 404. Errors: * namespace not found; see vaultNamespace and the object's namespace"));
    mount(at(auth).with("vaultNamespace", "nope").in("other"), read("kv/a"))
        .assertFailed(
            Reason.NOT_FOUND,
            because(
                "failed to login: Error making API request. Namespace: nope URL: POST "
                    + address()
                    + "/v1/auth/%s/login Code: 404. Errors: * namespace not found; no auth method is mounted at \"%s\" in namespace \"nope\": see vaultAuthMountPath and vaultNamespace"
                        .formatted(auth, auth)));
  }

  @Test
  default void aNamespaceMayBeLocked() {
    String namespace = vault().namespace();
    String auth = vault().kubernetes();
    String key =
        vault()
            .root()
            .write("sys/namespaces/api-lock/lock/" + namespace)
            .text("data", "unlock_key");
    try {
      mount(at(auth).with("vaultNamespace", namespace), read("kv/a"))
          .assertFailed(
              Reason.PRECONDITION,
              because(
                  "failed to login: Error making API request. Namespace: %s URL: POST %s/v1/auth/%s/login Code: 503."
                          .formatted(namespace, address(), auth)
                      + " Errors: * API access to this namespace has been locked by an administrator - \"%s/\" must be unlocked"
                          .formatted(namespace)
                      + " to gain access.; unseal or unlock it, or wait for the one that does; 3 tries"));
    } finally {
      vault().root().post("sys/namespaces/api-lock/unlock/" + namespace, "unlock_key", key);
    }
  }

  @Test
  default void aMethodMayBeUnknown() {
    String kv = vault().mount("kv");
    vault().root().write(kv + "/a", "a", 1);
    String auth = login(kv + "/*");

    assertRead(
        at(auth),
        "{objectName: a, secretPath: %s/a, method: get}".formatted(kv),
        Reason.INVALID_PARAMETERS,
        block("get", kv + "/a", 405, "Errors: ") + "; see which method that path takes");
  }

  @Test
  default void aRequestMayBeBad() {
    String database = vault().database("1h", "2h");
    String auth = login(database + "/*");

    assertRead(
        at(auth),
        read(database + "/creds/none"),
        Reason.INVALID_PARAMETERS,
        block("GET", database + "/creds/none", 400, "Errors: * unknown role: none")
            + "; see what that path takes; asked as role \"role\" at auth mount \"%s\""
                .formatted(auth));
  }

  @Test
  default void aServerMayFailAtWhatItMakes() {
    String database = vault().database("1h", "2h");
    vault().root().write(database + "/roles/third", "db_name", "db", "creation_statements", "x");
    String auth = login(database + "/*");

    assertRead(
        at(auth),
        read(database + "/creds/third"),
        Reason.STORE_UNAVAILABLE,
        block(
                "GET",
                database + "/creds/third",
                500,
                "Errors: * 1 error occurred: * \"third\" is not an allowed role")
            + "; look at the store's own log; not tried again: the store may have acted on it already");
  }

  @Test
  default void aKeyOrAValueMayBeWrong() {
    String kv = versioned();
    vault().root().write(kv + "/data/a", "data", Json.object("a", "%", "h", "0"));
    SecretClass of = at(login(kv + "/*"));
    String path = kv + "/data/a";
    Map<String, String> problems =
        Map.of(
            "secretKey: k",
            "key \"k\" does not exist at the secret path}; look at the keys of that secret",
            "secretKey: a, encoding: base64",
            "illegal base64 data at input byte 0}",
            "secretKey: h, encoding: hex",
            "encoding/hex: odd length hex string}");
    problems.forEach(
        (fields, problem) ->
            assertThat(
                    mount(
                            of.in(fields),
                            "{objectName: a, secretPath: %s, %s}".formatted(path, fields))
                        .failure())
                .hasMessage(because("{" + path + "}: {" + problem)));
  }

  @Test
  default void nobodyMayBeThere() {
    URI nobody = URI.create("http://127.0.0.1:1");

    node()
        .mount(ORDERS, SecretClass.of(nobody, "kubernetes").objects(read("kv/a")))
        .assertFailed(
            Reason.STORE_UNAVAILABLE,
            because(
                "\"http://127.0.0.1:1\" can't be connected to: the connection is refused; see whether it runs and is reachable from this node; 3 tries"));
  }

  @Test
  default void theOtherDialectSaysTheSame() {
    String auth = vault().kubernetes();
    try (MountNode openbao = MountNode.of(vault().tokens(), VaultDialect.OPENBAO)) {
      openbao
          .mount(ORDERS, at(auth).objects(read("kv/a")))
          .assertFailed(
              Reason.LOGIN_FAILED,
              because(
                  VaultDialect.OPENBAO,
                  "failed to login: "
                      + block(
                          "POST",
                          "auth/" + auth + "/login",
                          403,
                          "Errors: * invalid audience (aud) claim: audience claim does not match any expected audience")
                      + "; see whether role \"role\" of auth mount \"%s\" exists and takes service account shop/orders with audience \"openbao\""
                          .formatted(auth)));
    }
  }
}
