package io.keybearer.e2e.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.keybearer.e2e.store.StoreCall.Kind;
import io.keybearer.e2e.store.StoreFaults.Planted;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which requests a fault takes. */
class StoreFaultsTest {

  private static final StoreFault BUSY = StoreFault.status(503, Map.of(), "");

  private final StoreServer store = new StoreServer(StoreSettings.cleartext());
  private final StoreClient client = new StoreClient(store);

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void takesAsManyRequestsAsItWasToldTo() throws Exception {
    Planted planted = store.faults().plant(2, call -> true, BUSY);

    assertThat(List.of(login("t"), login("t"), login("t"))).containsExactly(503, 503, 200);
    assertThat(planted.applied()).isEqualTo(2);
  }

  @Test
  void takesAllRequestsUntilItIsCleared() throws Exception {
    Planted planted = store.faults().plant(call -> true, BUSY);
    assertThat(List.of(login("t"), login("t"), login("t"))).containsOnly(503);

    planted.clear();

    assertThat(login("t")).isEqualTo(200);
    assertThat(planted.applied()).isEqualTo(3);
  }

  @Test
  void takesRequestsByKindIdentityAndPath() throws Exception {
    String mine = client.session("app", "t");
    String yours = client.session("app", "u");
    store
        .faults()
        .plant(
            call ->
                call.kind() == Kind.READ
                    && call.identity().equals("app:t")
                    && call.path().equals("a/b"),
            BUSY);

    assertThat(client.get(mine, "/v1/secrets/a%2Fb").statusCode()).isEqualTo(503);
    assertThat(client.get(mine, "/v1/secrets/a").statusCode()).isEqualTo(404);
    assertThat(client.get(yours, "/v1/secrets/a%2Fb").statusCode()).isEqualTo(404);
    assertThat(client.get(mine, "/v1/proof/a%2Fb").statusCode()).isEqualTo(403);
  }

  @Test
  void theFirstThatMatchesAppliesAlone() throws Exception {
    Planted first = store.faults().plant(1, call -> true, BUSY);
    Planted second = store.faults().plant(1, call -> true, StoreFault.status(429, Map.of(), ""));

    assertThat(List.of(login("t"), login("t"), login("t"))).containsExactly(503, 429, 200);
    assertThat(first.applied()).isEqualTo(1);
    assertThat(second.applied()).isEqualTo(1);
  }

  @Test
  void clearsAllAtOnce() throws Exception {
    store.faults().plant(call -> true, BUSY);
    store.faults().plant(call -> true, StoreFault.hang());

    store.faults().clear();

    assertThat(login("t")).isEqualTo(200);
  }

  private int login(String token) throws Exception {
    return client.login("app", token).statusCode();
  }
}
