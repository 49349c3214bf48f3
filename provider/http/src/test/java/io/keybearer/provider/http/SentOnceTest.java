package io.keybearer.provider.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.keybearer.provider.SecretBytes;
import io.keybearer.provider.Ticker;
import io.keybearer.provider.fake.FakeKeys;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A request may mint: it leaves once, whatever becomes of it. */
class SentOnceTest {

  private static final TestAuthority AUTHORITY = TestAuthority.of("test CA", FakeKeys.ec());
  private static final ServerTls TLS = ServerTls.of(AUTHORITY.issue(FakeKeys.ec(), "127.0.0.1"));
  private static final HttpStack STACK =
      new HttpStack(HttpLimits.usual(), Proxies.none(), AllowedAddresses.any(), Ticker.system());
  private static final AtomicInteger SOCKETS = new AtomicInteger();

  @TempDir static Path folder;

  @AfterAll
  static void close() {
    STACK.close();
  }

  @ParameterizedTest(name = "{1} over {0}, then {2}")
  @CsvSource({
    "HTTP, GET, end", "HTTP, GET, reset", "HTTP, GET, half",
    "HTTP, POST, end", "HTTP, POST, reset", "HTTP, POST, half",
    "HTTP, LIST, end", "HTTP, LIST, reset", "HTTP, LIST, half",
    "HTTP, PUT, end", "HTTP, DELETE, end", "HTTP, HEAD, end",
    "HTTPS, GET, end", "HTTPS, GET, reset", "HTTPS, POST, end",
    "HTTPS, POST, reset", "HTTPS, LIST, end", "HTTPS, LIST, half",
    "UNIX, GET, end", "UNIX, POST, half", "UNIX, LIST, end",
  })
  void aRequestLeavesOnceOnANewConnectionAndOnAUsedOne(
      Transport transport, String method, String fault) throws Exception {
    AtomicInteger answered = new AtomicInteger();
    HostileServer.Script script =
        connection -> {
          while (true) {
            String path = connection.request().start().split(" ", -1)[1];
            if (path.equals("/fails")) {
              fail(connection, fault);
              return;
            }
            answered.incrementAndGet();
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
          }
        };
    try (HostileServer server = server(transport, script)) {
      assertThat(call(server, method, "/fails")).isEqualTo(Told.BROKEN.of(server.address()));
      assertThat(server.requests()).hasSize(1);
      assertThat(call(server, method, "/works")).isEqualTo("200 ");
      int before = server.connections();
      assertThat(call(server, method, "/fails")).isEqualTo(Told.BROKEN.of(server.address()));

      assertThat(server.requests()).hasSize(3);
      assertThat(server.requests().get(2).start()).isEqualTo(method + " /fails HTTP/1.1");
      assertThat(server.requests().get(2).body()).isEqualTo(body(method));
      if (transport != Transport.UNIX) {
        // The JDK begins anew with connecting, and gets no further.
        assertThat(server.connections()).isBetween(before, before + 1);
      }
      assertThat(answered).hasValue(1);
      assertThat(server.awaitEnds(Duration.ofSeconds(5))).isTrue();
    }
  }

  /**
   * The JDK connects once more, which is refused. That was told as a request that had never left,
   * and the host's next address got it again.
   */
  @ParameterizedTest
  @ValueSource(strings = {"GET", "POST"})
  void aRequestThatHasLeftIsNotSentToTheNextAddressOfItsHost(String method) throws Exception {
    HostNames.Lookup both = host -> TestNames.addresses("127.0.0.1", "127.0.0.2");
    HostileServer.Script fails =
        connection -> {
          connection.request();
          connection.resetAndListenNoMore();
        };
    try (HostileServer first = HostileServer.http(fails);
        HostileServer second = first.besides("127.0.0.2", HostileServer::answer);
        HttpStack stack =
            new HttpStack(
                HttpLimits.usual(),
                Proxies.none(),
                AllowedAddresses.any(),
                Ticker.system(),
                both)) {
      HttpAddress address = first.addressAt("store.test");
      HttpCall call = HttpCall.of(method, "/", SecretBytes.empty());

      assertThat(CallOutcome.of(stack, HttpEndpoint.of(address), call).text())
          .isEqualTo(Told.BROKEN.of(address));
      assertThat(first.requests()).hasSize(1);
      assertThat(second.requests()).isEmpty();
    }
  }

  private static void fail(HostileConnection connection, String fault) throws IOException {
    switch (fault) {
      case "end" -> connection.close();
      case "reset" -> connection.reset();
      default -> connection.send("HTTP/1.1 200").close();
    }
  }

  private static String body(String method) {
    return method.startsWith("P") ? "a body" : "";
  }

  private static String call(HostileServer server, String method, String path) {
    HttpCall call =
        HttpCall.of(
            method, path, SecretBytes.copyOf(body(method).getBytes(StandardCharsets.UTF_8)));
    TlsSettings tls = TlsSettings.usual().withCaPem(AUTHORITY.pem());
    return CallOutcome.of(STACK, new HttpEndpoint(server.address(), tls), call).text();
  }

  private static HostileServer server(Transport transport, HostileServer.Script script)
      throws IOException {
    return switch (transport) {
      case HTTP -> HostileServer.http(script);
      case HTTPS -> HostileServer.https(TLS, script);
      case UNIX -> HostileServer.unix(folder.resolve("s" + SOCKETS.incrementAndGet()), script);
    };
  }
}
