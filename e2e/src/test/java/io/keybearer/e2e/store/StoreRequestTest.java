package io.keybearer.e2e.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StoreRequestTest {

  @Test
  void readsPathQueryHeadersAndBody() throws Exception {
    assertThat(read("POST /a%2Fb?version=2 HTTP/1.1\r\nX-One:  1 \r\nContent-Length: 2\r\n\r\nhé"))
        .hasValue(
            new StoreRequest(
                "POST",
                "/a/b",
                "version=2",
                Map.of("x-one", "1", "content-length", "2"),
                "h\ufffd"));
  }

  @Test
  void aConnectionThatEndsBetweenRequestsIsNoFailure() throws Exception {
    assertThat(read("")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET",
        "GET / HTTP/1.1\r\n",
        "GET / HTTP/1.1\r\nX: 1",
        "GET / HTTP/1.1\r\nContent-Length: 2\r\n\r\nx"
      })
  void aConnectionThatEndsInARequestIs(String text) {
    assertThatThrownBy(() -> read(text)).isInstanceOf(EOFException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /\r\n\r\n",
        "GET / HTTP/1.0\r\n\r\n",
        "GET /%zz HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.1\r\nno header\r\n\r\n",
        "GET / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
        "GET / HTTP/1.1\r\nContent-Length: 99999999\r\n\r\n",
        "GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
      })
  void refusesWhatItDoesNotUnderstand(String text) {
    assertThatThrownBy(() -> read(text)).isInstanceOf(ProtocolException.class);
  }

  @Test
  void boundsLinesAndTheNumberOfHeaders() {
    assertThatThrownBy(() -> read("GET /" + "a".repeat(70_000)))
        .isInstanceOf(ProtocolException.class);
    StringBuilder many = new StringBuilder("GET / HTTP/1.1\r\n");
    for (int i = 0; i <= 100; i++) {
      many.append("X-").append(i).append(": 1\r\n");
    }
    assertThatThrownBy(() -> read(many.append("\r\n").toString()))
        .isInstanceOf(ProtocolException.class);
  }

  private static Optional<StoreRequest> read(String text) throws IOException {
    return StoreRequest.read(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
  }
}
