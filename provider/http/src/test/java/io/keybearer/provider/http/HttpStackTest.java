package io.keybearer.provider.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keybearer.provider.Deadline;
import io.keybearer.provider.MountFailure;
import io.keybearer.provider.Reason;
import io.keybearer.provider.SecretBytes;
import io.keybearer.provider.Ticker;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpStackTest {

  private static final HttpStack STACK =
      new HttpStack(
          HttpLimits.usual(),
          Proxies.none(),
          AllowedAddresses.any(),
          Ticker.system(),
          TestNames.here());

  @TempDir Path folder;

  @AfterAll
  static void close() {
    STACK.close();
  }

  private static String call(HttpAddress address) {
    return CallOutcome.of(STACK, HttpEndpoint.of(address), HttpCall.get("/")).text();
  }

  private static SecretBytes bytes(int count) {
    return SecretBytes.copyOf(new byte[count]);
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "POST", "PUT", "PATCH", "DELETE", "LIST", "OPTIONS"})
  void sendsWhatItIsGivenAndNothingOfItsOwn(String method) throws IOException {
    try (HostileServer server = HostileServer.http(HostileServer::answer);
        HostileServer unix = HostileServer.unix(folder.resolve("s"), HostileServer::answer)) {
      HttpCall call =
          HttpCall.of(method, "/v1/a%20b?list=true", bytes(3))
              .with("X-Vault-Request", "true")
              .withSecret("X-Vault-Token", bytes(0));
      HttpEndpoint endpoint = HttpEndpoint.of(server.addressAt("store.test"));

      assertThat(CallOutcome.of(STACK, endpoint, call).text()).isEqualTo("200 ok");
      assertThat(CallOutcome.of(STACK, HttpEndpoint.of(unix.address()), call).text())
          .isEqualTo("200 ok");

      SeenRequest seen = server.requests().get(0);
      assertThat(seen.lines())
          .containsExactlyInAnyOrder(
              method + " /v1/a%20b?list=true HTTP/1.1",
              "Content-Length: 3",
              "Host: store.test:" + server.address().port(),
              "User-Agent: keybearer",
              "X-Vault-Request: true",
              "X-Vault-Token:");
      assertThat(unix.requests().get(0).lines())
          .containsExactlyInAnyOrder(
              method + " /v1/a%20b?list=true HTTP/1.1",
              "Content-Length: 3",
              "Connection: close",
              "Host: localhost",
              "User-Agent: keybearer",
              "X-Vault-Request: true",
              "X-Vault-Token:");
    }
  }

  @Test
  void waitsForANameNoLongerThanForAConnection() throws Exception {
    CountDownLatch over = new CountDownLatch(1);
    HostNames.Lookup hanging =
        host -> {
          try {
            over.await(1, TimeUnit.MINUTES);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          throw new UnknownHostException(host);
        };
    HttpAddress address = HttpAddress.parse("https://store.test");
    try (HttpStack stack =
        new HttpStack(
            HttpLimits.usual(), Proxies.none(), AllowedAddresses.any(), Ticker.system(), hanging)) {
      CallOutcome outcome =
          CallOutcome.of(
              stack, HttpEndpoint.of(address), HttpCall.get("/"), Duration.ofMillis(300));

      assertThat(outcome.text())
          .isEqualTo(
              "STORE_UNAVAILABLE UNREACHABLE \"https://store.test\" can't be connected to: its"
                  + " host's address is not found in time;"
                  + " see whether it runs and is reachable from this node");
      assertThat(outcome.took()).isBetween(Duration.ofMillis(300), Duration.ofMillis(2_300));
    } finally {
      over.countDown();
    }
  }

  @Test
  void putsTheAddressesPathBeforeTheCalls() throws Exception {
    try (HostileServer server = HostileServer.http(HostileServer::answer)) {
      HttpAddress address = HttpAddress.parse(server.address() + "/vault/");

      assertThat(call(address)).isEqualTo("200 ok");
      assertThat(server.requests().get(0).start()).isEqualTo("GET /vault/ HTTP/1.1");
    }
  }

  @Test
  void tellsThatNobodyListens() throws Exception {
    assertThat(call(HttpAddress.parse("http://127.0.0.1:1")))
        .isEqualTo("STORE_UNAVAILABLE UNREACHABLE " + refused("http://127.0.0.1:1"));
    assertThat(call(HttpAddress.parse("https://store.test:1")))
        .isEqualTo("STORE_UNAVAILABLE UNREACHABLE " + refused("https://store.test:1"));
  }

  private static String refused(String address) {
    return "\"%s\" can't be connected to: the connection is refused;".formatted(address)
        + " see whether it runs and is reachable from this node";
  }

  @Test
  void tellsThatNobodyAnswersOnASocket() throws Exception {
    Path file = Files.writeString(folder.resolve("file"), "");
    Path left = folder.resolve("left");
    ServerSocketChannel.open(StandardProtocolFamily.UNIX)
        .bind(UnixDomainSocketAddress.of(left))
        .close();
    for (Path path : List.of(folder.resolve("missing"), file, folder, left)) {
      HttpAddress address = HttpAddress.parse("unix://" + path);

      assertThat(call(address)).isEqualTo(Told.NO_SOCKET.of(address));
    }
  }

  /** A connection that the kernel neither takes nor refuses. */
  @Test
  void connectsForThreeSecondsAtMost() throws Exception {
    try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      List<SocketChannel> waiting = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        SocketChannel channel = SocketChannel.open();
        channel.configureBlocking(false);
        channel.connect(full.getLocalSocketAddress());
        waiting.add(channel);
      }
      HttpAddress address = HttpAddress.parse("http://127.0.0.1:" + full.getLocalPort());
      CallOutcome outcome = CallOutcome.of(STACK, HttpEndpoint.of(address), HttpCall.get("/"));
      CallOutcome shorter =
          CallOutcome.of(
              STACK, HttpEndpoint.of(address), HttpCall.get("/"), Duration.ofMillis(300));
      for (SocketChannel channel : waiting) {
        channel.close();
      }

      assertThat(outcome.text()).isEqualTo(Told.CONNECTED_TOO_LATE.of(address));
      assertThat(outcome.took()).isBetween(Duration.ofMillis(2_900), Duration.ofSeconds(5));
      assertThat(shorter.text()).isEqualTo(Told.CONNECTED_TOO_LATE.of(address));
      assertThat(shorter.took()).isBetween(Duration.ofMillis(300), Duration.ofMillis(2_300));
    }
  }

  @Test
  void aSocketWithAFullQueueIsNotWaitedFor() throws Exception {
    Path file = folder.resolve("full");
    try (ServerSocketChannel full = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        SocketChannel first = SocketChannel.open(StandardProtocolFamily.UNIX);
        SocketChannel second = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      full.bind(UnixDomainSocketAddress.of(file), 1);
      first.configureBlocking(false);
      second.configureBlocking(false);
      first.connect(UnixDomainSocketAddress.of(file));
      second.connect(UnixDomainSocketAddress.of(file));
      HttpAddress address = HttpAddress.parse("unix://" + file);

      assertThat(call(address)).isEqualTo(Told.NO_SOCKET.of(address));
    }
  }

  /** An hour ago, and just now. */
  @ParameterizedTest
  @ValueSource(longs = {-3600, 0})
  void aDeadlineThatHasPassedSendsNothing(long seconds) throws Exception {
    try (HostileServer server = HostileServer.http(HostileServer::answer);
        HostileServer unix = HostileServer.unix(folder.resolve("s"), HostileServer::answer)) {
      for (HttpAddress address : List.of(server.address(), unix.address())) {
        CallOutcome outcome =
            CallOutcome.of(
                STACK, HttpEndpoint.of(address), HttpCall.get("/"), Duration.ofSeconds(seconds));

        assertThat(outcome.failure()).isPresent();
        assertThat(outcome.failure().get().reason()).isEqualTo(Reason.TIMED_OUT);
      }
    }
  }

  @Test
  void whoeverHasNoRoomEndsTheAnswer() throws Exception {
    HostileServer.Script large =
        connection -> {
          connection.request();
          connection.send("HTTP/1.1 200 OK\r\n\r\n").sendForever("a");
        };
    try (HostileServer server = HostileServer.http(large);
        HostileServer unix = HostileServer.unix(folder.resolve("s"), large)) {
      for (HostileServer each : List.of(server, unix)) {
        Deadline deadline = Deadline.after(CallOutcome.PATIENT, Ticker.system());
        long[] counted = {0};

        assertThatThrownBy(
                () ->
                    STACK.send(
                        HttpEndpoint.of(each.address()),
                        HttpCall.get("/"),
                        deadline,
                        count -> {
                          counted[0] += count;
                          if (counted[0] > 100_000) {
                            throw MountFailure.of(Reason.BUSY, "no room");
                          }
                        }))
            .isInstanceOf(MountFailure.class)
            .hasMessage("no room");
        assertThat(counted[0]).isLessThan(200_000);
        assertThat(each.awaitEnds(Duration.ofSeconds(5))).isTrue();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"s3cret\r\nX-Evil: 1", "s3cret\u0000", "s3cret\u00fc", "\ts3cret"})
  void aHeaderThatIsNoLineIsToldWithoutItsValue(String value) throws Exception {
    byte[] secret = value.getBytes(StandardCharsets.UTF_8);
    try (HostileServer server = HostileServer.http(HostileServer::answer);
        HostileServer unix = HostileServer.unix(folder.resolve("s"), HostileServer::answer)) {
      for (HostileServer each : List.of(server, unix)) {
        String told =
            "PRECONDITION NONE \"%s\" can't be sent the header \"X-Token\": its value is not one"
                    .formatted(each.address())
                + " line of ASCII; look for a line break in the token or setting that it is made of";
        HttpEndpoint endpoint = HttpEndpoint.of(each.address());
        HttpCall hidden = HttpCall.get("/").withSecret("X-Token", SecretBytes.copyOf(secret));

        assertThat(CallOutcome.of(STACK, endpoint, hidden).text()).isEqualTo(told);
        assertThat(CallOutcome.of(STACK, endpoint, HttpCall.get("/").with("X-Token", value)).text())
            .isEqualTo(told);
        assertThat(each.requests()).isEmpty();
      }
    }
  }

  @Test
  void closingLetsCallsUnderWayEndAndOthersBegin() throws Exception {
    HttpStack stack =
        new HttpStack(HttpLimits.usual(), Proxies.none(), AllowedAddresses.any(), Ticker.system());
    HostileServer.Script script =
        connection -> {
          connection.request();
          stack.close();
          connection.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        };
    try (HostileServer server = HostileServer.http(script)) {
      HttpEndpoint endpoint = HttpEndpoint.of(server.address());

      assertThat(CallOutcome.of(stack, endpoint, HttpCall.get("/")).text()).isEqualTo("200 ok");
      assertThat(CallOutcome.of(stack, endpoint, HttpCall.get("/")).text()).isEqualTo("200 ok");
    }
  }
}
