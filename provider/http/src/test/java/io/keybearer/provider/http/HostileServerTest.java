package io.keybearer.provider.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.keybearer.provider.Ticker;
import io.keybearer.provider.fake.FakeKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What servers do to make a client wait or hold without end, over everything that is spoken. */
@Execution(ExecutionMode.CONCURRENT)
class HostileServerTest {

  private static final Duration SHORT = Duration.ofMillis(400);
  private static final Duration GRACE = Duration.ofSeconds(2);
  private static final Set<Told> WAITED_FOR = EnumSet.of(Told.LATE, Told.CONNECTED_TOO_LATE);
  private static final HttpLimits LIMITS = new HttpLimits(64 * 1024, 256 * 1024);

  /** The body's bound, seven bytes on the wire for each of them, and what the kernel holds. */
  private static final long MOST_BYTES = 4 * 1024 * 1024;

  @TempDir static Path folder;

  private static final TestAuthority AUTHORITY = TestAuthority.of("test CA", FakeKeys.ec());
  private static final ServerTls TLS =
      ServerTls.of(AUTHORITY.issue(FakeKeys.rsa(), "localhost", "127.0.0.1"));
  private static final HttpStack STACK =
      new HttpStack(LIMITS, Proxies.none(), AllowedAddresses.any(), Ticker.system());
  private static final AtomicInteger SOCKETS = new AtomicInteger();
  private static final Map<String, String> CELLS = new ConcurrentHashMap<>();

  static Stream<Arguments> hostile() {
    return HostileFault.all().stream()
        .flatMap(
            fault ->
                Arrays.stream(Transport.values())
                    .filter(fault.over()::contains)
                    .map(transport -> Arguments.of(fault, transport)));
  }

  /** The first call of a process loads the JDK's client, which takes longer than a short one. */
  @BeforeAll
  static void warmUp() throws IOException {
    for (Transport transport : Transport.values()) {
      try (HostileServer server = server(transport, HostileServer::answer)) {
        assertThat(CallOutcome.of(STACK, endpoint(server), HttpCall.get("/")).text())
            .isEqualTo("200 ok");
      }
    }
  }

  @ParameterizedTest(name = "{0} over {1}")
  @MethodSource("hostile")
  void neitherWaitsNorHoldsBeyondItsLimits(HostileFault fault, Transport transport)
      throws Exception {
    boolean waits = WAITED_FOR.contains(fault.told(transport));
    Duration deadline = waits ? SHORT : CallOutcome.PATIENT;
    try (HostileServer server = server(transport, fault.script())) {
      CallOutcome outcome = CallOutcome.of(STACK, endpoint(server), fault.call(), deadline);
      CELLS.put(fault.name() + transport, cell(outcome, server, fault.told(transport)));

      assertThat(outcome.text()).isEqualTo(fault.told(transport).of(server.address()));
      assertThat(outcome.took()).isLessThan(deadline.plus(GRACE));
      if (waits) {
        assertThat(outcome.took()).isGreaterThanOrEqualTo(SHORT);
      }
      assertThat(server.bytesSent()).isLessThan(MOST_BYTES);
      assertThat(server.requests()).hasSizeLessThanOrEqualTo(1);
      assertThat(server.awaitEnds(Duration.ofSeconds(5))).as("the connection has ended").isTrue();
    }
  }

  /** The JDK takes a reset that comes while it still connects for a failure to connect. */
  @Test
  void tellsAResetFromARefusalHoweverEarlyItComes() throws IOException {
    try (HostileServer server = server(Transport.HTTPS, connection -> connection.raw().reset())) {
      for (int i = 0; i < 100; i++) {
        assertThat(CallOutcome.of(STACK, endpoint(server), HttpCall.get("/")).text())
            .doesNotContain("refused");
      }
    }
  }

  private static HostileServer server(Transport transport, HostileServer.Script script)
      throws IOException {
    return switch (transport) {
      case HTTP -> HostileServer.http(script);
      case HTTPS -> HostileServer.https(TLS, script);
      case UNIX -> HostileServer.unix(folder.resolve("s" + SOCKETS.incrementAndGet()), script);
    };
  }

  private static HttpEndpoint endpoint(HostileServer server) {
    return new HttpEndpoint(server.address(), TlsSettings.usual().withCaPem(AUTHORITY.pem()));
  }

  private static String cell(CallOutcome outcome, HostileServer server, Told told) {
    return "%d ms, %,d bytes, %s".formatted(outcome.took().toMillis(), server.bytesSent(), told);
  }

  /** For whoever wants to see it. */
  @AfterAll
  static void writeTable() throws IOException {
    StringBuilder table = new StringBuilder("| fault | http | https | unix |\n|---|---|---|---|\n");
    for (HostileFault fault : HostileFault.all()) {
      List<String> cells =
          Arrays.stream(Transport.values())
              .map(each -> CELLS.getOrDefault(fault.name() + each, ""))
              .toList();
      table.append("| ").append(fault.name()).append(" | ");
      table.append(String.join(" | ", cells)).append(" |\n");
    }
    Files.createDirectories(Path.of("target"));
    Files.writeString(Path.of("target", "hostile-servers.md"), table);
    STACK.close();
  }
}
