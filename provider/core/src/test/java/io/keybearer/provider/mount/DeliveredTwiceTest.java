package io.keybearer.provider.mount;

import static io.keybearer.provider.ScriptedBackend.answers;
import static io.keybearer.provider.ScriptedBackend.object;
import static org.assertj.core.api.Assertions.assertThat;

import io.keybearer.provider.Credentials;
import io.keybearer.provider.Deadline;
import io.keybearer.provider.DirectThreads;
import io.keybearer.provider.Freshness;
import io.keybearer.provider.Login;
import io.keybearer.provider.MountPlan;
import io.keybearer.provider.MountRequest;
import io.keybearer.provider.NodeFacts;
import io.keybearer.provider.PodCredentials;
import io.keybearer.provider.ReadOutcome;
import io.keybearer.provider.Reason;
import io.keybearer.provider.ScriptedBackend;
import io.keybearer.provider.ScriptedBackend.Reference;
import io.keybearer.provider.SecretValue;
import io.keybearer.provider.TurnedTicker;
import io.keybearer.provider.reader.SecretReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Rule 9: a Mount that the driver delivers while the same volume's is under way. */
class DeliveredTwiceTest {

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
  private final MountPipeline pipeline =
      new MountPipeline(
          new NodeFacts("node-1", 1000, Freshness.Limits.usual()),
          reader,
          new MountQueue(new MountQueue.Bounds(10, 10, 10), Runnable::run),
          1000,
          time);
  private final InFlightBytes inFlight = new InFlightBytes(10_000);
  private final List<MountAnswer> first = new ArrayList<>();
  private final List<MountAnswer> second = new ArrayList<>();
  private final RecordingCaller firstCaller = caller(first);
  private final RecordingCaller secondCaller = caller(second);

  @BeforeEach
  void planOneOwnObject() {
    store.planning(
        (request, node) ->
            new MountPlan(List.of(object(Reference.own("lease"), login)), List.of()));
  }

  @AfterEach
  void closeReader() {
    reader.close();
  }

  private RecordingCaller caller(List<MountAnswer> answers) {
    return new RecordingCaller(inFlight.open(() -> {}), answers::add);
  }

  private static MountRequest request(Map<String, String> parameters) {
    MountRequest request = ScriptedBackend.request("shop");
    return new MountRequest(request.pod(), "database", "/target", 0644, parameters);
  }

  private void mount(RecordingCaller caller, Map<String, String> parameters, int seconds) {
    try {
      pipeline.mount(
          store, request(parameters), Deadline.after(Duration.ofSeconds(seconds), ticker), caller);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** While the first mount's request is under way, that happens. */
  private void meanwhile(Runnable event) {
    store.reading(
        (references, deadline, arrived) -> {
          if (store.requests().size() == 1) {
            event.run();
          }
          return Map.of(
              Reference.own("lease"),
              new ReadOutcome.Value(
                  SecretValue.of(
                          "lease", "minted " + store.requests().size(), ScriptedBackend.bytes("x"))
                      .mintedFor(Duration.ofHours(1))));
        });
  }

  private static String version(List<MountAnswer> answers) {
    assertThat(answers).hasSize(1);
    assertThat(answers.get(0)).isInstanceOf(MountAnswer.Files.class);
    return ((MountAnswer.Files) answers.get(0)).result().versions().get(0).version();
  }

  private static MountAnswer.Failed failed(List<MountAnswer> answers) {
    assertThat(answers).hasSize(1);
    assertThat(answers.get(0)).isInstanceOf(MountAnswer.Failed.class);
    return (MountAnswer.Failed) answers.get(0);
  }

  @Test
  @DisplayName("rule 9: an equal one waits for the first one's answer and shares it")
  void anEqualOneSharesTheAnswer() {
    meanwhile(
        () -> {
          mount(secondCaller.with(PodCredentials.of("another token")), Map.of(), 60);
          assertThat(second).isEmpty();
        });

    mount(firstCaller, Map.of(), 60);

    assertThat(version(first)).isEqualTo("minted 1");
    assertThat(second).isEqualTo(first);
    assertThat(store.requests()).hasSize(1);
    assertThat(store.opened()).hasSize(1);
  }

  @Test
  @DisplayName("rule 9: it shares a failure too")
  void anEqualOneSharesAFailure() {
    store.reading(
        (references, deadline, arrived) -> {
          mount(secondCaller, Map.of(), 60);
          return Map.of();
        });

    mount(firstCaller, Map.of(), 60);

    assertThat(failed(second).failure()).hasMessage(failed(first).failure().getMessage());
    assertThat(store.requests()).hasSize(1);
  }

  @Test
  @DisplayName("rule 9: one with other parameters runs after the first")
  void oneWithOtherParametersRunsAfterIt() {
    List<String> planned = new ArrayList<>();
    store.planning(
        (request, node) -> {
          planned.add(request.parameter("edited"));
          assertThat(request.parameter("edited").isEmpty() || !first.isEmpty()).isTrue();
          return new MountPlan(List.of(object(Reference.own("lease"), login)), List.of());
        });
    meanwhile(() -> mount(secondCaller, Map.of("edited", "yes"), 60));

    mount(firstCaller, Map.of(), 60);

    assertThat(planned).containsExactly("", "yes");
    assertThat(version(second)).isEqualTo("minted 1");
  }

  @Test
  @DisplayName("rule 9: one with another Secret runs after the first")
  void oneWithAnotherSecretRunsAfterIt() {
    Credentials other =
        new Credentials(
            PodCredentials.of("token").serviceAccountTokens(),
            Map.of("password", ScriptedBackend.bytes("x")));
    meanwhile(() -> mount(secondCaller.with(other), Map.of(), 60));

    mount(firstCaller, Map.of(), 60);

    assertThat(version(first)).isEqualTo("minted 1");
    assertThat(version(second)).isEqualTo("minted 2");
    assertThat(store.opened()).hasSize(2);
  }

  @Test
  @DisplayName("rule 9: the work lives while either caller waits")
  void theWorkLivesWhileEitherWaits() {
    meanwhile(
        () -> {
          mount(secondCaller, Map.of(), 60);
          firstCaller.cancellation().cancel();
          assertThat(failed(first).failure().reason()).isEqualTo(Reason.BUSY);
        });

    mount(firstCaller, Map.of(), 60);

    assertThat(version(second)).isEqualTo("minted 1");
  }

  @Test
  @DisplayName("rule 9: the work lives until the later deadline, each caller until its own")
  void eachIsAnsweredByItsOwnDeadline() {
    meanwhile(
        () -> {
          mount(secondCaller, Map.of(), 60);
          ticker.turn(Duration.ofSeconds(20));
          assertThat(failed(first).failure())
              .hasMessage(
                  "scripted: another call for this volume was still being answered; kubelet tries"
                      + " again");
        });

    mount(firstCaller, Map.of(), 10);

    assertThat(version(second)).isEqualTo("minted 1");
  }

  @Test
  @DisplayName("rule 9: a mount whose callers are all gone, each in its way, is not answered")
  void isNotAnsweredWhenAllAreGone() {
    meanwhile(
        () -> {
          mount(secondCaller, Map.of(), 60);
          secondCaller.cancellation().cancel();
          ticker.turn(Duration.ofSeconds(20));
        });

    mount(firstCaller, Map.of(), 10);
    ticker.turn(Duration.ofSeconds(200));

    assertThat(failed(first).failure().reason()).isEqualTo(Reason.TIMED_OUT);
    assertThat(store.ended()).containsExactly("session 1");
  }

  @Test
  @DisplayName("rule 9: one that has to wait for another is answered by its own deadline")
  void oneThatWaitsIsAnsweredByItsDeadline() {
    meanwhile(
        () -> {
          mount(secondCaller, Map.of("edited", "yes"), 10);
          ticker.turn(Duration.ofSeconds(10));
          assertThat(failed(second).failure())
              .hasMessage(
                  "scripted: busy: another mount of this volume was not answered in time; kubelet"
                      + " tries again");
        });

    mount(firstCaller, Map.of(), 60);

    assertThat(version(first)).isEqualTo("minted 1");
    assertThat(second).hasSize(1);
  }

  @Test
  @DisplayName("rule 9: one that has to wait and leaves lets the next one come")
  void oneThatLeavesLetsTheNextOneCome() {
    List<MountAnswer> third = new ArrayList<>();
    RecordingCaller thirdCaller = caller(third);
    meanwhile(
        () -> {
          mount(secondCaller, Map.of("edited", "yes"), 60);
          mount(thirdCaller, Map.of("edited", "again"), 60);
          secondCaller.cancellation().cancel();
        });

    mount(firstCaller, Map.of(), 60);

    assertThat(failed(second).failure().reason()).isEqualTo(Reason.BUSY);
    assertThat(version(third)).isEqualTo("minted 1");
  }

  @Test
  @DisplayName("rule 9: a mount that is over is joined by nobody")
  void nobodyJoinsWhatIsOver() {
    Consumer<MountAnswer> mountsAgain =
        answer -> {
          first.add(answer);
          mount(secondCaller, Map.of(), 60);
        };
    store.reading((references, deadline, arrived) -> answers(references));

    mount(new RecordingCaller(inFlight.open(() -> {}), mountsAgain), Map.of(), 60);

    assertThat(first).hasSize(1);
    assertThat(second).hasSize(1);
  }

  @Test
  @DisplayName("rule 9: a volume under way is not answered from memory beside it")
  void isNotAnsweredFromMemoryBesideIt() {
    mount(caller(new ArrayList<>()), Map.of(), 60);
    store.reading(
        (references, deadline, arrived) -> {
          boolean answered =
              pipeline.answerFromMemory(
                  "scripted",
                  request(Map.of()),
                  Deadline.after(Duration.ofSeconds(60), ticker),
                  secondCaller);
          assertThat(answered).isFalse();
          return answers(references);
        });

    mount(firstCaller, Map.of("edited", "yes"), 60);

    assertThat(first).hasSize(1);
  }
}
