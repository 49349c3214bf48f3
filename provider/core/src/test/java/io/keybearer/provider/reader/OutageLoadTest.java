package io.keybearer.provider.reader;

import static org.assertj.core.api.Assertions.assertThat;

import io.keybearer.provider.Fault;
import io.keybearer.provider.Login;
import io.keybearer.provider.MountFailure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * Ten minutes of a node whose store fails: 100 pods of 10 service accounts that the driver
 * republishes each minute, and 20 that kubelet can't start meanwhile.
 */
class OutageLoadTest extends ReaderScene {

  private static final int PODS = 100;
  private static final int STARTING = 20;
  private static final int ACCOUNTS = 10;
  private static final int REFERENCES = 2;
  private static final Duration OUTAGE = Duration.ofMinutes(10);
  private static final Duration POLL = Duration.ofMinutes(1);
  private static final Duration FIRST_RETRY = Duration.ofMillis(500);
  private static final Duration LONGEST_RETRY = Duration.ofSeconds(122);
  private static final Duration LOOK = Duration.ofMillis(100);

  private final List<Long> requests = new ArrayList<>();
  private final Map<String, Asked> last = new HashMap<>();
  private Optional<MountFailure> outage = Optional.empty();
  private int mounts;

  OutageLoadTest() {
    store.opening((opened, deadline) -> arrive());
    store.reading(
        (references, deadline, arrived) -> {
          arrive();
          return answers(references);
        });
  }

  private void arrive() throws MountFailure {
    requests.add(time.nanos());
    if (outage.isPresent()) {
      throw outage.get();
    }
  }

  private Asked ask(String pod, int account) {
    mounts++;
    Login own = store.login("account-" + account, ADDRESS);
    Asked asked = pod(pod).with(own).reads("a", "b");
    last.put(pod, asked);
    return asked;
  }

  /** The driver asks again each minute, unless it still waits. */
  private void republish(String pod, int account) {
    Asked asked = last.get(pod);
    if (asked == null || asked.isOver()) {
      ask(pod, account);
    }
    time.in(POLL, () -> republish(pod, account));
  }

  /** Kubelet asks again after a pause that doubles, until it has the files. */
  private void start(String pod, int account, Duration pause) {
    awaitStarted(pod, ask(pod, account), account, pause);
  }

  private void awaitStarted(String pod, Asked asked, int account, Duration pause) {
    if (!asked.isOver()) {
      time.in(LOOK, () -> awaitStarted(pod, asked, account, pause));
    } else if (!asked.isAnswered()) {
      Duration doubled = pause.multipliedBy(2);
      Duration next = doubled.compareTo(LONGEST_RETRY) < 0 ? doubled : LONGEST_RETRY;
      time.in(pause, () -> start(pod, account, next));
    }
  }

  /** All pods run, then the store fails like that for ten minutes while 20 more want to start. */
  private void fail(MountFailure failure) {
    for (int i = 0; i < PODS; i++) {
      String pod = "pod-" + i;
      int account = i % ACCOUNTS;
      time.in(POLL.multipliedBy(i).dividedBy(PODS), () -> republish(pod, account));
    }
    time.turn(POLL.multipliedBy(2));
    assertThat(last.values()).hasSize(PODS).allMatch(Asked::isAnswered);
    outage = Optional.of(failure);
    requests.clear();
    mounts = 0;
    for (int i = 0; i < STARTING; i++) {
      String pod = "starting-" + i;
      int account = i % ACCOUNTS;
      time.in(Duration.ofSeconds(i), () -> start(pod, account, FIRST_RETRY));
    }
    time.turn(OUTAGE);
    // In its last minute nothing was young enough any more.
    assertThat(last.values()).noneMatch(Asked::isAnswered);
  }

  /** The store is well; whether a pod that starts now starts at once, or a second later. */
  private void recover() {
    outage = Optional.empty();
    int account = ACCOUNTS;
    boolean atOnce = ask("late", account).isAnswered();
    if (!atOnce) {
      pass(1);
      assertThat(ask("late", account).isAnswered()).isTrue();
    }
    time.turn(POLL);
    for (int i = 0; i < PODS; i++) {
      assertThat(last.get("pod-" + i)).as("pod-" + i).matches(Asked::isAnswered);
    }
    time.turn(LONGEST_RETRY);
    assertThat(last.values()).allMatch(Asked::isAnswered);
  }

  /** The most requests of any time that long. */
  private int mostIn(Duration window) {
    int most = 0;
    int first = 0;
    for (int i = 0; i < requests.size(); i++) {
      while (requests.get(i) - requests.get(first) >= window.toNanos()) {
        first++;
      }
      most = Math.max(most, i - first + 1);
    }
    return most;
  }

  @Test
  @DisplayName("rule 15: ten minutes without a store are one attempt a second, and 3")
  void asksAStoreThatIsDownOnceASecond() {
    fail(fault(Fault.Kind.UNREACHABLE));

    assertThat(requests.size()).isLessThanOrEqualTo((int) OUTAGE.toSeconds() + 3);
    assertThat(mostIn(Duration.ofSeconds(1))).isLessThanOrEqualTo(4);
    assertThat(mostIn(Duration.ofSeconds(10))).isLessThanOrEqualTo(13);
    recover();
  }

  @Test
  @DisplayName("rule 15: the same while TLS fails")
  void asksAStoreThatNobodyCanTrustOnceASecond() {
    fail(fault(Fault.Kind.TLS));

    assertThat(requests.size()).isLessThanOrEqualTo((int) OUTAGE.toSeconds() + 3);
    recover();
  }

  @Test
  @DisplayName("rule 13: ten minutes of 5xx are three requests for each that a mount would make")
  void asksAStoreThatFailsThriceForEachReference() {
    fail(fault(Fault.Kind.SERVER_ERROR));
    // About 6,800, where a store that is well gets 200: no failure answers a sibling.

    assertThat(requests.size()).isLessThanOrEqualTo(3 * REFERENCES * mounts);
    // Each pod once a minute: no more than it would be without any memory, and thrice.
    assertThat(mostIn(POLL)).isLessThanOrEqualTo(3 * REFERENCES * (PODS + 8 * STARTING));
    recover();
  }

  @Test
  @DisplayName("rule 15: ten minutes of 429 with Retry-After are a few requests for each pause")
  void leavesAStoreAloneThatAsksForIt() {
    fail(throttled(30));

    int pauses = (int) OUTAGE.dividedBy(Duration.ofSeconds(30)) + 1;
    assertThat(requests.size()).isLessThanOrEqualTo(ACCOUNTS * REFERENCES * pauses);
    outage = Optional.empty();
    pass(31);
    recover();
  }

  @Test
  @DisplayName("rule 13: ten minutes of 429 without Retry-After")
  void backsOffFromAStoreThatSaysOnlyThatItIsTooMuch() {
    fail(throttled(0));

    // Once in 2.5 to 5 s for each session and reference: about 3,300, where one that is well gets
    // 200.
    int each = (int) OUTAGE.dividedBy(Duration.ofMillis(2_500)) + 10;
    assertThat(requests.size()).isLessThanOrEqualTo(ACCOUNTS * REFERENCES * each);
    recover();
  }
}
