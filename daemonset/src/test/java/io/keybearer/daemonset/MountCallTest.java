package io.keybearer.daemonset;

import static org.assertj.core.api.Assertions.assertThat;

import io.keybearer.provider.MountFailure;
import io.keybearer.provider.ObjectVersion;
import io.keybearer.provider.PodIdentity;
import io.keybearer.provider.Reason;
import io.keybearer.provider.SecretBytes;
import io.keybearer.provider.SecretFile;
import io.keybearer.provider.mount.InFlightBytes;
import io.keybearer.provider.mount.MountAnswer;
import io.keybearer.provider.mount.MountReport;
import io.keybearer.provider.mount.MountResult;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class MountCallTest {

  private final MountFailure failure =
      MountFailure.of(Reason.NOT_FOUND, "it is not there", "create it");
  private static final MountAnswer FILES =
      new MountAnswer.Files(
          new MountResult(
              List.of(new SecretFile("db", 0644, SecretBytes.copyOf(new byte[] {1}))),
              List.of(new ObjectVersion("db", "7")),
              List.of()),
          report(MountReport.OK));

  private final Queue<String> told = new ConcurrentLinkedQueue<>();
  private final Queue<MountReport> reports = new ConcurrentLinkedQueue<>();
  private final InFlightBytes inFlight = new InFlightBytes(1000);
  private final OpenCalls openCalls = new OpenCalls(reports::add);
  private final MountCall call = call(result -> told.add("files"));

  /** How files are sent. */
  interface Sending {
    void send(MountResult result);
  }

  private MountCall call(Sending sending) {
    return new MountCall(
        "sealed",
        new MountCall.Reply() {
          @Override
          public void files(MountResult result) {
            sending.send(result);
          }

          @Override
          public void failure(Reason reason, String message) {
            told.add(reason + " " + message);
          }
        },
        inFlight.open(() -> {}),
        openCalls,
        () -> 0);
  }

  private static MountReport report(String outcome) {
    return new MountReport(
        new PodIdentity("shop", "web-0", "u", "web"),
        "web-spc",
        "sealed",
        false,
        outcome,
        "",
        List.of(),
        1,
        1,
        Duration.ZERO,
        Duration.ZERO,
        List.of());
  }

  @Test
  void sendsFilesAndTheReport() throws MountFailure {
    call.inFlight().add(100);

    call.answer(FILES);

    assertThat(told).containsExactly("files");
    assertThat(reports).containsExactly(FILES.report());
  }

  @Test
  void holdsItsBytesUntilItIsAnswered() throws MountFailure {
    call.inFlight().add(100);

    assertThat(inFlight.total()).isEqualTo(100);
  }

  @Test
  void isAnsweredOnce() {
    call.answer(FILES);
    call.refuse(failure);
    call.answer(FILES);
    openCalls.refuseAll();

    assertThat(told).containsExactly("files");
    assertThat(reports).hasSize(1);
  }

  @Test
  void isAnsweredOnceIfTwoThreadsTryAtOnce() throws InterruptedException, ExecutionException {
    List<MountCall> calls =
        Stream.generate(() -> call(result -> told.add("files"))).limit(5_000).toList();
    AtomicIntegerArray arrived = new AtomicIntegerArray(calls.size());
    ExecutorService executor = Executors.newFixedThreadPool(2);
    try {
      Future<?> answers =
          executor.submit(() -> forEachTogether(calls, arrived, each -> each.answer(FILES)));
      Future<?> refuses =
          executor.submit(() -> forEachTogether(calls, arrived, each -> each.refuse(failure)));
      answers.get();
      refuses.get();
    } finally {
      executor.shutdownNow();
    }

    assertThat(told.size()).isEqualTo(calls.size());
    assertThat(reports.size()).isEqualTo(calls.size());
  }

  /** Two threads that go through the same calls meet at each. */
  private static void forEachTogether(
      List<MountCall> calls, AtomicIntegerArray arrived, Consumer<MountCall> action) {
    for (int i = 0; i < calls.size(); i++) {
      arrived.incrementAndGet(i);
      while (arrived.get(i) < 2) {
        Thread.onSpinWait();
      }
      action.accept(calls.get(i));
    }
  }

  @Test
  void reportsWhoWasRefused() throws MountFailure {
    call.isFor(
        DriverRequest.parse(
            "{\"csi.storage.k8s.io/pod.name\":\"web-0\",\"csi.storage.k8s.io/pod.namespace\":"
                + "\"shop\",\"csi.storage.k8s.io/pod.uid\":\"u\","
                + "\"csi.storage.k8s.io/serviceAccount.name\":\"web\","
                + "\"secretProviderClass\":\"web-spc\"}",
            "null",
            "/target",
            "420"));

    call.refuse(failure);

    assertThat(told).containsExactly("NOT_FOUND sealed: it is not there; create it");
    assertThat(reports)
        .containsExactly(
            new MountReport(
                new PodIdentity("shop", "web-0", "u", "web"),
                "web-spc",
                "sealed",
                false,
                "NOT_FOUND",
                "sealed: it is not there; create it",
                List.of(),
                0,
                0,
                Duration.ZERO,
                Duration.ZERO,
                List.of()));
  }

  @Test
  void knowsNoCredentialsBeforeItsRequest() {
    assertThat(call.credentials().serviceAccountTokens()).isEqualTo(SecretBytes.empty());
    assertThat(call.credentials().nodePublishSecrets()).isEmpty();
  }

  @Test
  void refusesStepThatFailsNamingTheStore() {
    call.attempt(
        () -> {
          throw failure;
        });

    assertThat(told).containsExactly("NOT_FOUND sealed: it is not there; create it");
  }

  @Test
  void refusesStepThatIsInterrupted() {
    call.attempt(
        () -> {
          throw new InterruptedException();
        });

    assertThat(told).containsExactly("BUSY sealed: this provider is stopping; kubelet tries again");
  }

  @Test
  void refusesStepThatNoThreadTakes() {
    String text = defectOf(new RejectedExecutionException("s3cret"));

    assertThat(text).contains("exception=java.util.concurrent.RejectedExecutionException");
    assertThat(told)
        .containsExactly(
            "DEFECT sealed: keybearer failed unexpectedly (RejectedExecutionException); look at its log on"
                + " this node, and report it to the Keybearer project");
  }

  @Test
  void logsWhereADefectIsAndNeverItsMessage() {
    IllegalStateException defect = new IllegalStateException("s3cret");
    defect.setStackTrace(new StackTraceElement[] {new StackTraceElement("a.B", "c", "B.java", 12)});

    String text = defectOf(defect);

    assertThat(text)
        .contains(" ERROR defect ")
        .contains(" exception=java.lang.IllegalStateException")
        .contains(" at=[a.B.c(B.java:12)]")
        .doesNotContain("s3cret");
  }

  private String defectOf(RuntimeException defect) {
    try (CapturedLog log = CapturedLog.of(Logs.Format.TEXT, Logs.Level.INFO)) {
      call.attempt(
          () -> {
            throw defect;
          });
      return log.text();
    }
  }

  /** It counted as answered, and its caller waited until its deadline. */
  @Test
  void isAnsweredWhereSendingFilesFails() throws MountFailure {
    MountCall broken =
        call(
            result -> {
              throw new IllegalStateException("s3cret");
            });
    broken.inFlight().add(10);

    try (CapturedLog log = CapturedLog.of(Logs.Format.TEXT, Logs.Level.INFO)) {
      broken.run(() -> broken.answer(FILES));
      assertThat(log.text()).contains(" ERROR defect ").doesNotContain("s3cret");
    }

    assertThat(told)
        .containsExactly(
            "DEFECT sealed: keybearer failed unexpectedly (IllegalStateException); look at its log on this"
                + " node, and report it to the Keybearer project");
    assertThat(reports).extracting(MountReport::outcome).containsExactly("DEFECT");
  }
}
