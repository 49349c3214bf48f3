package io.keybearer.e2e.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a client meets, to the byte. */
class StoreFaultTest {

  private static final String WHOLE =
      "HTTP/1.1 200 Store\r\nContent-Type: application/json\r\nContent-Length: 43\r\n\r\n"
          + "{\"name\":\"a\",\"version\":1,\"value\":\"c2VjcmV0\"}";

  private final StoreServer store = new StoreServer(StoreSettings.cleartext());
  private final StoreClient client = new StoreClient(store);
  private String session = "";

  @BeforeEach
  void logIn() throws Exception {
    session = client.session("app", "t");
    store.secrets().put("a", "secret");
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void withoutAFaultTheAnswerIsWholeAndTheConnectionStays() throws Exception {
    try (RawConnection raw = new RawConnection(store)) {
      raw.get("/v1/secrets/a", session);
      assertThat(raw.read(WHOLE.length())).isEqualTo(WHOLE);
      raw.get("/v1/secrets/a", session);
      assertThat(raw.read(WHOLE.length())).isEqualTo(WHOLE);
    }
  }

  @Test
  void latencyDelaysTheAnswer() throws Exception {
    store.faults().plant(1, call -> true, StoreFault.latency(Duration.ofMillis(80)));

    assertThat(millisOf("/v1/secrets/a")).isBetween(80L, 10_000L);
    assertThat(client.get(session, "/v1/secrets/a").statusCode()).isEqualTo(200);
  }

  @Test
  void baseLatencyHoldsForEveryRequestAndAddsToAFault() throws Exception {
    store.faults().baseLatency(Duration.ofMillis(40));
    assertThat(millisOf("/v1/secrets/a")).isBetween(40L, 10_000L);
    assertThat(millisOf("/nothing")).isBetween(40L, 10_000L);

    store.faults().plant(1, call -> true, StoreFault.latency(Duration.ofMillis(40)));
    assertThat(millisOf("/v1/secrets/a")).isBetween(80L, 10_000L);
  }

  @Test
  void statusAnswersWithItsHeadersAndItsBody() throws Exception {
    store
        .faults()
        .plant(1, call -> true, StoreFault.status(429, Map.of("Retry-After", "7"), "slow down"));

    HttpResponse<String> answer = client.get(session, "/v1/secrets/a");

    assertThat(answer.statusCode()).isEqualTo(429);
    assertThat(answer.headers().firstValue("Retry-After")).hasValue("7");
    assertThat(answer.body()).isEqualTo("slow down");
    assertThat(client.get(session, "/v1/secrets/a").statusCode()).isEqualTo(200);
    assertThat(store.log().connections()).isEqualTo(1);
  }

  @Test
  void statusCanQuoteTheRequest() throws Exception {
    store
        .faults()
        .plant(
            1,
            call -> true,
            StoreFault.status(500, Map.of(), call -> call.credential() + " " + call.path()));

    assertThat(client.get(session, "/v1/secrets/a").body()).isEqualTo(session + " a");
  }

  @Test
  void stallEndsBehindHalfOfTheBodyUntilItIsCleared() throws Exception {
    StoreFaults.Planted stall = store.faults().plant(call -> true, StoreFault.stall());
    String half = WHOLE.substring(0, WHOLE.length() - 22);
    try (RawConnection raw = new RawConnection(store)) {
      raw.get("/v1/secrets/a", session);
      assertThat(raw.read(half.length())).isEqualTo(half);
      assertThat(store.log().underWay()).isEqualTo(1);

      stall.clear();

      assertThat(raw.readToReset()).isEmpty();
    }
  }

  @Test
  void hangAnswersNothingUntilItIsCleared() throws Exception {
    StoreFaults.Planted hang = store.faults().plant(call -> true, StoreFault.hang());
    try (RawConnection raw = new RawConnection(store)) {
      raw.get("/v1/secrets/a", session);
      Eventually.holds(() -> store.log().underWay() == 1);

      hang.clear();

      assertThat(raw.readToReset()).isEmpty();
    }
    assertThat(client.get(session, "/v1/secrets/a").statusCode()).isEqualTo(200);
  }

  @Test
  void hangEndsWhenTheStoreCloses() throws Exception {
    StoreServer closing = new StoreServer(StoreSettings.cleartext());
    closing.faults().plant(call -> true, StoreFault.hang());
    try (RawConnection raw = new RawConnection(closing)) {
      raw.get("/v1/secrets/a");
      Eventually.holds(() -> closing.log().underWay() == 1);

      closing.close();

      assertThat(raw.readToReset()).isEmpty();
      assertThat(closing.log().underWay()).isZero();
    }
  }

  @Test
  void resetComesInsteadOfAnAnswer() throws Exception {
    assertThat(toReset(StoreFault.reset())).isEmpty();
  }

  @Test
  void resetInBodyComesBehindHalfOfIt() throws Exception {
    assertThat(toReset(StoreFault.resetInBody()))
        .isEqualTo(WHOLE.substring(0, WHOLE.length() - 22));
  }

  @Test
  void truncatedEndsInOrderBehindHalfOfTheBody() throws Exception {
    assertThat(toEnd(StoreFault.truncated())).isEqualTo(WHOLE.substring(0, WHOLE.length() - 22));
    store.faults().plant(call -> true, StoreFault.truncated());
    assertThatThrownBy(() -> client.get(session, "/v1/secrets/a")).isInstanceOf(IOException.class);
  }

  @Test
  void truncatedPromisesABodyWhereThereIsNone() throws Exception {
    store.faults().plant(call -> true, StoreFault.truncated());
    try (RawConnection raw = new RawConnection(store)) {
      raw.send("POST /v1/revoke HTTP/1.1\r\nX-Session: " + session + "\r\n\r\n");
      assertThat(raw.readAll()).isEqualTo("HTTP/1.1 200 Store\r\nContent-Length: 1\r\n\r\n");
    }
  }

  @Test
  void closeEndsInOrderWithoutAnAnswer() throws Exception {
    assertThat(toEnd(StoreFault.close())).isEmpty();
  }

  @Test
  void junkIsNoHttp() throws Exception {
    assertThat(toEnd(StoreFault.junk())).isNotEmpty().doesNotContain("HTTP");
    store.faults().plant(call -> true, StoreFault.junk());
    assertThatThrownBy(() -> client.get(session, "/v1/secrets/a")).isInstanceOf(IOException.class);
  }

  @Test
  void slowSendsTheWholeAnswerAByteEachTime() throws Exception {
    store.faults().plant(1, call -> true, StoreFault.slow(Duration.ofMillis(2)));
    try (RawConnection raw = new RawConnection(store)) {
      long start = System.nanoTime();
      raw.get("/v1/secrets/a", session);

      assertThat(raw.read(10)).isEqualTo(WHOLE.substring(0, 10));
      assertThat(store.log().underWay()).isEqualTo(1);
      assertThat(raw.read(WHOLE.length() - 10)).isEqualTo(WHOLE.substring(10));

      assertThat(Duration.ofNanos(System.nanoTime() - start))
          .isGreaterThanOrEqualTo(Duration.ofMillis(2L * WHOLE.length()));
      raw.get("/v1/secrets/a", session);
      assertThat(raw.read(WHOLE.length())).isEqualTo(WHOLE);
    }
  }

  @Test
  void endlessBodyGoesOnUntilItIsCleared() throws Exception {
    assertThat(endless(StoreFault.endlessBody()))
        .matches("(?s)HTTP/1\\.1 200 .*\r\n\r\n\\{\"value\":\"A+");
  }

  @Test
  void endlessHeadersGoOnUntilTheyAreCleared() throws Exception {
    assertThat(endless(StoreFault.endlessHeaders()))
        .startsWith("HTTP/1.1 200 Store\r\nX-More: a")
        .doesNotContain("\r\n\r\n");
  }

  @Test
  void endlessBodyEndsWithAClientThatLeaves() throws Exception {
    store.faults().plant(call -> true, StoreFault.endlessBody());
    try (RawConnection raw = new RawConnection(store)) {
      raw.get("/v1/secrets/a", session);
      assertThat(raw.read(100_000)).hasSize(100_000);
      assertThat(store.log().underWay()).isEqualTo(1);
    }

    Eventually.holds(() -> store.log().underWay() == 0);
  }

  @Test
  void faultsThatReplaceTheAnswerLeaveTheStateAlone() throws Exception {
    store.faults().plant(1, call -> true, StoreFault.status(500, Map.of(), ""));
    assertThat(client.post(session, "/v1/mint/a", "").statusCode()).isEqualTo(500);
    assertThat(store.sessions().leases()).isEmpty();

    store.faults().plant(1, call -> true, StoreFault.truncated());
    assertThatThrownBy(() -> client.post(session, "/v1/mint/a", ""))
        .isInstanceOf(IOException.class);
    assertThat(store.sessions().leases()).hasSize(1);
  }

  private long millisOf(String path) throws Exception {
    long start = System.nanoTime();
    client.get(session, path);
    return Duration.ofNanos(System.nanoTime() - start).toMillis();
  }

  private String toReset(StoreFault fault) throws IOException {
    store.faults().plant(1, call -> true, fault);
    try (RawConnection raw = new RawConnection(store)) {
      raw.get("/v1/secrets/a", session);
      return raw.readToReset();
    }
  }

  private String toEnd(StoreFault fault) throws IOException {
    store.faults().plant(1, call -> true, fault);
    try (RawConnection raw = new RawConnection(store)) {
      raw.get("/v1/secrets/a", session);
      return raw.readAll();
    }
  }

  private String endless(StoreFault fault) throws IOException {
    StoreFaults.Planted planted = store.faults().plant(call -> true, fault);
    try (RawConnection raw = new RawConnection(store)) {
      raw.get("/v1/secrets/a", session);
      String start = raw.read(1_000_000);
      assertThat(start).hasSize(1_000_000);
      planted.clear();
      raw.readToReset();
      return start;
    }
  }
}
