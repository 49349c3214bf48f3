package io.keybearer.provider.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.keybearer.provider.SecretBytes;
import io.keybearer.provider.Ticker;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Answers that end, but are not what a server should say. */
@Execution(ExecutionMode.CONCURRENT)
class OddAnswerTest {

  private static final HttpStack STACK =
      new HttpStack(HttpLimits.usual(), Proxies.none(), AllowedAddresses.any(), Ticker.system());
  private static final AtomicInteger SOCKETS = new AtomicInteger();

  @TempDir static Path folder;

  @AfterAll
  static void close() {
    STACK.close();
  }

  /** The second column is the JDK's client, the third the small one. */
  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "HTTP/1.1 200 OK~Content-Length: 100~~ten bytes. | BROKEN | BROKEN",
        "HTTP/1.1 200 OK~Transfer-Encoding: chunked~~64~ten bytes. | BROKEN | BROKEN",
        "HTTP/1.1 200 OK~Transfer-Encoding: chunked~~a~ten bytes.~ | BROKEN | BROKEN",
        "HTTP/1.1 200 OK~Transfer-Encoding: chunked~~3~ten bytes.~0~~ | BROKEN | NOT_HTTP",
        "HTTP/1.1 200 OK~Transfer-Encoding: chunked~~2;x=y~ok~0~~ | 200 ok | 200 ok",
        "HTTP/1.1 200 OK~Transfer-Encoding: Chunked~~2~ok~0~~ | 200 ok | 200 ok",
        "HTTP/1.1 200 OK~Transfer-Encoding: chunked~~~ok~0~~ | 200  | NOT_HTTP",
        "HTTP/1.1 200 OK~Transfer-Encoding: chunked~~-2~ok~0~~ | BROKEN | NOT_HTTP",
        "HTTP/1.1 200 OK~Transfer-Encoding: gzip, chunked~~2~ok~0~~ | NOT_HTTP | NOT_HTTP",
        "HTTP/1.1 200 OK~Transfer-Encoding: gzip~Transfer-Encoding: chunked~~2~ok~0~~"
            + " | NOT_HTTP | NOT_HTTP",
        "HTTP/1.1 200 OK~Transfer-Encoding: identity~Content-Length: 2~~ok | NOT_HTTP | NOT_HTTP",
        "HTTP/1.1 200 OK~Transfer-Encoding: chunked~Content-Length: 2~~2~ok~0~~"
            + " | NOT_HTTP | NOT_HTTP",
        "HTTP/1.1 200 OK~Content-Length: 2~Content-Length: 5~~okok. | NOT_HTTP | NOT_HTTP",
        "HTTP/1.1 200 OK~Content-Length: 2~Content-Length: 2~~ok | 200 ok | 200 ok",
        "HTTP/1.1 200 OK~Content-Length: 2, 2~~ok | NOT_HTTP | NOT_HTTP",
        "HTTP/1.1 200 OK~Content-Length: +2~~ok | NOT_HTTP | NOT_HTTP",
        "HTTP/1.1 200 OK~Content-Length: -2~~ok | NOT_HTTP | NOT_HTTP",
        "HTTP/1.1 200 OK~Content-Length: two~~ok | NOT_HTTP | NOT_HTTP",
        "HTTP/1.1 200 OK~Content-Length:~~ok | NOT_HTTP | NOT_HTTP",
        "HTTP/1.1 200 OK~~ok | 200 ok | 200 ok",
        "HTTP/1.0 200 OK~~ok | 200 ok | 200 ok",
        "HTTP/1.1 200~Content-Length: 2~~ok | 200 ok | 200 ok",
        "HTTP/1.1 299 Whatever~Content-Length: 2~~ok | 299 ok | 299 ok",
        "HTTP/1.1 999 Whatever~Content-Length: 2~~ok | 999 ok | 999 ok",
        "HTTP/1.1 1000 Whatever~Content-Length: 2~~ok | BROKEN | NOT_HTTP",
        "HTTP/1.1 99 Whatever~Content-Length: 2~~ok | NOT_HTTP | NOT_HTTP",
        "HTTP/1.1 000 Whatever~Content-Length: 2~~ok | NOT_HTTP | NOT_HTTP",
        "HTTP/1.1 abc Whatever~Content-Length: 2~~ok | NOT_HTTP | NOT_HTTP",
        "HTTP/2 200 OK~Content-Length: 2~~ok | NOT_HTTP | NOT_HTTP",
        "HTTP/1.1 101 Switching Protocols~Upgrade: h2c~Connection: Upgrade~~"
            + " | NOT_HTTP | NOT_HTTP",
        "HTTP/1.1 100 Continue~~HTTP/1.1 200 OK~Content-Length: 2~~ok | 200 ok | 200 ok",
        "HTTP/1.1 103 Early Hints~Link: <x>~~HTTP/1.1 200 OK~Content-Length: 2~~ok"
            + " | 200 ok | 200 ok",
        "HTTP/1.1 2 | BROKEN | BROKEN",
        "HTTP/1.1 200 OK~X: y~ | BROKEN | BROKEN",
        "HTTP/1.1 200 OK~X : y~Content-Length: 2~~ok | NOT_HTTP | NOT_HTTP",
        "HTTP/1.1 200 OK~no colon~Content-Length: 2~~ok | 200 ok | NOT_HTTP",
        "HTTP/1.1 200 OK~: no name~Content-Length: 2~~ok | 200 ok | NOT_HTTP",
        "HTTP/1.1 200 OK~X: y~ z~Content-Length: 2~~ok | 200 ok | NOT_HTTP",
        "HTTP/1.1 200 OK~X: a\u0000b~Content-Length: 2~~ok | NOT_HTTP | NOT_HTTP",
        "HTTP/1.1 200 OK~X: \u00ff~Content-Length: 2~~ok | 200 ok | 200 ok",
        "HTTP/1.1 200 OK~X: 1~x: 2~Content-Length: 2~~ok | 200 ok | 200 ok",
        "HTTP/1.1 204 No Content~~ | 204  | 204 ",
        "HTTP/1.1 204 No Content~Content-Length: 2~~ok | BROKEN | 204 ",
        "HTTP/1.1 304 Not Modified~Content-Length: 2~~ok | 304  | 304 ",
        "HTTP/1.1 401 Unauthorized~Content-Length: 2~~no | 401 no | 401 no",
        "HTTP/1.1 407 Proxy Authentication~Content-Length: 2~~no | 407 no | 407 no",
        "<html>hello</html> | BROKEN | BROKEN",
        "\u0001\u0002\u0003 junk~~ | NOT_HTTP | NOT_HTTP",
        "\u0015\u0003\u0001\u0000\u0002\u0002F | BROKEN | BROKEN",
      })
  void tellsWhatItIs(String answer, String tcp, String unix) throws IOException {
    String raw = answer.replace("~", "\r\n");
    HostileServer.Script script =
        connection -> {
          connection.request();
          connection.send(raw).close();
        };
    try (HostileServer server = HostileServer.http(script)) {
      assertThat(call(server)).isEqualTo(expected(tcp, server));
    }
    Path file = folder.resolve("s" + SOCKETS.incrementAndGet());
    try (HostileServer server = HostileServer.unix(file, script)) {
      assertThat(call(server)).isEqualTo(expected(unix, server));
    }
  }

  private static String call(HostileServer server) {
    return CallOutcome.of(STACK, HttpEndpoint.of(server.address()), HttpCall.get("/")).text();
  }

  private static String expected(String text, HostileServer server) {
    if (!Character.isDigit(text.charAt(0))) {
      return Told.valueOf(text).of(server.address());
    }
    return text.contains(" ") ? text : text + " ";
  }

  /** Nobody asked for it: what comes is the body, and a bomb stays packed. */
  @Test
  void unpacksNothing() throws IOException {
    String packed = "\u001f\u008b\u0008 not even gzip";
    HostileServer.Script script =
        connection -> {
          assertThat(connection.request().header("accept-encoding")).isEmpty();
          connection.send(
              "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n%s"
                  .formatted(packed.length(), packed));
        };
    try (HostileServer server = HostileServer.http(script)) {
      HttpAnswer answer =
          CallOutcome.of(STACK, HttpEndpoint.of(server.address()), HttpCall.get("/"))
              .answer()
              .orElseThrow();

      assertThat(answer.body().length()).isEqualTo(packed.length());
      assertThat(answer.header("content-encoding")).contains("gzip");
    }
  }

  /** What stands behind an answer is not the next one. */
  @Test
  void forgetsWhatStandsBehindAnAnswer() throws IOException {
    String answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    HostileServer.Script script =
        connection -> {
          connection.request();
          connection.send(answer + answer.replace("ok", "no"));
          connection.request();
          connection.send(answer);
        };
    try (HostileServer server = HostileServer.http(script)) {
      assertThat(call(server)).isEqualTo("200 ok");
      assertThat(call(server)).isEqualTo("200 ok");
    }
  }

  /** A HEAD's answer has no body, whatever length it tells of. */
  @ParameterizedTest
  @CsvSource({"http", "unix"})
  void headHasNoBody(String transport) throws IOException {
    HostileServer.Script script =
        connection -> {
          connection.request();
          connection.send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n");
        };
    Path file = folder.resolve("head");
    try (HostileServer server =
        transport.equals("unix") ? HostileServer.unix(file, script) : HostileServer.http(script)) {
      HttpCall head = HttpCall.of("HEAD", "/", SecretBytes.empty());
      CallOutcome outcome =
          CallOutcome.of(STACK, HttpEndpoint.of(server.address()), head, Duration.ofSeconds(20));

      assertThat(outcome.text()).isEqualTo("200 ");
    }
  }
}
