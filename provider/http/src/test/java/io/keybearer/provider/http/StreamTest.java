package io.keybearer.provider.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keybearer.provider.Deadline;
import io.keybearer.provider.MountFailure;
import io.keybearer.provider.Reason;
import io.keybearer.provider.Ticker;
import io.keybearer.provider.fake.FakeKeys;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Answers whose lines are told as they come. */
class StreamTest {

  private static final TestAuthority AUTHORITY = TestAuthority.of("test CA", FakeKeys.ec());
  private static final ServerTls TLS = ServerTls.of(AUTHORITY.issue(FakeKeys.ec(), "127.0.0.1"));
  private static final HttpStack STACK =
      new HttpStack(
          new HttpLimits(64 * 1024, 10_000),
          Proxies.none(),
          AllowedAddresses.any(),
          Ticker.system());
  private static final String HEAD = "HTTP/1.1 200 OK\r\n\r\n";
  private static final Duration SOON = Duration.ofSeconds(10);

  @TempDir Path folder;

  private final List<String> lines = new CopyOnWriteArrayList<>();

  @AfterAll
  static void close() {
    STACK.close();
  }

  private HostileServer server(Transport transport, HostileServer.Script script)
      throws IOException {
    return switch (transport) {
      case HTTP -> HostileServer.http(script);
      case HTTPS -> HostileServer.https(TLS, script);
      case UNIX -> HostileServer.unix(folder.resolve("s"), script);
    };
  }

  private static HttpAnswer stream(
      HostileServer server, Duration within, HttpStack.LineReader reader)
      throws MountFailure, InterruptedException {
    TlsSettings tls = TlsSettings.usual().withCaPem(AUTHORITY.pem());
    return STACK.stream(
        new HttpEndpoint(server.address(), tls),
        HttpCall.get("/watch"),
        Deadline.after(within, Ticker.system()),
        reader);
  }

  @ParameterizedTest
  @EnumSource(Transport.class)
  void tellsEachLineWhereverItIsCut(Transport transport) throws Exception {
    HostileServer.Script script =
        connection -> {
          connection.request();
          for (String part :
              List.of(
                  HEAD, "one", "\ntwo\r", "\n", "\n", "th", "ree\nf\u00c3", "\u00bcnf\nl", "ast")) {
            connection.send(part);
          }
          connection.close();
        };
    try (HostileServer server = server(transport, script)) {
      HttpAnswer answer = stream(server, CallOutcome.PATIENT, lines::add);

      assertThat(lines).containsExactly("one", "two", "", "three", "f\u00fcnf", "last");
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.body().length()).isZero();
    }
  }

  /** As a watch has them: the first one is told while the server still holds the next. */
  @ParameterizedTest
  @EnumSource(Transport.class)
  void tellsALineBeforeTheNextOneIsSent(Transport transport) throws Exception {
    HostileServer.Script script =
        connection -> {
          connection.request();
          connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
          for (int i = 0; i < 5; i++) {
            connection.send("2\r\n" + i + "\n\r\n");
            awaitLines(i + 1);
          }
          connection.send("0\r\n\r\n");
        };
    try (HostileServer server = server(transport, script)) {
      stream(server, CallOutcome.PATIENT, this::add);

      assertThat(lines).containsExactly("0", "1", "2", "3", "4");
    }
  }

  private synchronized void add(String line) {
    lines.add(line);
    notifyAll();
  }

  private synchronized void awaitLines(int count) throws IOException {
    try {
      while (lines.size() < count) {
        wait(SOON.toMillis());
      }
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  @ParameterizedTest
  @EnumSource(Transport.class)
  void boundsALineAndNotTheirNumber(Transport transport) throws Exception {
    HostileServer.Script script =
        connection -> {
          connection.request();
          connection.send(HEAD);
          for (int i = 0; i < 100; i++) {
            connection.send("a".repeat(999) + "\n");
          }
          connection.sendForever("a");
        };
    try (HostileServer server = server(transport, script)) {
      assertThatThrownBy(() -> stream(server, CallOutcome.PATIENT, lines::add))
          .isInstanceOf(MountFailure.class)
          .hasMessage(
              "\"%s\" answers with more than 10000 bytes of body; see whether it is the store"
                  .formatted(server.address()));
      assertThat(lines).hasSize(100);
      assertThat(server.awaitEnds(SOON)).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource(Transport.class)
  void readsAnAnswerOfAnotherStatusWhole(Transport transport) throws Exception {
    HostileServer.Script script =
        connection -> {
          connection.request();
          connection.send("HTTP/1.1 410 Gone\r\nContent-Length: 7\r\n\r\nto\nold\n");
        };
    try (HostileServer server = server(transport, script)) {
      HttpAnswer answer = stream(server, CallOutcome.PATIENT, lines::add);

      assertThat(answer.status()).isEqualTo(410);
      assertThat(CallOutcome.text(answer)).isEqualTo("to\nold\n");
      assertThat(lines).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(Transport.class)
  void aReaderThatHasEnoughEndsIt(Transport transport) throws Exception {
    HostileServer.Script script =
        connection -> {
          connection.request();
          connection.send(HEAD).sendForever("line\n");
        };
    try (HostileServer server = server(transport, script)) {
      HttpStack.LineReader reader =
          line -> {
            lines.add(line);
            if (lines.size() == 3) {
              throw MountFailure.of(Reason.NOT_FOUND, "enough");
            }
          };

      assertThatThrownBy(() -> stream(server, CallOutcome.PATIENT, reader)).hasMessage("enough");
      assertThat(lines).hasSize(3);
      assertThat(server.awaitEnds(SOON)).isTrue();
    }
  }

  /** Nobody waits for ever because of it, and the connection ends. */
  @ParameterizedTest
  @EnumSource(Transport.class)
  void aDefectOfTheReaderEndsIt(Transport transport) throws Exception {
    HostileServer.Script script =
        connection -> {
          connection.request();
          connection.send(HEAD).sendForever("line\n");
        };
    try (HostileServer server = server(transport, script)) {
      HttpStack.LineReader reader =
          line -> {
            throw new IllegalStateException("a defect");
          };

      assertThatThrownBy(() -> stream(server, CallOutcome.PATIENT, reader))
          .isInstanceOf(IllegalStateException.class);
      assertThat(server.awaitEnds(SOON)).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource(Transport.class)
  void endsWithItsDeadline(Transport transport) throws Exception {
    HostileServer.Script script =
        connection -> {
          connection.request();
          connection.send(HEAD + "one\n");
        };
    try (HostileServer server = server(transport, script)) {
      assertThatThrownBy(() -> stream(server, Duration.ofMillis(500), lines::add))
          .hasMessage(
              "\"%s\" gave no answer in time; see whether it is overloaded"
                  .formatted(server.address()));
      assertThat(lines).containsExactly("one");
      assertThat(server.awaitEnds(SOON)).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource(Transport.class)
  void whoeverIsInterruptedWhileNothingComesLeaves(Transport transport) throws Exception {
    HostileServer.Script script =
        connection -> {
          connection.request();
          connection.send(HEAD + "one\n");
        };
    try (HostileServer server = server(transport, script)) {
      AtomicReference<String> ended = new AtomicReference<>("");
      Thread caller =
          new Thread(
              () -> {
                try {
                  stream(server, Duration.ofMinutes(1), this::add);
                } catch (InterruptedException e) {
                  ended.set("interrupted");
                } catch (MountFailure e) {
                  ended.set(e.getMessage());
                }
              });
      caller.start();
      awaitLines(1);
      caller.interrupt();
      caller.join(SOON.toMillis());

      assertThat(ended).hasValue("interrupted");
      assertThat(server.awaitEnds(SOON)).isTrue();
    }
  }
}
