package io.keybearer.provider.reader;

import static io.keybearer.provider.ScriptedBackend.answers;
import static org.assertj.core.api.Assertions.assertThat;

import io.keybearer.provider.Deadline;
import io.keybearer.provider.Reason;
import io.keybearer.provider.ScriptedBackend.Reference;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SecretReaderDeadlineTest extends SecretReaderFixture {

  private static final Duration MINUTE = Duration.ofMinutes(1);

  @Test
  void leavesAtTheDeadlineAndInterruptsWhatHangs() throws InterruptedException {
    CountDownLatch hanging = new CountDownLatch(3);
    CountDownLatch interrupted = new CountDownLatch(3);
    CountDownLatch never = new CountDownLatch(1);
    store.reading(
        (references, deadline, arrived) -> {
          if (references.contains(new Reference("fine"))) {
            return answers(references);
          }
          hanging.countDown();
          try {
            never.await();
          } catch (InterruptedException e) {
            interrupted.countDown();
            throw e;
          }
          return answers(references);
        });

    Future<Map<ReadKey, TimedOutcome>> mount =
        begin(
            reader(store, bounds(3, 100)),
            plan(login, "fine", "h1", "h2", "h3", "unsent"),
            after(60),
            UNBOUNDED);
    hanging.await();
    ticker.turn(MINUTE.minusNanos(1));
    assertThat(mount).isNotDone();

    ticker.turn(Duration.ofNanos(1));

    Map<ReadKey, TimedOutcome> outcomes = await(mount);
    assertThat(interrupted.await(30, TimeUnit.SECONDS)).isTrue();
    assertThat(outcomes.get(key(login, "fine"))).isEqualTo(answered("secret of fine"));
    for (String name : List.of("h1", "h2", "h3", "unsent")) {
      assertFailed(
          outcomes.get(key(login, name)),
          Reason.TIMED_OUT,
          "\"https://store\" gave no answer in 60000 ms; see whether it is reachable from this node and"
              + " not overloaded");
    }
  }

  @Test
  void leavesAtTheDeadlineWhenALoginHangs() throws InterruptedException {
    CountDownLatch hanging = new CountDownLatch(1);
    CountDownLatch interrupted = new CountDownLatch(1);
    CountDownLatch never = new CountDownLatch(1);
    store.opening(
        (hung, deadline) -> {
          hanging.countDown();
          try {
            never.await();
          } catch (InterruptedException e) {
            interrupted.countDown();
            throw e;
          }
        });

    Future<Map<ReadKey, TimedOutcome>> mount =
        begin(reader(store), plan(login, "a", "b"), after(60), UNBOUNDED);
    hanging.await();

    ticker.turn(MINUTE);

    Map<ReadKey, TimedOutcome> outcomes = await(mount);
    assertThat(interrupted.await(30, TimeUnit.SECONDS)).isTrue();
    assertThat(outcomes.keySet()).containsExactlyInAnyOrder(key(login, "a"), key(login, "b"));
    assertThat(outcomes.values()).noneMatch(SecretReaderFixture::isValue);
    assertThat(store.requests()).isEmpty();
  }

  @Test
  void anAddressThatHungServesTheNextMount() throws InterruptedException {
    CountDownLatch hanging = new CountDownLatch(1);
    CountDownLatch never = new CountDownLatch(1);
    store.reading(
        (references, deadline, arrived) -> {
          hanging.countDown();
          never.await();
          return answers(references);
        });
    SecretReader reader = reader(store, bounds(100, 1));
    Future<Map<ReadKey, TimedOutcome>> hung =
        begin(reader, plan(login, "a", "b", "c"), after(60), UNBOUNDED);
    hanging.await();
    ticker.turn(MINUTE);
    assertThat(await(hung).values()).noneMatch(SecretReaderFixture::isValue);

    store.reading((references, deadline, arrived) -> answers(references));

    assertThat(read(reader, plan(login, "a")).values())
        .hasSize(1)
        .allMatch(SecretReaderFixture::isValue);
  }

  @Test
  void tellsHowLongTheMountWaited() throws InterruptedException {
    store.reading(
        (references, deadline, arrived) -> {
          ticker.turn(Duration.ofMillis(70));
          return answers(references);
        });

    assertThat(only(read(store, plan(login, "a"))).took()).isEqualTo(Duration.ofMillis(70));
  }

  @Test
  void givesTheMountsAllowanceAndCredentialsToTheStoreAndThirtySeconds()
      throws InterruptedException {
    List<Deadline> deadlines = new CopyOnWriteArrayList<>();
    AtomicLong counted = new AtomicLong();
    store
        .opening((tried, deadline) -> deadlines.add(deadline))
        .reading(
            (references, deadline, arrived) -> {
              deadlines.add(deadline);
              arrived.add(7);
              return answers(references);
            });

    await(begin(reader(store), plan(login, "a"), after(20), counted::addAndGet));

    assertThat(deadlines).containsExactly(after(30), after(30));
    assertThat(counted).hasValue(7);
    assertThat(store.credentials()).containsExactly(CREDENTIALS);
  }

  @Test
  void stopsWhatHangsWhenItsMountLeavesAndTellsItNothing() throws InterruptedException {
    CountDownLatch hanging = new CountDownLatch(1);
    CountDownLatch interrupted = new CountDownLatch(1);
    CountDownLatch never = new CountDownLatch(1);
    store.reading(
        (references, deadline, arrived) -> {
          hanging.countDown();
          try {
            never.await();
          } catch (InterruptedException e) {
            interrupted.countDown();
            throw e;
          }
          return answers(references);
        });
    Future<Map<ReadKey, TimedOutcome>> mount =
        begin(reader(store), plan(login, "a"), after(60), UNBOUNDED);
    hanging.await();

    reading.leave();

    assertThat(interrupted.await(30, TimeUnit.SECONDS)).isTrue();
    ticker.turn(MINUTE);
    assertThat(mount).isNotDone();
  }
}
