package io.keybearer.provider.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keybearer.provider.Deadline;
import io.keybearer.provider.MountFailure;
import io.keybearer.provider.Ticker;
import io.keybearer.provider.TurnedTicker;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostNamesTest {

  private static final Duration SHORT = Duration.ofMillis(200);
  private static final Duration FRESH = Duration.ofSeconds(20);
  private static final HttpFailures FAILURES =
      new HttpFailures(new HttpAddress(HttpAddress.Scheme.HTTP, "store.test", 80, ""));

  private final TurnedTicker ticker = new TurnedTicker();
  private final CountDownLatch over = new CountDownLatch(1);
  private final AtomicInteger lookups = new AtomicInteger();
  private final ConcurrentHashMap<String, String[]> zone = new ConcurrentHashMap<>();
  private final HostNames names = new HostNames(this::lookUp, ticker);

  private InetAddress[] lookUp(String host) throws UnknownHostException {
    lookups.incrementAndGet();
    if (host.startsWith("hangs")) {
      await();
    }
    if (host.startsWith("fails")) {
      throw new IllegalStateException("a defect");
    }
    return TestNames.addresses(
        Optional.ofNullable(zone.get(host)).orElseThrow(() -> new UnknownHostException(host)));
  }

  private void await() {
    try {
      over.await(1, TimeUnit.MINUTES);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @AfterEach
  void end() {
    over.countDown();
    names.close();
  }

  private List<String> find(String host, Duration within)
      throws MountFailure, InterruptedException {
    return names.find(host, Deadline.after(within, Ticker.system()), FAILURES).stream()
        .map(InetAddress::getHostAddress)
        .toList();
  }

  private List<String> find(String host) throws MountFailure, InterruptedException {
    return find(host, CallOutcome.PATIENT);
  }

  private static String told(String why) {
    return "\"http://store.test\" can't be connected to: %s;".formatted(why)
        + " see whether it runs and is reachable from this node";
  }

  @Test
  void keepsWhatItFoundForAWhile() throws Exception {
    zone.put("a.test", new String[] {"127.0.0.1"});
    assertThat(find("a.test")).containsExactly("127.0.0.1");
    zone.put("a.test", new String[] {"127.0.0.2", "127.0.0.3"});

    ticker.turn(FRESH.minusNanos(1));
    assertThat(find("a.test")).containsExactly("127.0.0.1");
    ticker.turn(Duration.ofNanos(1));
    assertThat(find("a.test")).containsExactly("127.0.0.2", "127.0.0.3");
    assertThat(lookups).hasValue(2);
  }

  @Test
  void keepsItLongerWhereNobodyKnowsAnyMore() throws Exception {
    zone.put("a.test", new String[] {"127.0.0.1"});
    assertThat(find("a.test")).containsExactly("127.0.0.1");
    zone.clear();

    ticker.turn(Duration.ofMinutes(9));
    assertThat(find("a.test")).containsExactly("127.0.0.1");
    ticker.turn(Duration.ofMinutes(2));
    assertThatThrownBy(() -> find("a.test"))
        .isInstanceOf(MountFailure.class)
        .hasMessage(told("its host has no address"));
  }

  @Test
  void remembersNoFailure() throws Exception {
    assertThatThrownBy(() -> find("a.test")).hasMessage(told("its host has no address"));
    zone.put("a.test", new String[] {"127.0.0.1"});
    assertThat(find("a.test")).containsExactly("127.0.0.1");
  }

  @Test
  void aDefectOfTheLookUpLeavesNobodyWaiting() {
    assertThatThrownBy(() -> find("fails.test")).hasMessage(told("its host has no address"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "::1", "fd00::1"})
  void anIpAddressIsNotLookedUp(String literal) throws Exception {
    assertThat(find(literal)).hasSize(1);
    assertThat(lookups).hasValue(0);
  }

  @Test
  void waitsForANameNoLongerThanItIsTold() {
    long start = System.nanoTime();

    assertThatThrownBy(() -> find("hangs.test", SHORT))
        .hasMessage(told("its host's address is not found in time"));
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isBetween(SHORT, SHORT.plusSeconds(2));
  }

  /** And leaves time to connect to the older one. */
  @Test
  void takesTheOlderOneWhereTheNameServerHangs() throws Exception {
    zone.put("hangs.test", new String[] {"127.0.0.1"});
    over.countDown();
    assertThat(find("hangs.test")).containsExactly("127.0.0.1");
    HostNames hanging = new HostNames(new HangsFromTheSecondOn(), ticker);
    try (hanging) {
      Deadline deadline = Deadline.after(Duration.ofSeconds(1), Ticker.system());
      assertThat(hanging.find("a.test", deadline, FAILURES)).hasSize(1);
      ticker.turn(FRESH);
      Deadline next = Deadline.after(Duration.ofSeconds(1), Ticker.system());
      assertThat(hanging.find("a.test", next, FAILURES)).hasSize(1);
      assertThat(next.remaining()).isGreaterThan(Duration.ofMillis(100));
    }
  }

  private static final class HangsFromTheSecondOn implements HostNames.Lookup {
    private final AtomicInteger count = new AtomicInteger();

    @Override
    public InetAddress[] find(String host) throws UnknownHostException {
      if (count.getAndIncrement() > 0) {
        try {
          new CountDownLatch(1).await(1, TimeUnit.MINUTES);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
      }
      return TestNames.addresses("127.0.0.1");
    }
  }

  @Test
  void namesThatHangStopNobodyWhoseHostIsKnown() throws Exception {
    zone.put("a.test", new String[] {"127.0.0.1"});
    assertThat(find("a.test")).containsExactly("127.0.0.1");
    for (int i = 0; i < 16; i++) {
      String host = "hangs" + i + ".test";
      assertThatThrownBy(() -> find(host, Duration.ofMillis(5))).isInstanceOf(MountFailure.class);
    }

    assertThatThrownBy(() -> find("b.test")).hasMessage(told("too many hosts are being looked up"));
    assertThat(find("127.0.0.9")).containsExactly("127.0.0.9");
    assertThat(find("a.test")).containsExactly("127.0.0.1");
    ticker.turn(FRESH);
    assertThat(find("a.test")).containsExactly("127.0.0.1");
  }

  @Test
  void manyWhoWantOneNameAskOnce() throws Exception {
    zone.put("hangs.test", new String[] {"127.0.0.1"});
    ExecutorService callers = Executors.newFixedThreadPool(20);
    try {
      List<Future<List<String>>> calls = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        calls.add(callers.submit(() -> find("hangs.test")));
      }
      over.countDown();
      for (Future<List<String>> each : calls) {
        assertThat(each.get()).containsExactly("127.0.0.1");
      }
      // Whoever came late found it in memory.
      assertThat(lookups.get()).isEqualTo(1);
    } finally {
      callers.shutdownNow();
    }
  }

  @Test
  void theAddressThatWasReachedComesFirst() throws Exception {
    zone.put("a.test", new String[] {"127.0.0.1", "127.0.0.2", "127.0.0.3"});
    names.reached("a.test", InetAddress.getByName("127.0.0.3"));
    assertThat(find("a.test")).containsExactly("127.0.0.3", "127.0.0.1", "127.0.0.2");

    zone.put("a.test", new String[] {"127.0.0.1", "127.0.0.2"});
    ticker.turn(FRESH);
    assertThat(find("a.test")).containsExactly("127.0.0.1", "127.0.0.2");

    zone.put("a.test", new String[] {"127.0.0.1", "127.0.0.3"});
    ticker.turn(Duration.ofMinutes(10));
    assertThat(find("a.test")).containsExactly("127.0.0.1", "127.0.0.3");
  }
}
