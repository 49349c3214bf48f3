package io.keybearer.e2e.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What each request is answered. */
class StoreApiTest {

  private final StoreServer store = new StoreServer(StoreSettings.cleartext());
  private final StoreClient client = new StoreClient(store);

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void opensASessionForAToken() throws Exception {
    HttpResponse<String> answer = client.login("app", "t");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(StoreClient.text(answer, "/session")).startsWith("s-");
    assertThat(answer.body()).endsWith(",\"ttlSeconds\":3600,\"reusable\":true}");
    assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/json");
  }

  @Test
  void tellsTheTtlAndWhetherASessionIsReusable() throws Exception {
    store.sessions().sessionTtl(Duration.ofSeconds(7));
    store.sessions().reusable(false);

    assertThat(client.login("app", "t").body()).endsWith(",\"ttlSeconds\":7,\"reusable\":false}");
  }

  @Test
  void refusesATokenThatWasRevokedUntilItIsRestored() throws Exception {
    store.sessions().revokeToken("t");

    HttpResponse<String> answer = client.login("app", "t");

    assertThat(answer.statusCode()).isEqualTo(401);
    assertThat(answer.body()).isEqualTo("{\"error\":\"token unknown or revoked\"}");
    assertThat(client.login("app", "other").statusCode()).isEqualTo(200);
    store.sessions().restoreToken("t");
    assertThat(client.login("app", "t").statusCode()).isEqualTo(200);
  }

  @Test
  void refusesATokenThatItsIdentitiesDoNotKnow() throws Exception {
    StoreIdentities known =
        (role, token) -> token.equals("right") ? Optional.of("me") : Optional.empty();
    try (StoreServer strict = new StoreServer(StoreSettings.cleartext().with(known))) {
      StoreClient caller = new StoreClient(strict);

      assertThat(caller.login("app", "wrong").statusCode()).isEqualTo(401);
      assertThat(caller.login("app", "right").statusCode()).isEqualTo(200);
      assertThat(strict.sessions().sessions())
          .extracting(StoreSessions.Session::identity)
          .containsExactly("me");
    }
  }

  @Test
  void refusesAnIdentityThatTheRoleDoesNotTakeUntilItIsAdmitted() throws Exception {
    store.sessions().refuse("app", "app:t");

    assertThat(client.login("app", "t").statusCode()).isEqualTo(403);
    assertThat(client.login("other", "t").statusCode()).isEqualTo(200);
    store.sessions().admit("app", "app:t");
    assertThat(client.login("app", "t").statusCode()).isEqualTo(200);
  }

  @Test
  void readsTheNewestVersionOrTheOneAskedFor() throws Exception {
    store.secrets().put("db", "old");
    store.secrets().put("db", "new");
    String session = client.session("app", "t");

    assertThat(client.get(session, "/v1/secrets/db").body())
        .isEqualTo("{\"name\":\"db\",\"version\":2,\"value\":\"bmV3\"}");
    assertThat(client.get(session, "/v1/secrets/db?version=1").body())
        .isEqualTo("{\"name\":\"db\",\"version\":1,\"value\":\"b2xk\"}");
    assertThat(client.get(session, "/v1/secrets/db?version=3").statusCode()).isEqualTo(404);
    assertThat(client.get(session, "/v1/secrets/db?version=x").statusCode()).isEqualTo(400);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v1/secrets/a%2Fb%20c%2Bd%C3%A4", "/v1/secrets/a/b%20c+d%C3%A4"})
  void readsAPathWithEscapes(String path) throws Exception {
    store.secrets().put("a/b c+dä", "pw");

    HttpResponse<String> answer = client.get(client.session("app", "t"), path);

    assertThat(StoreClient.text(answer, "/name")).isEqualTo("a/b c+dä");
    assertThat(StoreClient.value(answer, "/value")).isEqualTo("pw");
  }

  @Test
  void doesNotFindWhatIsNotThereOrWasRemoved() throws Exception {
    String session = client.session("app", "t");
    assertThat(client.get(session, "/v1/secrets/db").statusCode()).isEqualTo(404);
    store.secrets().put("db", "pw");
    assertThat(client.get(session, "/v1/secrets/db").statusCode()).isEqualTo(200);
    store.secrets().remove("db");

    HttpResponse<String> answer = client.get(session, "/v1/secrets/db");

    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(answer.body()).isEqualTo("{\"error\":\"not found\"}");
  }

  @Test
  void deniesAPathToOneIdentityOnly() throws Exception {
    store.secrets().put("db", "pw");
    store.secrets().deny("app:t", "db");
    String denied = client.session("app", "t");

    assertThat(client.get(denied, "/v1/secrets/db").statusCode()).isEqualTo(403);
    assertThat(client.post(denied, "/v1/mint/db", "").statusCode()).isEqualTo(403);
    assertThat(client.get(client.session("app", "u"), "/v1/secrets/db").statusCode())
        .isEqualTo(200);
    store.secrets().allow("app:t", "db");
    assertThat(client.get(denied, "/v1/secrets/db").statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "s-0-of-another-store"})
  void refusesARequestWithoutASession(String session) throws Exception {
    store.secrets().put("db", "pw");

    HttpResponse<String> answer = client.get(session, "/v1/secrets/db");

    assertThat(answer.statusCode()).isEqualTo(401);
    assertThat(answer.body()).isEqualTo("{\"error\":\"session unknown, expired or revoked\"}");
  }

  @Test
  void doesNotTakeTheSessionOfAnotherStore() throws Exception {
    try (StoreServer other = new StoreServer(StoreSettings.cleartext())) {
      String session = client.session("app", "t");
      new StoreClient(other).session("app", "t");

      assertThat(new StoreClient(other).post(session, "/v1/renew", "").statusCode()).isEqualTo(401);
      assertThat(client.post(session, "/v1/renew", "").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void answersABatchItemForItem() throws Exception {
    store.secrets().put("a", "1");
    store.secrets().put("hidden", "2");
    store.secrets().deny("app:t", "hidden");

    HttpResponse<String> answer =
        client.post(
            client.session("app", "t"), "/v1/batch", "{\"names\":[\"a\",\"none\",\"hidden\"]}");

    assertThat(answer.body())
        .isEqualTo(
            "{\"items\":[{\"name\":\"a\",\"version\":1,\"value\":\"MQ==\"},"
                + "{\"name\":\"none\",\"error\":\"not found\"},"
                + "{\"name\":\"hidden\",\"error\":\"denied\"}]}");
  }

  @Test
  void refusesABatchWithTooManyNamesOrNone() throws Exception {
    store.secrets().batchLimit(1);
    String session = client.session("app", "t");

    assertThat(client.post(session, "/v1/batch", "{\"names\":[\"a\"]}").statusCode())
        .isEqualTo(200);
    assertThat(client.post(session, "/v1/batch", "{\"names\":[\"a\",\"b\"]}").body())
        .isEqualTo("{\"error\":\"a batch has 1 to 1 names\"}");
    assertThat(client.post(session, "/v1/batch", "{\"names\":[]}").statusCode()).isEqualTo(400);
    assertThat(client.post(session, "/v1/batch", "{\"names\":").statusCode()).isEqualTo(400);
  }

  @Test
  void mintsANewValueAndALeaseEachTime() throws Exception {
    store.sessions().leaseTtl(Duration.ofSeconds(9));
    String session = client.session("app", "t");

    HttpResponse<String> first = client.post(session, "/v1/mint/pki%2Fweb", "");
    HttpResponse<String> second = client.post(session, "/v1/mint/pki%2Fweb", "");

    assertThat(first.body())
        .startsWith("{\"name\":\"pki/web\",\"lease\":\"l-1\",\"ttlSeconds\":9,\"value\":\"");
    assertThat(StoreClient.text(second, "/lease")).isEqualTo("l-2");
    assertThat(StoreClient.value(first, "/value"))
        .startsWith("pki/web under l-1: ")
        .isNotEqualTo(StoreClient.value(second, "/value"));
  }

  @Test
  void provesAMountOnlyWhereItWasTold() throws Exception {
    String session = client.session("app", "t");
    assertThat(client.get(session, "/v1/proof/kv").statusCode()).isEqualTo(403);
    store.secrets().proof("kv", true);
    store.secrets().proof("pki", false);

    assertThat(client.get(session, "/v1/proof/kv").body()).isEqualTo("{\"shared\":true}");
    assertThat(client.get(session, "/v1/proof/pki").body()).isEqualTo("{\"shared\":false}");
    store.secrets().deny("app:t", "kv");
    assertThat(client.get(session, "/v1/proof/kv").statusCode()).isEqualTo(403);
    store.secrets().refuseProof("pki");
    assertThat(client.get(session, "/v1/proof/pki").statusCode()).isEqualTo(403);
  }

  @Test
  void renewsASessionUnlessItMayNot() throws Exception {
    String session = client.session("app", "t");

    assertThat(client.post(session, "/v1/renew", "").body())
        .isEqualTo("{\"ttlSeconds\":3600,\"items\":[]}");
    store.sessions().renewable(false);
    assertThat(client.post(session, "/v1/renew", "").body())
        .isEqualTo("{\"ttlSeconds\":0,\"items\":[]}");
  }

  @Test
  void revokesASessionWithItsLeases() throws Exception {
    String session = client.session("app", "t");
    String other = client.session("app", "u");
    client.post(session, "/v1/mint/a", "");
    client.post(other, "/v1/mint/b", "");

    HttpResponse<String> answer = client.post(session, "/v1/revoke", "");

    assertThat(answer.statusCode()).isEqualTo(204);
    assertThat(client.post(session, "/v1/renew", "").statusCode()).isEqualTo(401);
    assertThat(store.sessions().leases())
        .extracting(StoreSessions.Lease::session)
        .containsExactly(other);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/v1/login", "/v1/renew", "/v2/secrets/a"})
  void saysWhatIsNoRequest(String path) throws Exception {
    HttpResponse<String> answer = client.get(client.session("app", "t"), path);

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).isEqualTo("{\"error\":\"no such request\"}");
  }
}
