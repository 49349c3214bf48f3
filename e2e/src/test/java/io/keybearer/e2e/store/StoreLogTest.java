package io.keybearer.e2e.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.keybearer.e2e.store.StoreCall.Kind;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is counted, by what really arrives. */
class StoreLogTest {

  private final StoreServer store = new StoreServer(StoreSettings.cleartext());
  private final StoreClient client = new StoreClient(store);

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void countsEachKindOfRequest() throws Exception {
    String session = client.session("app", "t");
    client.get(session, "/v1/secrets/a");
    client.get("", "/v1/secrets/a");
    client.post(session, "/v1/batch", "{\"names\":[\"a\",\"a\",\"b\"]}");
    client.post(session, "/v1/mint/a", "");
    client.get(session, "/v1/proof/kv");
    client.post(session, "/v1/renew", "");
    client.post(session, "/v1/revoke", "");
    client.get(session, "/");

    assertThat(store.log().counts()).isEqualTo(new StoreCounts(1, 1, 0, 2, 1, 1, 1, 1, 1, 1));
    assertThat(store.log().counts().requests()).isEqualTo(9);
    assertThat(store.log().countsOf("app:t"))
        .isEqualTo(new StoreCounts(1, 1, 0, 1, 1, 1, 1, 1, 1, 1));
    assertThat(store.log().countsOf("").requests()).isEqualTo(1);
    assertThat(store.log().countsAt("a")).isEqualTo(new StoreCounts(0, 0, 0, 2, 1, 1, 0, 0, 0, 0));
    assertThat(store.log().countsAt("b").batches()).isEqualTo(1);
    assertThat(store.log().countsAt("kv").proofs()).isEqualTo(1);
    assertThat(store.log().countsAt("c").requests()).isZero();
  }

  @Test
  void countsLoginsByWhatBecameOfThem() throws Exception {
    client.login("app", "t");
    store.sessions().revokeToken("t");
    client.login("app", "t");
    store.sessions().refuse("app", "app:u");
    client.login("app", "u");
    store.faults().plant(1, call -> true, StoreFault.status(503, Map.of(), ""));
    client.login("app", "v");

    StoreCounts expected = new StoreCounts(4, 1, 2, 0, 0, 0, 0, 0, 0, 0);
    assertThat(store.log().counts()).isEqualTo(expected);
    assertThat(store.log().countsAt("app")).isEqualTo(expected);
    assertThat(store.log().countsOf("app:t").loginsRefused()).isEqualTo(1);
    assertThat(store.log().countsOf("app:v").logins()).isEqualTo(1);
  }

  @Test
  void remembersWhoAskedForWhatAndWhen() throws Exception {
    long before = System.nanoTime();
    String session = client.session("app", "t");
    client.get(session, "/v1/secrets/a%2Fb");
    client.post(session, "/v1/batch", "{\"names\":[\"x\",\"y\"]}");
    store.sessions().revokeAll();
    client.post(session, "/v1/renew", "");

    List<StoreCall> calls = store.log().calls();

    assertThat(calls)
        .extracting(StoreCall::kind)
        .containsExactly(Kind.LOGIN, Kind.READ, Kind.BATCH, Kind.RENEW);
    assertThat(calls).extracting(StoreCall::path).containsExactly("app", "a/b", "x,y", "");
    assertThat(calls).extracting(StoreCall::identity).containsOnly("app:t");
    assertThat(calls)
        .extracting(StoreCall::credential)
        .containsExactly("t", session, session, session);
    assertThat(Stream.concat(Stream.of(before), calls.stream().map(StoreCall::nanos))).isSorted();
    assertThat(calls.get(3).nanos()).isLessThan(System.nanoTime());
  }

  @Test
  void countsConnectionsAndNotRequestsOnThem() throws Exception {
    for (int i = 0; i < 5; i++) {
      client.login("app", "t");
    }
    assertThat(store.log().connections()).isEqualTo(1);
    new StoreClient(store).login("app", "t");
    assertThat(store.log().connections()).isEqualTo(2);
  }

  @Test
  void knowsHowManyRequestsAreUnderWayAndHaveBeen() throws Exception {
    StoreFaults.Planted hang = store.faults().plant(3, call -> true, StoreFault.hang());
    try (RawConnection one = new RawConnection(store);
        RawConnection two = new RawConnection(store);
        RawConnection three = new RawConnection(store)) {
      for (RawConnection each : List.of(one, two, three)) {
        each.get("/v1/secrets/a");
      }
      Eventually.holds(() -> hang.applied() == 3);
      assertThat(store.log().underWay()).isEqualTo(3);

      hang.clear();

      for (RawConnection each : List.of(one, two, three)) {
        assertThat(each.readToReset()).isEmpty();
      }
    }
    Eventually.holds(() -> store.log().underWay() == 0);
    assertThat(store.log().mostUnderWay()).isEqualTo(3);
  }

  @Test
  void aCallerThatWaitsForEachAnswerNeverHasTwoRequestsUnderWay() throws Exception {
    store.faults().baseLatency(Duration.ofMillis(1));
    for (int i = 0; i < 50; i++) {
      // A connection each, so that the next request meets another thread.
      new StoreClient(store).get("", "/v1/secrets/a");
      assertThat(store.log().underWay()).isZero();
    }
    assertThat(store.log().mostUnderWay()).isEqualTo(1);
  }

  @Test
  void aClientThatLeavesAHangingRequestIsNoLongerUnderWay() throws Exception {
    store.faults().plant(call -> true, StoreFault.hang());
    try (RawConnection raw = new RawConnection(store)) {
      raw.get("/v1/secrets/a");
      Eventually.holds(() -> store.log().underWay() == 1);
    }

    Eventually.holds(() -> store.log().underWay() == 0);
  }

  @Test
  void keepsTheNewestHundredThousandCalls() {
    StoreLog log = new StoreLog();
    for (int i = 0; i <= 100_000; i++) {
      log.arrived(new StoreCall(i, Kind.RENEW, "me", "s", List.of()));
    }

    assertThat(log.calls()).hasSize(100_000);
    assertThat(log.calls().get(0).nanos()).isEqualTo(1);
    assertThat(log.counts().renewals()).isEqualTo(100_001);
  }

  @Test
  void startsAnewWhenItIsCleared() throws Exception {
    client.login("app", "t");

    store.log().clear();

    assertThat(store.log().counts()).isEqualTo(new StoreCounts(0, 0, 0, 0, 0, 0, 0, 0, 0, 0));
    assertThat(store.log().countsOf("app:t").requests()).isZero();
    assertThat(store.log().countsAt("app").requests()).isZero();
    assertThat(store.log().calls()).isEmpty();
    assertThat(store.log().connections()).isZero();
    assertThat(store.log().mostUnderWay()).isZero();
  }
}
