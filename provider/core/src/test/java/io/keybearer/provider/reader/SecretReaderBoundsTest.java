package io.keybearer.provider.reader;

import static io.keybearer.provider.ScriptedBackend.answers;
import static io.keybearer.provider.ScriptedBackend.object;
import static io.keybearer.provider.ScriptedBackend.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.keybearer.provider.Login;
import io.keybearer.provider.MountPlan;
import io.keybearer.provider.Reason;
import io.keybearer.provider.ScriptedBackend;
import io.keybearer.provider.ScriptedBackend.Reference;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class SecretReaderBoundsTest extends SecretReaderFixture {

  private static final SecretReader.Bounds TEN_BYTES = new SecretReader.Bounds(10, 10, 10, 100_000);

  @Test
  void readsInParallel() throws InterruptedException {
    CyclicBarrier allThree = new CyclicBarrier(3);
    store.reading(
        (references, deadline, arrived) -> {
          meet(allThree);
          return answers(references);
        });

    assertThat(read(store, plan(login, "a", "b", "c"))).hasSize(3);
    assertThat(store.mostRunning()).isEqualTo(3);
  }

  @Test
  @DisplayName("rule 17: a mount has no more requests out at once than its bound")
  void boundsTheRequestsOfAMount() throws InterruptedException {
    CyclicBarrier both = new CyclicBarrier(2);
    store.reading(
        (references, deadline, arrived) -> {
          meet(both);
          return answers(references);
        });

    assertThat(read(reader(store, bounds(2, 100)), plan(login, names(20)))).hasSize(20);
    assertThat(store.mostRunning()).isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource({"2, 100", "100, 2"})
  @DisplayName("rule 17: an address gets no more requests at once than its bound, of all mounts")
  void boundsTheRequestsOfAnAddress(int readsOfAddress, int requestsAtOnce)
      throws InterruptedException {
    CyclicBarrier both = new CyclicBarrier(2);
    ScriptedBackend bounded =
        new ScriptedBackend("scripted", 1, requestsAtOnce)
            .reading(
                (references, deadline, arrived) -> {
                  meet(both);
                  return answers(references);
                });
    SecretReader reader = reader(bounded, bounds(100, readsOfAddress));
    Login other = store.login("admin", "https://store");
    Future<Map<ReadKey, TimedOutcome>> one =
        begin(reader, plan(login, names(20)), after(60), UNBOUNDED);
    Future<Map<ReadKey, TimedOutcome>> two =
        begin(reader, plan(other, names(20)), after(60), UNBOUNDED);

    assertThat(await(one).values()).allMatch(SecretReaderFixture::isValue).hasSize(20);
    assertThat(await(two).values()).allMatch(SecretReaderFixture::isValue).hasSize(20);
    assertThat(bounded.mostRunning()).isEqualTo(2);
  }

  @Test
  void oneAddressDoesNotWaitForAnother() throws InterruptedException {
    CountDownLatch fast = new CountDownLatch(1);
    store.reading(
        (references, deadline, arrived) -> {
          if (references.contains(new Reference("slow"))) {
            fast.await();
          } else {
            fast.countDown();
          }
          return answers(references);
        });
    Login elsewhere = store.login("web2", "https://elsewhere");

    Map<ReadKey, TimedOutcome> outcomes =
        read(
            reader(store, bounds(100, 1)),
            new MountPlan(List.of(object("slow", login), object("fast", elsewhere)), List.of()));

    assertThat(outcomes.values()).hasSize(2).allMatch(SecretReaderFixture::isValue);
  }

  @Test
  @DisplayName("rule 18: a value over the bound is refused, one at the bound is not")
  void refusesAValueThatIsTooLarge() throws InterruptedException {
    store.reading(
        (references, deadline, arrived) ->
            Map.of(
                new Reference("a"),
                value("x".repeat(10)),
                new Reference("b"),
                value("x".repeat(11))));

    Map<ReadKey, TimedOutcome> outcomes = read(reader(store, TEN_BYTES), plan(login, "a", "b"));

    assertThat(outcomes.get(key(login, "a"))).isEqualTo(answered("x".repeat(10)));
    assertFailed(
        outcomes.get(key(login, "b")),
        Reason.INVALID_PARAMETERS,
        "the value has 11 bytes, and one value may have 10; store less in it, or raise"
            + " --max-value-bytes");
  }

  @Test
  @DisplayName("rule 18: a value over the bound is not kept, so the next mount asks for it again")
  void remembersNoValueThatIsTooLarge() throws Exception {
    store.reading(
        (references, deadline, arrived) -> Map.of(new Reference("a"), value("x".repeat(11))));
    SecretReader reader = reader(store, TEN_BYTES);
    MountPlan plan = plan(login, "a");
    read(reader, plan);

    assertThat(reader.recall(planned(plan), CREDENTIALS, UNBOUNDED)).isEmpty();
    assertThat(reader.memoryBytes()).isZero();
    TimedOutcome second = only(read(reader, plan));

    assertThat(second.source()).isEqualTo(TimedOutcome.Source.STORE);
    assertThat(store.requests()).hasSize(2);
    assertFailed(
        second,
        Reason.INVALID_PARAMETERS,
        "the value has 11 bytes, and one value may have 10; store less in it, or raise"
            + " --max-value-bytes");
  }

  /** Nobody started it any more: its mount waited for its whole time, and blamed the store. */
  @Test
  void whatWaitedForTheRoomOfAnotherMountIsReadWhenThatMountLeaves() throws Exception {
    CountDownLatch hanging = new CountDownLatch(1);
    CountDownLatch never = new CountDownLatch(1);
    store.reading(
        (references, deadline, arrived) -> {
          if (references.contains(new Reference("hangs"))) {
            hanging.countDown();
            never.await();
          }
          return answers(references);
        });
    SecretReader reader = reader(store, bounds(1, 100));
    Future<Map<ReadKey, TimedOutcome>> first =
        begin(reader, plan(login, "hangs", "b"), after(60), UNBOUNDED);
    SecretReader.Reading leaving = reading;
    hanging.await();
    Future<Map<ReadKey, TimedOutcome>> second =
        begin(reader, plan(login, "b"), after(60), UNBOUNDED);

    leaving.leave();

    assertThat(first).isNotDone();
    assertThat(second.get(10, TimeUnit.SECONDS))
        .containsExactly(entry(key(login, "b"), answered("secret of b")));
  }

  private static String[] names(int count) {
    return IntStream.range(0, count).mapToObj(Integer::toString).toArray(String[]::new);
  }

  private static void meet(CyclicBarrier barrier) throws InterruptedException {
    try {
      barrier.await();
    } catch (BrokenBarrierException e) {
      throw new IllegalStateException(e);
    }
  }
}
