package io.keybearer.provider.reader;

import static io.keybearer.provider.ScriptedBackend.answers;
import static org.assertj.core.api.Assertions.assertThat;

import io.keybearer.provider.Deadline;
import io.keybearer.provider.Reason;
import io.keybearer.provider.ScriptedBackend.Reference;
import io.keybearer.provider.Ticker;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
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

    Map<ReadKey, TimedOutcome> outcomes =
        reader(store, new SecretReader.Bounds(3, 100, 1000))
            .read(
                plan(login, "fine", "h1", "h2", "h3", "unsent"),
                CREDENTIALS,
                passesOnce(hanging, 2),
                UNBOUNDED);

    assertThat(interrupted.await(30, TimeUnit.SECONDS)).isTrue();
    assertThat(outcomes.get(key(login, "fine"))).isEqualTo(answered("secret of fine"));
    for (String name : List.of("h1", "h2", "h3", "unsent")) {
      assertFailed(
          outcomes.get(key(login, name)),
          Reason.TIMED_OUT,
          "\"https://store\" gave no answer in 0 ms; see whether it is reachable from this node and"
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

    Map<ReadKey, TimedOutcome> outcomes =
        reader(store).read(plan(login, "a", "b"), CREDENTIALS, passesOnce(hanging, 0), UNBOUNDED);

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
    SecretReader reader = reader(store, new SecretReader.Bounds(100, 1, 1000));
    reader.read(plan(login, "a", "b", "c"), CREDENTIALS, passesOnce(hanging, 1), UNBOUNDED);

    store.reading((references, deadline, arrived) -> answers(references));

    assertThat(reader.read(plan(login, "a"), CREDENTIALS, after(60), UNBOUNDED).values())
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
  void givesTheMountsAllowanceDeadlineAndCredentialsToTheStore() throws InterruptedException {
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
    Deadline deadline = after(60);

    reader(store).read(plan(login, "a"), CREDENTIALS, deadline, counted::addAndGet);

    assertThat(deadlines).containsExactly(deadline, deadline);
    assertThat(counted).hasValue(7);
    assertThat(store.credentials()).containsExactly(CREDENTIALS);
  }

  @Test
  void stopsWhenTheMountsOwnThreadIsInterrupted() throws Exception {
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
    SecretReader reader = reader(store);
    ExecutorService mount = Executors.newSingleThreadExecutor();
    CountDownLatch stopped = new CountDownLatch(1);
    Future<?> reading =
        mount.submit(
            () -> {
              try {
                return reader.read(plan(login, "a"), CREDENTIALS, after(60), UNBOUNDED);
              } catch (InterruptedException e) {
                stopped.countDown();
                throw e;
              }
            });
    hanging.await();

    reading.cancel(true);

    assertThat(stopped.await(30, TimeUnit.SECONDS)).isTrue();
    assertThat(interrupted.await(30, TimeUnit.SECONDS)).isTrue();
    mount.shutdownNow();
  }

  /** A deadline that is asked so often and then passes, once the store hangs: no test waits. */
  private static Deadline passesOnce(CountDownLatch hanging, int asked) {
    AtomicInteger calls = new AtomicInteger();
    Ticker turning =
        () -> {
          if (calls.incrementAndGet() <= asked) {
            return 0;
          }
          try {
            hanging.await();
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
          return MINUTE.toNanos();
        };
    return new Deadline(turning, MINUTE.toNanos());
  }
}
