package io.keybearer.provider.fake;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Each fault, as a client sees it, of a server whose calls are paths. */
class FaultsTest {

  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Duration PAUSE = Duration.ofMillis(300);
  private static final int MOST = 1_000_000;
  private static final String HEAD =
      "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 4\r\n\r\n";

  private final Faults<String> faults = new Faults<>();
  private final AtomicInteger works = new AtomicInteger();
  private final FakePort port = FakePort.ipv4("faults", Optional.empty(), this::serve);

  @AfterEach
  void stop() {
    port.close();
  }

  private void serve(FakeRequest request, FakeWire wire) throws IOException {
    faults.beLate();
    Optional<Fault<String>> fault = faults.take(request.rawPath());
    if (fault.isPresent()) {
      fault.get().apply(wire, request.rawPath(), this::work);
    } else {
      wire.send(work().wire());
    }
  }

  private FakeAnswer work() {
    works.incrementAndGet();
    return FakeAnswer.of(200, "text/plain", "good");
  }

  private String get(String path, Duration pause) {
    String request = "GET " + path + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
    return RawExchange.received(port.address().getPort(), request, MOST, pause);
  }

  private String get(String path) {
    return get(path, PATIENCE);
  }

  private String meet(Fault<String> fault) {
    return meet(fault, PATIENCE);
  }

  private String meet(Fault<String> fault, Duration pause) {
    faults.clear();
    faults.plant(path -> true, 1, fault);
    return get("/", pause);
  }

  @Test
  void comesAsOftenAsItWasPlantedAndOnlyThere() {
    Predicate<String> isThere = path -> path.startsWith("/there");
    faults.plant(isThere, 2, Fault.answer(500, "text/plain", "first"));
    faults.plant(isThere, Faults.ALWAYS, Fault.answer(429, "text/plain", "second"));

    assertThat(get("/here")).isEqualTo(HEAD + "good|end");
    assertThat(get("/there")).startsWith("HTTP/1.1 500 ").endsWith("first|end");
    assertThat(get("/there")).startsWith("HTTP/1.1 500 ");
    assertThat(get("/there/too")).startsWith("HTTP/1.1 429 ").endsWith("second|end");
    faults.clear();
    assertThat(get("/there")).isEqualTo(HEAD + "good|end");
  }

  @Test
  void keepsTheServerFromItsWork() {
    assertThat(meet(Fault.close())).isEqualTo("|end");
    assertThat(meet(Fault.reset())).isEqualTo("|reset");
    assertThat(meet(Fault.hang(), PAUSE)).isEqualTo("|silence");
    assertThat(meet(Fault.html(502)))
        .startsWith("HTTP/1.1 502 ")
        .contains("Content-Type: text/html\r\n");
    assertThat(meet(Fault.answer("named", 404, path -> FakeAnswer.of(404, "a", "no " + path))))
        .endsWith("no /|end");
    assertThat(works).hasValue(0);
  }

  @Test
  void makesSomethingElseOfWhatWasDone() {
    assertThat(meet(Fault.closeAfterWork())).isEqualTo("|end");
    assertThat(meet(Fault.half())).isEqualTo(HEAD + "go|end");
    assertThat(meet(Fault.stall(), PAUSE)).isEqualTo(HEAD + "go|silence");
    assertThat(meet(Fault.slow(Duration.ofNanos(1)))).isEqualTo(HEAD + "good|end");
    assertThat(meet(Fault.contentType("text/html"))).contains("Content-Type: text/html\r\n");
    assertThat(meet(Fault.edited("more", own -> own.with("More", own.body()))))
        .contains("More: good\r\n");
    assertThat(works).hasValue(6);
  }

  @Test
  void tellsTheStatusOfWhatItSendsInstead() {
    assertThat(Fault.html(502).status()).isEqualTo(502);
    assertThat(Fault.html(502).works()).isFalse();
    assertThat(Fault.hang().status()).isZero();
    assertThat(Fault.half().works()).isTrue();
    assertThat(Fault.closeAfterWork()).hasToString("close after work");
  }

  @Test
  void neverEndsBody() {
    assertThat(meet(Fault.endless(FakeAnswer.of(200, "a", "{\"a\":\""))))
        .startsWith("HTTP/1.1 200 OK\r\nContent-Type: a\r\n\r\n{\"a\":\"AAA")
        .hasSizeGreaterThan(MOST);
  }

  @Test
  void isLateWhenAskedTo() {
    faults.latency(Duration.ofMillis(30));
    faults.plant(path -> true, 1, Fault.delay(Duration.ofMillis(30)));
    long start = System.nanoTime();
    assertThat(get("/")).endsWith("good|end");
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(60));
  }

  @Test
  void holdsCallsUntilTheyAreLetGo() throws Exception {
    Hold hold = faults.hold("/held"::equals);
    CompletableFuture<String> held = CompletableFuture.supplyAsync(() -> get("/held"));
    assertThat(hold.await(1, Duration.ofSeconds(10))).isTrue();
    assertThat(works).hasValue(0);
    assertThat(get("/other")).endsWith("good|end");
    hold.release();
    assertThat(held.get(10, TimeUnit.SECONDS)).isEqualTo(HEAD + "good|end");
  }
}
