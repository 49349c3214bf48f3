package io.keybearer.provider.mount;

import static io.keybearer.provider.ScriptedBackend.answers;
import static io.keybearer.provider.ScriptedBackend.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import io.keybearer.provider.Deadline;
import io.keybearer.provider.DirectThreads;
import io.keybearer.provider.Freshness;
import io.keybearer.provider.MountFailure;
import io.keybearer.provider.MountPlan;
import io.keybearer.provider.MountRequest;
import io.keybearer.provider.NodeFacts;
import io.keybearer.provider.Place;
import io.keybearer.provider.PlanWarning;
import io.keybearer.provider.PlannedObject;
import io.keybearer.provider.PodIdentity;
import io.keybearer.provider.Reason;
import io.keybearer.provider.ScriptedBackend;
import io.keybearer.provider.ScriptedBackend.Reference;
import io.keybearer.provider.SecretFile;
import io.keybearer.provider.TurnedTicker;
import io.keybearer.provider.mount.MountReport.ObjectReport;
import io.keybearer.provider.reader.SecretReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@link MountPipeline#answerFromMemory}, beside the way through the queue. */
@Timeout(60)
class AnswerFromMemoryTest {

  private static final MountRequest REQUEST = ScriptedBackend.request("shop");

  private final TurnedTicker ticker = new TurnedTicker();
  private final ScriptedBackend store = new ScriptedBackend();
  private final SecretReader.Time time = new SecretReader.Time(ticker, ticker, ticker);
  private final SecretReader reader =
      new SecretReader(
          name -> store,
          new SecretReader.Bounds(100, 100, 1000, 100_000),
          time,
          new DirectThreads());
  private final AtomicInteger planned = new AtomicInteger();
  private final InFlightBytes inFlight = new InFlightBytes(100);
  private final List<MountAnswer> answers = new ArrayList<>();
  private final MountPipeline pipeline =
      new MountPipeline(
          new NodeFacts("node-1", 1000, Freshness.Limits.usual()),
          reader,
          new MountQueue(new MountQueue.Bounds(1, 0, 0), Runnable::run),
          1000,
          time);

  @BeforeEach
  void planTwoObjects() {
    store.planning(
        (request, node) -> {
          planned.incrementAndGet();
          MountPlan plan = store.planOf(request, "a", "b");
          return new MountPlan(
              plan.objects(), List.of(new PlanWarning(Place.of("objects"), "a plan's warning")));
        });
  }

  @AfterEach
  void closeReader() {
    reader.close();
  }

  @Test
  void knowsNothingBeforeTheFirstMount() throws InterruptedException {
    mount(of(new PodIdentity("shop", "web-1", "uid-1", "web"), 0644, Map.of()));

    assertThat(fromMemory(REQUEST)).isFalse();
    assertThat(answers).hasSize(1);
    assertThat(planned).hasValue(1);
    assertThat(store.requests()).hasSize(2);
  }

  @Test
  void answersWhatWasMountedOnce() throws InterruptedException {
    mount(REQUEST);

    assertThat(fromMemory(REQUEST)).isTrue();

    assertThat(answers).hasSize(2);
    assertThat(files(1).result().files())
        .containsExactly(
            new SecretFile("a", 0644, bytes("secret of a")),
            new SecretFile("b", 0644, bytes("secret of b")));
    assertThat(planned).hasValue(1);
    assertThat(store.opened()).hasSize(1);
  }

  @Test
  void answersTheSameBytesAndReportAsTheSlowWay() throws InterruptedException {
    store.reading(
        (references, deadline, arrived) -> {
          ticker.turn(Duration.ofMillis(30));
          return answers(references);
        });
    mount(REQUEST);
    mount(REQUEST);

    assertThat(fromMemory(REQUEST)).isTrue();

    assertThat(files(2).result()).isEqualTo(files(0).result());
    assertThat(files(2)).isEqualTo(files(1));
    assertThat(files(0).report().objects()).allMatch(each -> each.source().equals("STORE"));
    assertThat(files(2).report())
        .isEqualTo(
            new MountReport(
                REQUEST.pod(),
                "database",
                "scripted",
                true,
                "OK",
                "",
                List.of(
                    new ObjectReport("a", "v1", "MEMORY", "OK", Duration.ZERO),
                    new ObjectReport("b", "v1", "MEMORY", "OK", Duration.ZERO)),
                2,
                22,
                Duration.ZERO,
                Duration.ZERO,
                List.of("a plan's warning")));
  }

  @Test
  void leavesAMountWithOneMissingReferenceToTheSlowWay() throws InterruptedException {
    store.reading(
        (references, deadline, arrived) -> {
          if (references.contains(new Reference("b"))) {
            throw MountFailure.of(Reason.NOT_FOUND, "no such secret", "create it");
          }
          return answers(references);
        });
    mount(REQUEST);

    assertThat(fromMemory(REQUEST)).isFalse();
    assertThat(answers).hasSize(1);
    assertThat(store.requests()).containsExactly(Set.of("a"), Set.of("b"));

    store.reading((references, deadline, arrived) -> answers(references));
    mount(REQUEST);

    assertThat(files(1).result().files()).hasSize(2);
    assertThat(files(1).report().objects())
        .extracting(ObjectReport::source)
        .containsExactly("MEMORY", "STORE");
    assertThat(store.requests()).hasSize(3);
    assertThat(planned).hasValue(1);
  }

  @Test
  void mountsOfEqualRequestsArePlannedOnce() throws InterruptedException {
    mount(REQUEST);
    mount(ScriptedBackend.request("shop"));
    assertThat(planned).hasValue(1);

    PodIdentity pod = REQUEST.pod();
    mount(of(new PodIdentity(pod.namespace(), "web-1", "uid-1", "web"), 0644, Map.of()));
    mount(of(pod, 0640, Map.of()));
    mount(of(pod, 0644, Map.of("objects", "a")));

    assertThat(planned).hasValue(4);
    assertThat(answers).hasSize(5).allMatch(MountAnswer.Files.class::isInstance);
  }

  @Test
  void knowsNothingOfARequestThatDiffers() throws InterruptedException {
    mount(REQUEST);

    assertThat(fromMemory(of(REQUEST.pod(), 0640, Map.of()))).isFalse();
    assertThat(fromMemory(of(REQUEST.pod(), 0644, Map.of("objects", "a")))).isFalse();
    assertThat(fromMemory(ScriptedBackend.request("blog"))).isFalse();
    assertThat(pipeline.answerFromMemory("other", REQUEST, deadline(), caller())).isFalse();
    assertThat(answers).hasSize(1);
  }

  @Test
  void aPlanThatFailedIsMadeAnew() throws InterruptedException {
    store.planning(
        (request, node) -> {
          planned.incrementAndGet();
          throw MountFailure.of(Reason.INVALID_PARAMETERS, "no objects", "name one");
        });
    mount(REQUEST);
    assertThat(fromMemory(REQUEST)).isFalse();
    mount(REQUEST);
    assertThat(planned).hasValue(2);

    planTwoObjects();
    mount(REQUEST);

    assertThat(planned).hasValue(3);
    assertThat(files(2).result().files()).hasSize(2);
  }

  @Test
  void plansAnewWhatNobodyAskedForInTenMinutes() throws InterruptedException {
    mount(REQUEST);
    ticker.turn(Duration.ofMinutes(10));

    assertThat(fromMemory(REQUEST)).isFalse();
    mount(REQUEST);

    assertThat(planned).hasValue(2);
  }

  @Test
  void answersARotationCallThatLeavesTheSecretProviderClassOut() throws InterruptedException {
    mount(REQUEST);

    assertThat(fromMemory(REQUEST.ofSecretProviderClass(""))).isTrue();

    assertThat(files(1).report().secretProviderClass()).isEqualTo("database");
  }

  @Test
  void answersWhileTheOnlyPlaceOfTheQueueIsTaken() throws InterruptedException {
    mount(REQUEST);
    List<Boolean> answered = new ArrayList<>();
    store.reading(
        (references, deadline, arrived) -> {
          answered.add(fromMemory(REQUEST));
          return answers(references);
        });
    store.planning((request, node) -> store.planOf(request, "c"));

    mount(ScriptedBackend.request("blog"));

    assertThat(answered).containsExactly(true);
    assertThat(answers).hasSize(3).allMatch(MountAnswer.Files.class::isInstance);
  }

  @Test
  void aRecalledValueThatCanNotBeDeliveredIsTheSameFailureAsTheSlowWay()
      throws InterruptedException {
    store.planning(
        (request, node) ->
            new MountPlan(
                List.of(
                    new PlannedObject(
                        "a",
                        store.login("web", "https://store"),
                        new Reference("a"),
                        value -> {
                          throw MountFailure.of(Reason.INVALID_PARAMETERS, "no JSON", "see it");
                        })),
                List.of()));
    mount(REQUEST);
    mount(REQUEST);

    assertThat(fromMemory(REQUEST)).isTrue();

    assertThat(failure(2).failure()).hasMessage("scripted: object \"a\": no JSON; see it");
    assertThat(failure(2).report()).isEqualTo(failure(1).report());
    assertThat(failure(2).report().objects())
        .containsExactly(new ObjectReport("a", "", "MEMORY", "INVALID_PARAMETERS", Duration.ZERO));
    assertThat(store.requests()).hasSize(1);
  }

  @Test
  void aMountWhoseBytesWerePushedOutIsLeftToTheSlowWayAndIsBusyThere() throws Exception {
    mount(REQUEST);
    InFlightBytes.Account own = inFlight.open(() -> {});
    own.add(60);
    inFlight.open(() -> {}).add(50);
    RecordingCaller caller = new RecordingCaller(own, answers::add);

    assertThat(pipeline.answerFromMemory("scripted", REQUEST, deadline(), caller)).isFalse();
    assertThat(answers).hasSize(1);
    pipeline.mount(store, REQUEST, deadline(), caller);

    assertThat(failure(1).failure().reason()).isEqualTo(Reason.BUSY);
    assertThat(planned).hasValue(1);
  }

  private void mount(MountRequest request) throws InterruptedException {
    pipeline.mount(store, request, deadline(), caller());
  }

  private boolean fromMemory(MountRequest request) {
    return pipeline.answerFromMemory("scripted", request, deadline(), caller());
  }

  private RecordingCaller caller() {
    return new RecordingCaller(inFlight.open(() -> {}), answers::add);
  }

  private Deadline deadline() {
    return Deadline.after(Duration.ofMinutes(1), ticker);
  }

  private static MountRequest of(PodIdentity pod, int mode, Map<String, String> parameters) {
    return new MountRequest(pod, "database", "/target", mode, parameters);
  }

  private MountAnswer.Files files(int index) {
    assertThat(answers.get(index)).isInstanceOf(MountAnswer.Files.class);
    return (MountAnswer.Files) answers.get(index);
  }

  private MountAnswer.Failed failure(int index) {
    assertThat(answers.get(index)).isInstanceOf(MountAnswer.Failed.class);
    return (MountAnswer.Failed) answers.get(index);
  }
}
