package io.keybearer.provider.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.keybearer.provider.Deadline;
import io.keybearer.provider.MountFailure;
import io.keybearer.provider.Ticker;
import io.keybearer.provider.fake.FakeKeys;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Many calls at once, threads, and callers that leave. */
class ManyCallsTest {

  private static final TestAuthority AUTHORITY = TestAuthority.of("test CA", FakeKeys.ec());
  private static final ServerTls TLS =
      ServerTls.of(AUTHORITY.issue(FakeKeys.ec(), "store.test", "127.0.0.1"));
  private static final Duration SOON = Duration.ofSeconds(10);

  @TempDir Path folder;

  private volatile String[] addresses = {"127.0.0.1"};
  private final HttpStack stack =
      new HttpStack(
          HttpLimits.usual(),
          Proxies.none(),
          AllowedAddresses.any(),
          Ticker.system(),
          host -> TestNames.addresses(addresses));

  @AfterEach
  void close() {
    stack.close();
  }

  private static HttpEndpoint endpoint(HostileServer server, String host) {
    TlsSettings tls = TlsSettings.usual().withCaPem(AUTHORITY.pem());
    return new HttpEndpoint(server.addressAt(host), tls);
  }

  private static List<String> threads(ThreadGroup group) {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> group.equals(thread.getThreadGroup()))
        .map(Thread::getName)
        .toList();
  }

  /** Fewer handshakes than what a busy machine does in the time that connecting may take. */
  @ParameterizedTest
  @CsvSource({"HTTP, 200", "HTTPS, 50", "UNIX, 200"})
  void manyCallsAtOnceShareAFewThreads(Transport transport, int count) throws Exception {
    CountDownLatch together = new CountDownLatch(count);
    HostileServer.Script script =
        connection -> {
          connection.request();
          together.countDown();
          await(together);
          connection.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        };
    // What they start is of their group.
    ThreadGroup group = new ThreadGroup("callers");
    ExecutorService callers =
        Executors.newFixedThreadPool(count, task -> new Thread(group, task, "caller"));
    try (HostileServer server = server(transport, script)) {
      HttpEndpoint endpoint =
          transport == Transport.UNIX
              ? HttpEndpoint.of(server.address())
              : endpoint(server, "store.test");
      List<Future<String>> calls = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        calls.add(callers.submit(() -> CallOutcome.of(stack, endpoint, HttpCall.get("/")).text()));
      }
      for (Future<String> each : calls) {
        assertThat(each.get()).isEqualTo("200 ok");
      }

      assertThat(server.connections()).isEqualTo(count);
      assertThat(threads(group))
          .filteredOn(name -> !name.equals("caller"))
          .hasSizeLessThanOrEqualTo(4 + 1 + 16)
          .filteredOn(name -> name.startsWith("http-"))
          .hasSizeLessThanOrEqualTo(4);
    } finally {
      callers.shutdownNow();
    }
  }

  /** Its connections too, as soon as the JDK sees that nobody has its client any more. */
  @Test
  void threadsAndConnectionsEndWithTheWork() throws Exception {
    ThreadGroup group = new ThreadGroup("callers");
    AtomicReference<String> text = new AtomicReference<>("");
    try (HostileServer server = HostileServer.https(TLS, HostileServer::answer)) {
      Runnable work =
          () ->
              text.set(
                  CallOutcome.of(stack, endpoint(server, "store.test"), HttpCall.get("/")).text());
      Thread caller = new Thread(group, work, "caller");
      caller.start();
      caller.join();
      assertThat(text).hasValue("200 ok");
      assertThat(threads(group)).isNotEmpty();

      stack.close();
      long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
      while (!threads(group).isEmpty() && System.nanoTime() < end) {
        System.gc();
        // Waits a moment, unless the connection ends before.
        server.awaitEnds(Duration.ofMillis(200));
      }
      assertThat(threads(group)).isEmpty();
      assertThat(server.awaitEnds(SOON)).isTrue();
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await(1, TimeUnit.MINUTES);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private HostileServer server(Transport transport, HostileServer.Script script)
      throws IOException {
    return switch (transport) {
      case HTTP -> HostileServer.http(script);
      case HTTPS -> HostileServer.https(TLS, script);
      case UNIX -> HostileServer.unix(folder.resolve("s"), script);
    };
  }

  @ParameterizedTest
  @EnumSource(Transport.class)
  void whoeverIsInterruptedTakesItsConnectionAlong(Transport transport) throws Exception {
    try (HostileServer server = server(transport, HostileConnection::request)) {
      HttpEndpoint endpoint = new HttpEndpoint(server.address(), endpoint(server, "x").tls());
      AtomicReference<String> ended = new AtomicReference<>("");
      Thread caller =
          new Thread(
              () -> {
                try {
                  Deadline deadline = Deadline.after(Duration.ofMinutes(1), Ticker.system());
                  stack.send(endpoint, HttpCall.get("/"), deadline, bytes -> {});
                } catch (InterruptedException e) {
                  ended.set("interrupted");
                } catch (MountFailure e) {
                  ended.set(e.getMessage());
                }
              });
      caller.start();
      server.awaitRequests(1, SOON);
      caller.interrupt();
      caller.join(SOON.toMillis());

      assertThat(ended).hasValue("interrupted");
      assertThat(server.awaitEnds(SOON)).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource(Transport.class)
  void whoeverIsInterruptedBeforeSendsNothing(Transport transport) throws Exception {
    try (HostileServer server = server(transport, HostileServer::answer)) {
      HttpEndpoint endpoint = new HttpEndpoint(server.address(), endpoint(server, "x").tls());
      AtomicReference<String> ended = new AtomicReference<>("");
      Thread caller =
          new Thread(
              () -> {
                Thread.currentThread().interrupt();
                try {
                  Deadline deadline = Deadline.after(Duration.ofMinutes(1), Ticker.system());
                  stack.send(endpoint, HttpCall.get("/"), deadline, bytes -> {});
                } catch (InterruptedException e) {
                  ended.set("interrupted");
                } catch (MountFailure e) {
                  ended.set(e.getMessage());
                }
              });
      caller.start();
      caller.join(SOON.toMillis());

      assertThat(ended).hasValue("interrupted");
    }
  }

  /** 127.0.0.2 refuses, and the host is known to be at the other one from then on. */
  @ParameterizedTest
  @EnumSource(
      value = Transport.class,
      names = {"HTTP", "HTTPS"})
  void aHostIsReachedAtAnyOfItsAddresses(Transport transport) throws Exception {
    addresses = new String[] {"127.0.0.2", "127.0.0.1"};
    try (HostileServer server = server(transport, HostileServer::answer)) {
      HttpEndpoint endpoint = endpoint(server, "store.test");

      assertThat(CallOutcome.of(stack, endpoint, HttpCall.get("/")).text()).isEqualTo("200 ok");
      assertThat(server.requests().get(0).header("host"))
          .contains("store.test:" + server.address().port());

      // Whoever came to the first one now would stay there.
      try (HostileServer first = server.besides("127.0.0.2", HostileConnection::request)) {
        assertThat(CallOutcome.of(stack, endpoint, HttpCall.get("/")).text()).isEqualTo("200 ok");
        assertThat(first.connections()).isZero();
      }
    }
  }

  @Test
  void theFirstAddressIsTriedAgainWhereTheOtherOneFails() throws Exception {
    addresses = new String[] {"127.0.0.2", "127.0.0.1"};
    HostileServer server = HostileServer.http(HostileServer::answer);
    HttpEndpoint endpoint = endpoint(server, "store.test");
    assertThat(CallOutcome.of(stack, endpoint, HttpCall.get("/")).text()).isEqualTo("200 ok");

    try (HostileServer first = server.besides("127.0.0.2", HostileServer::answer)) {
      server.close();
      // The pooled connection may have to be found out first.
      CallOutcome.of(stack, endpoint, HttpCall.get("/"));
      assertThat(CallOutcome.of(stack, endpoint, HttpCall.get("/")).text()).isEqualTo("200 ok");
      assertThat(first.requests()).isNotEmpty();
    }
  }

  @Test
  void aHostThatIsNowhereReachedIsToldOnce() throws Exception {
    addresses = new String[] {"127.0.0.2", "127.0.0.3", "::1"};
    HttpAddress address = HttpAddress.parse("http://store.test:1");

    assertThat(CallOutcome.of(stack, HttpEndpoint.of(address), HttpCall.get("/")).text())
        .isEqualTo(Told.REFUSED.of(address));
  }

  /** Each of them with a connection that the server keeps as long as it may. */
  @Test
  void leavesNoConnectionBehindWhoeverTheServerIs() throws Exception {
    HostileServer.Script hostile =
        connection -> {
          connection.request();
          connection.send("HTTP/1.1 200 OK\r\nX: ").sendForever("a");
        };
    try (HostileServer server = HostileServer.http(hostile)) {
      for (int i = 0; i < 50; i++) {
        assertThat(
                CallOutcome.of(stack, HttpEndpoint.of(server.address()), HttpCall.get("/")).text())
            .isEqualTo(Told.HEAD_TOO_LARGE.of(server.address()));
      }
      assertThat(server.connections()).isEqualTo(50);
      assertThat(server.awaitEnds(SOON)).isTrue();
    }
  }
}
