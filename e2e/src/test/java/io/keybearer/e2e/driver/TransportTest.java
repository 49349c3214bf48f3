package io.keybearer.e2e.driver;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Metadata;
import io.grpc.Status;
import io.keybearer.proto.MountResponse;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The connection: authority, retries, deadline, size. */
final class TransportTest extends NodeTest {
  private static final Metadata.Key<String> PUSHBACK =
      Metadata.Key.of("grpc-retry-pushback-ms", Metadata.ASCII_STRING_MARSHALLER);

  @Test
  @DisplayName("rule 3: driver 1.6.0 calls with the authority localhost")
  void authorityIsLocalhost() {
    start(node());
    assertThat(provider.calls())
        .extracting(ScriptedProvider.Call::authority)
        .containsExactly("localhost");
  }

  @Test
  @DisplayName("rule 3: driver 1.5.6 calls with the socket's path as authority")
  void olderAuthorityIsThePath() {
    start(node(settings().withVersion(DriverVersion.V1_5_6)));
    assertThat(provider.calls())
        .extracting(ScriptedProvider.Call::authority)
        .containsExactly(providers.resolve("vault.sock").toString());
  }

  @Test
  @DisplayName("rule 4: UNAVAILABLE makes three calls, the later ones with their number")
  void unavailableMakesThreeCalls() {
    provider.fail(Status.UNAVAILABLE.withDescription("draining"));
    start(node());
    assertThat(provider.calls())
        .extracting(ScriptedProvider.Call::attempts)
        .containsExactly("", "1", "2");
  }

  @Test
  @DisplayName("rule 4: a call that is taken at the second attempt is a success")
  void secondAttemptMaySucceed() {
    AtomicInteger calls = new AtomicInteger();
    provider.answer(
        request -> {
          if (calls.getAndIncrement() == 0) {
            throw Status.UNAVAILABLE.asRuntimeException();
          }
          return Answers.files("password", "second");
        });
    assertThat(start(node()).container().read("secrets", "password")).isEqualTo("second");
  }

  @Test
  @DisplayName("rule 4: no other code is called again")
  void onlyUnavailableIsCalledAgain() {
    provider.fail(Status.RESOURCE_EXHAUSTED);
    start(node());
    assertThat(provider.calls()).hasSize(1);
  }

  @Test
  @DisplayName("rule 4: a negative pushback stops the retries")
  void negativePushbackStops() {
    Metadata trailers = new Metadata();
    trailers.put(PUSHBACK, "-1");
    provider.fail(Status.UNAVAILABLE, trailers);
    start(node());
    assertThat(provider.calls()).hasSize(1);
  }

  @Test
  @DisplayName("rule 4: a pushback replaces the back-off")
  void pushbackReplacesTheBackoff() {
    Metadata trailers = new Metadata();
    trailers.put(PUSHBACK, "20");
    provider.fail(Status.UNAVAILABLE, trailers);
    long begin = System.nanoTime();
    start(node(settings().withRetryBackoff(Duration.ofSeconds(30))));
    assertThat(provider.calls()).hasSize(3);
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(15));
  }

  @Test
  @DisplayName("rule 5: a call from the kubelet carries its deadline")
  void callCarriesADeadline() {
    start(node());
    assertThat(provider.calls())
        .extracting(ScriptedProvider.Call::hasDeadline)
        .containsExactly(true);
  }

  @Test
  @DisplayName("rule 5: the receive limit is a flag")
  void receiveLimitIsAFlag() {
    MountResponse answer = Answers.files("big", "x".repeat(3000));
    provider.answer(answer);
    Pod refused = start(node(settings().withReceiveLimit(2000)));
    assertThat(lastEvent(refused))
        .contains("code = ResourceExhausted")
        .endsWith(
            "received message larger than max (%d vs. 2000)".formatted(answer.getSerializedSize()));

    Pod taken = start(node(settings().withReceiveLimit(4000)));
    assertThat(taken.container().files("secrets")).containsExactly("big");
  }
}
