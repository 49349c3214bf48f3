package io.keybearer.provider.reader;

import static io.keybearer.provider.ScriptedBackend.answers;
import static io.keybearer.provider.ScriptedBackend.object;
import static io.keybearer.provider.ScriptedBackend.value;
import static org.assertj.core.api.Assertions.assertThat;

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
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class SecretReaderBoundsTest extends SecretReaderFixture {

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

    assertThat(
            reader(store, new SecretReader.Bounds(2, 100, 1000))
                .read(plan(login, names(20)), CREDENTIALS, after(60), UNBOUNDED))
        .hasSize(20);
    assertThat(store.mostRunning()).isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource({"2, 100", "100, 2"})
  @DisplayName("rule 17: an address gets no more requests at once than its bound, of all mounts")
  void boundsTheRequestsOfAnAddress(int readsOfAddress, int requestsAtOnce) throws Exception {
    CyclicBarrier both = new CyclicBarrier(2);
    ScriptedBackend bounded =
        new ScriptedBackend("scripted", 1, requestsAtOnce)
            .reading(
                (references, deadline, arrived) -> {
                  meet(both);
                  return answers(references);
                });
    SecretReader reader = reader(bounded, new SecretReader.Bounds(100, readsOfAddress, 1000));
    Login other = store.login("admin", "https://store");
    ExecutorService mounts = Executors.newFixedThreadPool(2);
    try {
      Future<Map<ReadKey, TimedOutcome>> one =
          mounts.submit(
              () -> reader.read(plan(login, names(20)), CREDENTIALS, after(60), UNBOUNDED));
      Future<Map<ReadKey, TimedOutcome>> two =
          mounts.submit(
              () -> reader.read(plan(other, names(20)), CREDENTIALS, after(60), UNBOUNDED));

      assertThat(one.get().values()).allMatch(SecretReaderFixture::isValue).hasSize(20);
      assertThat(two.get().values()).allMatch(SecretReaderFixture::isValue).hasSize(20);
    } finally {
      mounts.shutdownNow();
    }
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
    SecretReader reader = reader(store, new SecretReader.Bounds(100, 1, 1000));

    Map<ReadKey, TimedOutcome> outcomes =
        reader.read(
            new MountPlan(List.of(object("slow", login), object("fast", elsewhere)), List.of()),
            CREDENTIALS,
            after(60),
            UNBOUNDED);

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

    Map<ReadKey, TimedOutcome> outcomes =
        reader(store, new SecretReader.Bounds(10, 10, 10))
            .read(plan(login, "a", "b"), CREDENTIALS, after(60), UNBOUNDED);

    assertThat(outcomes.get(key(login, "a"))).isEqualTo(answered("x".repeat(10)));
    assertFailed(
        outcomes.get(key(login, "b")),
        Reason.INVALID_PARAMETERS,
        "the value has 11 bytes, and one value may have 10; store less in it, or raise"
            + " --max-value-bytes");
  }

  @Test
  @DisplayName("rule 18: a value that is recalled has the same bound")
  void refusesARecalledValueThatIsTooLarge() throws InterruptedException {
    store.recalling("a", value("x".repeat(11)).value());

    Map<ReadKey, TimedOutcome> outcomes =
        reader(store, new SecretReader.Bounds(10, 10, 10))
            .read(plan(login, "a"), CREDENTIALS, after(60), UNBOUNDED);

    assertFailed(
        outcomes.get(key(login, "a")),
        Reason.INVALID_PARAMETERS,
        "the value has 11 bytes, and one value may have 10; store less in it, or raise"
            + " --max-value-bytes");
  }

  @Test
  @DisplayName("rule 18: a plan that is recalled has the same bound of a value")
  void recallsAValueThatIsTooLargeAsAFailure() {
    store.recalling("a", value("x".repeat(11)).value());

    Map<ReadKey, TimedOutcome> outcomes =
        reader(store, new SecretReader.Bounds(10, 10, 10)).recall(plan(login, "a")).orElseThrow();

    assertFailed(
        outcomes.get(key(login, "a")),
        Reason.INVALID_PARAMETERS,
        "the value has 11 bytes, and one value may have 10; store less in it, or raise"
            + " --max-value-bytes");
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
