package io.keybearer.provider.mount;

import static io.keybearer.provider.ScriptedBackend.answers;
import static io.keybearer.provider.ScriptedBackend.bytes;
import static io.keybearer.provider.ScriptedBackend.nameOf;
import static io.keybearer.provider.ScriptedBackend.object;
import static io.keybearer.provider.ScriptedBackend.value;
import static org.assertj.core.api.Assertions.assertThat;

import io.keybearer.provider.Deadline;
import io.keybearer.provider.DirectThreads;
import io.keybearer.provider.Freshness;
import io.keybearer.provider.Login;
import io.keybearer.provider.MountFailure;
import io.keybearer.provider.MountPlan;
import io.keybearer.provider.MountRequest;
import io.keybearer.provider.NodeFacts;
import io.keybearer.provider.ObjectVersion;
import io.keybearer.provider.Place;
import io.keybearer.provider.PlanWarning;
import io.keybearer.provider.PlannedObject;
import io.keybearer.provider.ReadOutcome;
import io.keybearer.provider.Reason;
import io.keybearer.provider.Rendering;
import io.keybearer.provider.ScriptedBackend;
import io.keybearer.provider.ScriptedBackend.Reference;
import io.keybearer.provider.SecretFile;
import io.keybearer.provider.SecretRef;
import io.keybearer.provider.TurnedTicker;
import io.keybearer.provider.mount.MountReport.ObjectReport;
import io.keybearer.provider.reader.SecretReader;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class MountPipelineTest {

  private static final NodeFacts NODE = new NodeFacts("node-1", 1000, Freshness.Limits.usual());
  private static final MountQueue.Bounds ROOM = new MountQueue.Bounds(1, 10, 10);

  private final TurnedTicker ticker = new TurnedTicker();
  private final ScriptedBackend store = new ScriptedBackend();
  private final Login login = store.login("web", "https://store");
  private final SecretReader.Time time = new SecretReader.Time(ticker, ticker, ticker);
  private final SecretReader reader =
      new SecretReader(
          name -> store,
          new SecretReader.Bounds(100, 100, 1000, 100_000),
          time,
          new DirectThreads());
  private final Queue<Runnable> threads = new ArrayDeque<>();
  private final InFlightBytes inFlight = new InFlightBytes(100);
  private final List<MountAnswer> answers = new ArrayList<>();

  @AfterEach
  void closeReader() {
    reader.close();
  }

  @Test
  void answersWithFilesAndTellsWhatHappened() throws InterruptedException {
    store.planning((request, node) -> plan("", object("b", login)));
    mount(pipeline(ROOM), ScriptedBackend.request("earlier"));
    answers.clear();
    store
        .planning((request, node) -> plan("a plan's warning", object("a", login), wide("b")))
        .reading(
            (references, deadline, arrived) -> {
              ticker.turn(Duration.ofMillis(30));
              return answers(references);
            });

    mount(pipeline(ROOM), ScriptedBackend.request("shop"));

    MountAnswer.Files answer = files();
    assertThat(answer.result().files())
        .containsExactly(
            new SecretFile("a", 0644, bytes("secret of a")),
            new SecretFile("b", 0644, bytes("secret of b")));
    assertThat(answer.result().versions())
        .containsExactly(new ObjectVersion("a", "v1"), new ObjectVersion("b", "v1"));
    assertThat(answer.report())
        .isEqualTo(
            new MountReport(
                ScriptedBackend.request("shop").pod(),
                "database",
                "scripted",
                false,
                "OK",
                "",
                List.of(
                    new ObjectReport("a", "v1", "STORE", "OK", Duration.ofMillis(30)),
                    new ObjectReport("b", "v1", "MEMORY", "OK", Duration.ZERO)),
                2,
                22,
                Duration.ZERO,
                Duration.ofMillis(30),
                List.of("a plan's warning", "\"b\": mode 01644 becomes 0644")));
    assertThat(answer.report().succeeded()).isTrue();
  }

  @Test
  void theFirstFailingObjectDecidesTheReasonAndAllAreTold() throws InterruptedException {
    store
        .planning(
            (request, node) ->
                plan(
                    "",
                    object("fine", login),
                    object("denied", login),
                    object("missing", login),
                    object("denied too", login)))
        .reading(
            (references, deadline, arrived) -> {
              Map<SecretRef, ReadOutcome> outcomes = new LinkedHashMap<>(answers(references));
              outcomes.replaceAll(
                  (reference, outcome) ->
                      switch (nameOf(reference)) {
                        case "denied", "denied too" ->
                            failed(Reason.ACCESS_DENIED, "denied", "see the policy");
                        case "missing" -> failed(Reason.NOT_FOUND, "no such secret", "create it");
                        default -> outcome;
                      });
              return outcomes;
            });

    mount(pipeline(ROOM), ScriptedBackend.request("shop"));

    String message =
        "scripted: objects \"denied\", \"denied too\": denied; see the policy | object \"missing\":"
            + " no such secret; create it";
    assertFailed(Reason.ACCESS_DENIED, message);
    MountReport report = only().report();
    assertThat(report.outcome()).isEqualTo("ACCESS_DENIED");
    assertThat(report.message()).isEqualTo(message);
    assertThat(report.files()).isZero();
    assertThat(report.bytes()).isZero();
    assertThat(report.succeeded()).isFalse();
    assertThat(report.objects().stream().map(o -> o.name() + " " + o.outcome()))
        .containsExactly(
            "fine OK", "denied ACCESS_DENIED", "missing NOT_FOUND", "denied too ACCESS_DENIED");
  }

  @Test
  void aRenderingThatFailsNamesItsObject() throws InterruptedException {
    store.planning(
        (request, node) ->
            plan(
                "",
                new PlannedObject(
                    "a",
                    login,
                    new Reference("a"),
                    value -> {
                      throw MountFailure.of(Reason.INVALID_PARAMETERS, "no JSON", "see the value");
                    })));

    mount(pipeline(ROOM), ScriptedBackend.request("shop"));

    assertFailed(Reason.INVALID_PARAMETERS, "scripted: object \"a\": no JSON; see the value");
  }

  @Test
  void twoObjectsOfOnePathFailAtTheSecond() throws InterruptedException {
    store.planning(
        (request, node) ->
            plan(
                "",
                object("a", login),
                new PlannedObject(
                    "b", login, new Reference("b"), value -> ScriptedBackend.file("a", value))));

    mount(pipeline(ROOM), ScriptedBackend.request("shop"));

    assertFailed(
        Reason.INVALID_PARAMETERS,
        "scripted: object \"b\": invalid path: path \"a\" is also written by object \"a\"; give each"
            + " object a path of its own");
  }

  @Test
  void anAnswerThatIsTooLargeFailsAsAWhole() throws InterruptedException {
    store.reading(
        (references, deadline, arrived) -> Map.of(new Reference("db"), value("x".repeat(999))));

    pipeline(ROOM)
        .mount(
            store,
            ScriptedBackend.request("shop"),
            deadline(),
            caller(new InFlightBytes(1000).open(() -> {})));

    assertThat(failure().getMessage())
        .startsWith("scripted: the files are 1069 bytes together, and the driver takes 1000; ");
    assertThat(failure().reason()).isEqualTo(Reason.INVALID_PARAMETERS);
  }

  @Test
  void aPlanThatFailsIsAnsweredWithoutTheQueue() throws InterruptedException {
    store.planning(
        (request, node) -> {
          throw MountFailure.of(Reason.INVALID_PARAMETERS, "no objects", "name one");
        });

    mount(pipeline(new MountQueue.Bounds(0, 0, 0)), ScriptedBackend.request("shop"));

    assertFailed(Reason.INVALID_PARAMETERS, "scripted: no objects; name one");
    assertThat(only().report().objects()).isEmpty();
    assertThat(store.opened()).isEmpty();
  }

  @Test
  void plansWithTheFactsOfItsNode() throws InterruptedException {
    List<NodeFacts> facts = new ArrayList<>();
    store.planning(
        (request, node) -> {
          facts.add(node);
          return plan("", object("a", login));
        });

    mount(pipeline(ROOM), ScriptedBackend.request("shop"));

    assertThat(facts).containsExactly(NODE);
  }

  @Test
  void aMountThatTheQueueRefusesIsBusy() throws InterruptedException {
    mount(pipeline(new MountQueue.Bounds(0, 0, 0)), ScriptedBackend.request("shop"));

    assertFailed(
        Reason.BUSY,
        "scripted: busy: too many mounts wait on this node already; kubelet tries again; look for a"
            + " store that hangs");
    assertThat(store.opened()).isEmpty();
  }

  @Test
  void tellsHowLongItWaitedForItsTurn() throws InterruptedException {
    MountPipeline pipeline = pipeline(ROOM);
    store.reading(
        (references, deadline, arrived) -> {
          if (store.requests().size() == 1) {
            mount(pipeline, ScriptedBackend.request("other"));
            ticker.turn(Duration.ofSeconds(5));
          }
          return answers(references);
        });

    mount(pipeline, ScriptedBackend.request("shop"));
    assertThat(answers).hasSize(1);
    threads.remove().run();

    assertThat(answers.stream().map(answer -> answer.report().waited()))
        .containsExactly(Duration.ZERO, Duration.ofSeconds(5));
    assertThat(answers.stream().map(answer -> answer.report().took()))
        .containsExactly(Duration.ofSeconds(5), Duration.ofSeconds(5));
  }

  @Test
  void aMountWhoseBytesArePushedOutWhileItReadsIsBusy() throws InterruptedException {
    InFlightBytes.Account other = inFlight.open(() -> {});
    InFlightBytes.Account own = inFlight.open(() -> {});
    store.reading(
        (references, deadline, arrived) -> {
          arrived.add(60);
          other.add(50);
          return answers(references);
        });

    pipeline(ROOM).mount(store, ScriptedBackend.request("shop"), deadline(), caller(own));

    assertFailed(Reason.BUSY, "scripted: " + pushedOut());
    assertThat(inFlight.total()).isEqualTo(50);
  }

  @Test
  void aMountThatReadsTooMuchIsBusy() throws InterruptedException {
    store.reading(
        (references, deadline, arrived) -> {
          arrived.add(101);
          return answers(references);
        });

    mount(pipeline(ROOM), ScriptedBackend.request("shop"));

    assertFailed(Reason.BUSY, "scripted: " + pushedOut());
  }

  @Test
  void aMountWhoseBytesWerePushedOutBeforeItsTurnReadsNothing() throws Exception {
    InFlightBytes.Account own = inFlight.open(() -> {});
    own.add(60);
    inFlight.open(() -> {}).add(50);

    pipeline(ROOM).mount(store, ScriptedBackend.request("shop"), deadline(), caller(own));

    assertFailed(Reason.BUSY, "scripted: " + pushedOut());
    assertThat(store.opened()).isEmpty();
  }

  @Test
  void remembersTheSecretProviderClassOfAVolume() throws InterruptedException {
    MountPipeline pipeline = pipeline(ROOM);
    MountRequest request = ScriptedBackend.request("shop");

    mount(pipeline, request.ofSecretProviderClass("remembered"));
    mount(pipeline, request.ofSecretProviderClass(""));

    assertThat(answers.stream().map(answer -> answer.report().secretProviderClass()))
        .containsExactly("remembered", "remembered");
  }

  @Test
  void aStoreThatHangsIsTimedOut() throws InterruptedException {
    store.opening((tried, deadline) -> ticker.turn(Duration.ofMinutes(2)));

    mount(pipeline(ROOM), ScriptedBackend.request("shop"));

    assertFailed(
        Reason.TIMED_OUT,
        "scripted: object \"db\": \"https://scripted\" gave no answer in 60000 ms; see whether it is"
            + " reachable from this node and not overloaded");
    assertThat(store.requests()).isEmpty();
  }

  private MountPipeline pipeline(MountQueue.Bounds bounds) {
    return new MountPipeline(NODE, reader, new MountQueue(bounds, threads::add), 1000, time);
  }

  private void mount(MountPipeline pipeline, MountRequest request) throws InterruptedException {
    pipeline.mount(store, request, deadline(), caller(inFlight.open(() -> {})));
  }

  private RecordingCaller caller(InFlightBytes.Account account) {
    return new RecordingCaller(account, answers::add);
  }

  private Deadline deadline() {
    return Deadline.after(Duration.ofMinutes(1), ticker);
  }

  private static MountPlan plan(String warning, PlannedObject... objects) {
    PlanWarning only = new PlanWarning(Place.of("objects"), warning);
    return new MountPlan(List.of(objects), warning.isEmpty() ? List.of() : List.of(only));
  }

  /** An object whose file has a mode with higher bits. */
  private PlannedObject wide(String name) {
    return new PlannedObject(
        name,
        login,
        new Reference(name),
        value ->
            new Rendering.Rendered(
                List.of(new SecretFile(name, 01644, value.items().get(0).bytes())),
                List.of(new ObjectVersion(name, value.items().get(0).version()))));
  }

  private static ReadOutcome failed(Reason reason, String cause, String remedy) {
    return new ReadOutcome.Failed(MountFailure.of(reason, cause, remedy));
  }

  private static String pushedOut() {
    return "busy: the mounts of this node hold more than 100 bytes, this one the most; kubelet tries"
        + " again; split this SecretProviderClass, or raise --in-flight-bytes";
  }

  private MountAnswer only() {
    assertThat(answers).hasSize(1);
    return answers.get(0);
  }

  private MountAnswer.Files files() {
    assertThat(only()).isInstanceOf(MountAnswer.Files.class);
    return (MountAnswer.Files) only();
  }

  private MountFailure failure() {
    assertThat(only()).isInstanceOf(MountAnswer.Failed.class);
    return ((MountAnswer.Failed) only()).failure();
  }

  private void assertFailed(Reason reason, String message) {
    assertThat(failure()).hasMessage(message);
    assertThat(failure().reason()).isEqualTo(reason);
    assertThat(only().report().message()).isEqualTo(message);
    assertThat(only().report().outcome()).isEqualTo(reason.name());
  }
}
