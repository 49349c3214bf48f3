package io.keybearer.e2e.store;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** One connection, request for request. */
class StoreConnectionTest {

  private final StoreServer store = new StoreServer(StoreSettings.cleartext());

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void closesBehindTheAnswerWhereTheClientWantsThat() throws Exception {
    try (RawConnection raw = new RawConnection(store)) {
      raw.send("GET /x HTTP/1.1\r\nConnection: close\r\n\r\n");
      assertThat(raw.readAll()).startsWith("HTTP/1.1 400 ").endsWith("no such request\"}");
    }
  }

  @Test
  void answersRequestsThatCameInOnePiece() throws Exception {
    try (RawConnection raw = new RawConnection(store)) {
      raw.send(
          "POST /v1/login HTTP/1.1\r\nContent-Length: 26\r\n\r\n{\"role\":\"app\",\"token\":\"t\"}"
              + "GET /x HTTP/1.1\r\nConnection: close\r\n\r\n");
      assertThat(raw.readAll())
          .matches("(?s)HTTP/1\\.1 200 .*\"session\".*HTTP/1\\.1 400 .*no such request\"}");
    }
  }

  @Test
  void refusesWhatIsNoHttpAndCloses() throws Exception {
    try (RawConnection raw = new RawConnection(store)) {
      raw.send("EHLO\r\n");
      assertThat(raw.readAll()).startsWith("HTTP/1.1 400 ").endsWith("no HTTP/1.1 request\"}");
    }
    assertThat(store.log().counts().requests()).isZero();
  }
}
