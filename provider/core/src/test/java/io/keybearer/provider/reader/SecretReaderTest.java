package io.keybearer.provider.reader;

import static io.keybearer.provider.ScriptedBackend.answers;
import static io.keybearer.provider.ScriptedBackend.nameOf;
import static io.keybearer.provider.ScriptedBackend.object;
import static io.keybearer.provider.ScriptedBackend.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.keybearer.provider.Batch;
import io.keybearer.provider.Login;
import io.keybearer.provider.MountFailure;
import io.keybearer.provider.MountPlan;
import io.keybearer.provider.ReadOutcome;
import io.keybearer.provider.Reason;
import io.keybearer.provider.ScriptedBackend;
import io.keybearer.provider.ScriptedBackend.Reference;
import io.keybearer.provider.SecretRef;
import io.keybearer.provider.reader.TimedOutcome.Source;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class SecretReaderTest extends SecretReaderFixture {

  @Test
  void readsWhatThePlanNames() throws InterruptedException {
    Map<ReadKey, TimedOutcome> outcomes = read(store, plan(login, "a", "b"));

    assertThat(outcomes)
        .containsOnly(
            entry(key(login, "a"), answered("secret of a")),
            entry(key(login, "b"), answered("secret of b")));
    assertThat(store.opened()).containsExactly(login);
    assertThat(store.requests()).containsExactlyInAnyOrder(Set.of("a"), Set.of("b"));
  }

  @Test
  void readsEachDistinctReferenceOnce() throws InterruptedException {
    Map<ReadKey, TimedOutcome> outcomes = read(store, plan(login, "a", "b", "a", "a"));

    assertThat(outcomes).hasSize(2);
    assertThat(store.requests()).containsExactlyInAnyOrder(Set.of("a"), Set.of("b"));
  }

  @Test
  void readsAReferenceInEachSessionThatWantsIt() throws InterruptedException {
    Login other = store.login("admin", "https://store");

    Map<ReadKey, TimedOutcome> outcomes =
        read(store, new MountPlan(List.of(object("a", login), object("a", other)), List.of()));

    assertThat(outcomes).containsOnlyKeys(key(login, "a"), key(other, "a"));
    assertThat(store.opened()).containsExactlyInAnyOrder(login, other);
    assertThat(store.requests()).containsExactly(Set.of("a"), Set.of("a"));
  }

  @Test
  void opensOneSessionForLoginsOfEqualKeys() throws InterruptedException {
    Login same = new Login(login.key(), List.of("elsewhere"));

    read(store, new MountPlan(List.of(object("a", login), object("b", same)), List.of()));

    assertThat(store.opened()).containsExactly(login);
  }

  @ParameterizedTest
  @CsvSource({"1, 5", "2, 3", "4, 2", "5, 1", "20, 1"})
  @DisplayName("rule 11: references are read in sets of what one request can carry")
  void formsSetsOfWhatOneRequestCarries(int referencesPerRequest, int requests)
      throws InterruptedException {
    ScriptedBackend batching = new ScriptedBackend("scripted", referencesPerRequest, 100);

    Map<ReadKey, TimedOutcome> outcomes = read(batching, plan(login, "a", "b", "c", "d", "e"));

    assertThat(outcomes).hasSize(5);
    assertThat(batching.requests())
        .hasSize(requests)
        .allMatch(set -> set.size() <= referencesPerRequest);
    assertThat(batching.requests().stream().flatMap(Set::stream))
        .containsExactlyInAnyOrder("a", "b", "c", "d", "e");
  }

  @Test
  @DisplayName("rule 11: what can't travel together is read in sets of its own")
  void formsSetsOfEachKind() throws InterruptedException {
    store.batches(
        reference ->
            nameOf(reference).startsWith("p") ? new Batch("pairs", 2) : new Batch("threes", 3));

    read(store, plan(login, "p1", "t1", "p2", "t2", "p3", "t3"));

    assertThat(store.requests())
        .containsExactlyInAnyOrder(Set.of("p1", "p2"), Set.of("p3"), Set.of("t1", "t2", "t3"));
  }

  @Test
  @DisplayName("rule 11: what a store does not answer together is read again as its session says")
  void readsApartWhatTheStoreDoesNotAnswerTogether() throws InterruptedException {
    AtomicBoolean together = new AtomicBoolean(true);
    store
        .batches(reference -> together.get() ? new Batch("", 3) : Batch.alone())
        .reading(
            (references, deadline, arrived) -> {
              Map<SecretRef, ReadOutcome> answers =
                  new HashMap<>(ScriptedBackend.answers(references));
              if (together.getAndSet(false)) {
                answers.replaceAll(
                    (reference, answer) ->
                        nameOf(reference).equals("b") ? answer : new ReadOutcome.Apart());
              }
              return answers;
            });

    Map<ReadKey, TimedOutcome> outcomes = read(store, plan(login, "a", "b", "c"));

    assertThat(outcomes.values())
        .extracting(TimedOutcome::outcome)
        .containsExactlyInAnyOrder(
            value("secret of a"), value("secret of b"), value("secret of c"));
    assertThat(store.requests())
        .containsExactlyInAnyOrder(Set.of("a", "b", "c"), Set.of("a"), Set.of("c"));
    assertThat(store.opened()).hasSize(1);
  }

  @Test
  @DisplayName("rule 11: a store that does not answer one reference alone has a defect")
  void takesNoOtherWayForWhatWasReadAlone() throws InterruptedException {
    store.reading(
        (references, deadline, arrived) ->
            Map.of(references.iterator().next(), new ReadOutcome.Apart()));

    assertThat(read(store, plan(login, "a")).values())
        .singleElement()
        .extracting(TimedOutcome::outcome)
        .isInstanceOfSatisfying(
            ReadOutcome.Failed.class,
            failed -> assertThat(failed.failure().reason()).isEqualTo(Reason.DEFECT));
    assertThat(store.requests()).hasSize(1);
  }

  @Test
  void aLoginThatFailsReachesEveryReferenceOfItAndNoOther() throws InterruptedException {
    MountFailure refused = MountFailure.of(Reason.LOGIN_FAILED, "login refused", "see the role");
    store.opening(
        (tried, deadline) -> {
          if (tried.equals(login)) {
            throw refused;
          }
        });
    Login other = store.login("admin", "https://store");

    Map<ReadKey, TimedOutcome> outcomes =
        read(
            store,
            new MountPlan(
                List.of(object("a", login), object("b", login), object("a", other)), List.of()));

    TimedOutcome failed =
        new TimedOutcome(new ReadOutcome.Failed(refused), Source.STORE, Duration.ZERO);
    assertThat(outcomes)
        .containsOnly(
            entry(key(login, "a"), failed),
            entry(key(login, "b"), failed),
            entry(key(other, "a"), answered("secret of a")));
  }

  @Test
  void aRequestThatFailsReachesItsOwnReferencesOnly() throws InterruptedException {
    MountFailure denied = MountFailure.of(Reason.ACCESS_DENIED, "denied", "see the policy");
    store.reading(
        (references, deadline, arrived) -> {
          if (references.contains(new Reference("b"))) {
            throw denied;
          }
          return answers(references);
        });

    Map<ReadKey, TimedOutcome> outcomes = read(store, plan(login, "a", "b"));

    assertThat(outcomes)
        .containsOnly(
            entry(key(login, "a"), answered("secret of a")),
            entry(
                key(login, "b"),
                new TimedOutcome(new ReadOutcome.Failed(denied), Source.STORE, Duration.ZERO)));
  }

  @Test
  void anUnexpectedExceptionOfARequestIsADefectWithoutItsMessage() throws InterruptedException {
    store.reading(
        (references, deadline, arrived) -> {
          throw new IllegalStateException("canary", new IllegalStateException("canary"));
        });

    MountFailure failure = failure(only(read(store, plan(login, "a"))));

    assertThat(failure.reason()).isEqualTo(Reason.DEFECT);
    assertThat(failure.getMessage())
        .matches(
            "reading failed unexpectedly \\(IllegalStateException at SecretReaderTest\\.java:\\d+\\);"
                + " report this to the Keybearer project");
    assertThat(failure).hasNoCause();
  }

  @Test
  void anUnexpectedExceptionOfALoginIsADefectWithoutItsMessage() throws InterruptedException {
    store.opening(
        (tried, deadline) -> {
          throw new IllegalStateException("canary");
        });

    MountFailure failure = failure(only(read(store, plan(login, "a"))));

    assertThat(failure.reason()).isEqualTo(Reason.DEFECT);
    assertThat(failure.getMessage())
        .matches(
            "reading failed unexpectedly \\(IllegalStateException at SecretReaderTest\\.java:\\d+\\);"
                + " report this to the Keybearer project");
  }

  @Test
  void anAnswerThatLeavesAReferenceOutIsADefect() throws InterruptedException {
    ScriptedBackend batching =
        new ScriptedBackend("scripted", 2, 100)
            .reading((references, deadline, arrived) -> answers(Set.of(new Reference("a"))));

    Map<ReadKey, TimedOutcome> outcomes = read(batching, plan(login, "a", "b"));

    assertThat(outcomes.get(key(login, "a"))).isEqualTo(answered("secret of a"));
    assertFailed(
        outcomes.get(key(login, "b")),
        Reason.DEFECT,
        "the store's answer leaves this object out; try again");
  }

  @Test
  void anAnswerToWhatNobodyAskedIsDropped() throws InterruptedException {
    store.reading(
        (references, deadline, arrived) -> {
          Map<SecretRef, ReadOutcome> more = new LinkedHashMap<>(answers(references));
          more.put(new Reference("other"), value("other"));
          return more;
        });

    assertThat(read(store, plan(login, "a"))).containsOnlyKeys(key(login, "a"));
  }

  @Test
  void usesWhatAnEarlierMountReadWithoutASession() throws InterruptedException {
    SecretReader reader = reader(store);
    read(reader, plan(login, "a", "not wanted"));

    Map<ReadKey, TimedOutcome> outcomes = read(reader, plan(login, "a"));

    assertThat(outcomes).containsOnly(entry(key(login, "a"), remembered("secret of a")));
    assertThat(store.opened()).hasSize(1);
    assertThat(store.requests()).hasSize(2);
  }

  @Test
  void recallsAPlanWhoseReferencesAreAllKnown() throws Exception {
    SecretReader reader = reader(store);
    read(reader, plan(login, "a", "b", "not wanted"));
    MountPlan plan = plan(login, "a", "b", "a");

    Optional<Map<ReadKey, TimedOutcome>> outcomes = recall(reader, plan);

    assertThat(outcomes)
        .contains(
            Map.of(
                key(login, "a"), remembered("secret of a"),
                key(login, "b"), remembered("secret of b")))
        .contains(read(reader, plan));
    assertThat(store.opened()).hasSize(1);
    assertThat(store.requests()).hasSize(3);
  }

  @Test
  void recallsNothingOfAPlanWithOneReferenceThatIsNotKnown() throws Exception {
    Login other = store.login("admin", "https://store");
    SecretReader reader = reader(store);
    assertThat(recall(reader, plan(login, "a"))).isEmpty();
    read(reader, plan(login, "a"));

    assertThat(recall(reader, plan(login, "a"))).isPresent();
    assertThat(recall(reader, plan(login, "a", "b"))).isEmpty();
    assertThat(
            recall(
                reader, new MountPlan(List.of(object("a", login), object("a", other)), List.of())))
        .isEmpty();
    assertThat(store.opened()).hasSize(1);
  }

  @Test
  void readsWhatIsNotRecalled() throws InterruptedException {
    SecretReader reader = reader(store);
    read(reader, plan(login, "a"));

    Map<ReadKey, TimedOutcome> outcomes = read(reader, plan(login, "a", "b"));

    assertThat(outcomes)
        .containsOnly(
            entry(key(login, "a"), remembered("secret of a")),
            entry(key(login, "b"), answered("secret of b")));
    assertThat(store.requests()).containsExactly(Set.of("a"), Set.of("b"));
  }

  @Test
  void anErrorOfTheMachineIsADefectToo() throws InterruptedException {
    store.reading(
        (references, deadline, arrived) -> {
          throw new StackOverflowError("canary");
        });

    MountFailure failure = failure(only(read(store, plan(login, "a"))));

    assertThat(failure.reason()).isEqualTo(Reason.DEFECT);
    assertThat(failure.getMessage())
        .matches(
            "reading failed unexpectedly \\(StackOverflowError at SecretReaderTest\\.java:\\d+\\);"
                + " report this to the Keybearer project");
  }

  private static Optional<Map<ReadKey, TimedOutcome>> recall(SecretReader reader, MountPlan plan)
      throws MountFailure {
    return reader
        .recall(planned(plan), CREDENTIALS, UNBOUNDED)
        .map(SecretReader.Recalled::outcomes);
  }

  private static TimedOutcome remembered(String content) {
    return new TimedOutcome(value(content), Source.MEMORY, Duration.ZERO);
  }
}
