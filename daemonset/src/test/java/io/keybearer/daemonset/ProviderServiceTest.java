package io.keybearer.daemonset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.grpc.CallOptions;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.keybearer.proto.CSIDriverProviderGrpc;
import io.keybearer.proto.MountRequest;
import io.keybearer.proto.MountResponse;
import io.keybearer.proto.VersionRequest;
import io.keybearer.proto.VersionResponse;
import io.keybearer.provider.MountFailure;
import io.keybearer.provider.Reason;
import io.keybearer.provider.mount.MountReport;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class ProviderServiceTest {

  private static final int MEBIBYTE = 1024 * 1024;

  /** After these kubelet keeps the volume's folder, and a pod may start with it empty. */
  private static final Set<Status.Code> NOT_FINAL =
      Set.of(
          Status.Code.CANCELLED,
          Status.Code.DEADLINE_EXCEEDED,
          Status.Code.RESOURCE_EXHAUSTED,
          Status.Code.ABORTED,
          Status.Code.UNAVAILABLE);

  @TempDir private Path folder;
  private final ScriptedBackend backend = new ScriptedBackend("sealed");
  private ServedProvider provider;
  private DriverClient driver;

  @BeforeEach
  void serve() throws IOException {
    provider = new ServedProvider(folder, backend);
    driver = DriverClient.of(provider.socket("sealed"));
  }

  @AfterEach
  void stop() {
    driver.close();
    provider.close();
  }

  private MountResponse mount() {
    return driver.blocking().mount(DriverClient.request());
  }

  private Status failureOf(MountRequest request) {
    return statusOf(() -> driver.blocking().mount(request));
  }

  private static Status statusOf(ThrowingCallable call) {
    return catchThrowableOfType(StatusRuntimeException.class, call).getStatus();
  }

  @Test
  void tellsItsVersion() {
    VersionResponse response =
        driver.blocking().version(VersionRequest.newBuilder().setVersion("v1alpha1").build());

    assertThat(response)
        .isEqualTo(
            VersionResponse.newBuilder()
                .setVersion("v1alpha1")
                .setRuntimeName("keybearer")
                .setRuntimeVersion(Version.text())
                .build());
  }

  @Test
  void answersWithFilesAndVersions() throws InterruptedException {
    MountResponse response = mount();

    assertThat(response.getFilesList()).hasSize(1);
    assertThat(response.getFiles(0).getPath()).isEqualTo("db");
    assertThat(response.getFiles(0).getMode()).isEqualTo(0644);
    assertThat(response.getFiles(0).getContents().toStringUtf8()).isEqualTo("s3cret");
    assertThat(response.getObjectVersionList()).hasSize(1);
    assertThat(response.getObjectVersion(0).getId()).isEqualTo("db");
    assertThat(response.getObjectVersion(0).getVersion()).isEqualTo("7");
    assertThat(response.hasError()).isFalse();
    MountReport report = provider.nextReport();
    assertThat(report.outcome()).isEqualTo("OK");
    assertThat(report.pod()).hasToString("shop/web-0");
    assertThat(report.secretProviderClass()).isEqualTo("web-spc");
    provider.assertNothingInFlight();
    assertThat(provider.openCalls.count()).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "INVALID_PARAMETERS, INVALID_ARGUMENT",
    "NOT_FOUND, NOT_FOUND",
    "ACCESS_DENIED, PERMISSION_DENIED",
    "LOGIN_FAILED, UNAUTHENTICATED",
    "PRECONDITION, FAILED_PRECONDITION",
    "STORE_UNAVAILABLE, INTERNAL",
    "TIMED_OUT, INTERNAL",
    "BUSY, INTERNAL",
    "DEFECT, INTERNAL",
  })
  void givesEachReasonItsStatus(Reason reason, Status.Code code) throws InterruptedException {
    backend.reading(
        () -> {
          throw MountFailure.of(reason, "it failed", "try this");
        });

    Status status = failureOf(DriverClient.request());

    assertThat(status.getCode()).isEqualTo(code);
    assertThat(status.getDescription()).isEqualTo("sealed: object \"db\": it failed; try this");
    assertThat(provider.nextReport().outcome()).isEqualTo(reason.name());
    provider.assertNothingInFlight();
  }

  @ParameterizedTest
  @EnumSource(Reason.class)
  void endsEveryReasonFinally(Reason reason) {
    backend.planning(
        () -> {
          throw MountFailure.of(reason, "it failed", "try this");
        });

    Status status = failureOf(DriverClient.request());

    assertThat(NOT_FINAL).doesNotContain(status.getCode());
    assertThat(status.getDescription()).isEqualTo("sealed: it failed; try this");
  }

  @Test
  void answersDefectOfAPlanWithoutItsMessage() {
    backend.planning(
        () -> {
          throw new IllegalStateException("s3cret");
        });

    assertDefect(
        "sealed: keybearer failed unexpectedly (IllegalStateException); look at its log on this node, and"
            + " report it to the Keybearer project");
  }

  @Test
  void answersEndlessRecursionOfAPlan() {
    backend.planning(ProviderServiceTest::recur);

    assertDefect(
        "sealed: keybearer failed unexpectedly (StackOverflowError); look at its log on this node, and"
            + " report it to the Keybearer project");
  }

  @Test
  void answersEndlessRecursionOfARead() {
    backend.reading(
        () -> {
          recur();
          return "never";
        });

    assertThat(failureOf(DriverClient.request()).getDescription())
        .matches(
            "sealed: object \"db\": reading failed unexpectedly \\(StackOverflowError at"
                + " ProviderServiceTest\\.java:[0-9]+\\); report this to the Keybearer project");
  }

  @Test
  void answersDefectOfAReadWithoutItsMessage() {
    IllegalStateException defect = new IllegalStateException("s3cret");
    defect.setStackTrace(new StackTraceElement[] {new StackTraceElement("a.B", "c", "B.java", 12)});
    backend.reading(
        () -> {
          throw defect;
        });

    assertDefect(
        "sealed: object \"db\": reading failed unexpectedly (IllegalStateException at B.java:12);"
            + " report this to the Keybearer project");
  }

  private void assertDefect(String message) {
    try (CapturedLog log = CapturedLog.of(Logs.Format.TEXT, Logs.Level.TRACE)) {
      Status status = failureOf(DriverClient.request());

      assertThat(status.getCode()).isEqualTo(Status.Code.INTERNAL);
      assertThat(status.getDescription()).isEqualTo(message);
      assertThat(log.text()).doesNotContain("s3cret");
    }
  }

  @SuppressWarnings("InfiniteRecursion")
  private static void recur() {
    recur();
  }

  @ParameterizedTest
  @ValueSource(ints = {5, 15})
  void refusesRequestThatIsTooLargeItself(int mebibytes) {
    MountRequest request =
        DriverClient.request().toBuilder()
            .setSecrets("{\"a\":\"" + "s3cret".repeat(mebibytes * MEBIBYTE / 6) + "\"}")
            .build();

    Status status = failureOf(request);

    assertThat(status.getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(status.getDescription())
        .isEqualTo(
            "sealed: the request has more than 4194304 bytes; split the SecretProviderClass, or raise"
                + " --max-request-bytes");
  }

  @Test
  void takesRequestThatIsLargerThanWhatIsParsedAtOnce() {
    MountRequest request =
        DriverClient.request().toBuilder()
            .setSecrets("{\"a\":\"" + "s".repeat(MEBIBYTE) + "\"}")
            .build();

    assertThat(driver.blocking().mount(request).getFilesList()).hasSize(1);
  }

  @Test
  void refusesAttributesThatAreNoJsonWithoutQuotingThem() throws InterruptedException {
    Status status = failureOf(DriverClient.request().toBuilder().setAttributes("s3cret").build());

    assertThat(status.getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(status.getDescription())
        .isEqualTo(
            "sealed: failed to unmarshal attributes, error: not valid JSON; the driver sends an object of"
                + " strings; look at what called instead of it");
    assertThat(provider.nextReport().outcome()).isEqualTo("INVALID_PARAMETERS");
  }

  /** On the wire: field 1 with one byte that no UTF-8 text holds, and a message that breaks off. */
  @ParameterizedTest
  @ValueSource(strings = {"0A01FF", "0AFF", "0A05"})
  void endsMessageThatIsNoProtobufFinally(String hexadecimal) {
    byte[] message = HexFormat.of().parseHex(hexadecimal);

    Status status =
        statusOf(
            () ->
                ClientCalls.blockingUnaryCall(
                    driver.channel(), rawMount(), CallOptions.DEFAULT, message));

    assertThat(status.getCode()).isEqualTo(Status.Code.UNKNOWN);
    assertThat(status.getDescription()).isEqualTo("Application error processing RPC");
    assertThat(mount().getFilesList()).hasSize(1);
  }

  private static MethodDescriptor<byte[], MountResponse> rawMount() {
    return CSIDriverProviderGrpc.getMountMethod().toBuilder(
            new MethodDescriptor.Marshaller<byte[]>() {
              @Override
              public InputStream stream(byte[] value) {
                return new ByteArrayInputStream(value);
              }

              @Override
              public byte[] parse(InputStream stream) {
                try {
                  return stream.readAllBytes();
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              }
            },
            CSIDriverProviderGrpc.getMountMethod().getResponseMarshaller())
        .build();
  }

  @Test
  void answersTheSecondEqualCallFromMemory() throws InterruptedException {
    MountResponse first = mount();
    provider.nextReport();

    MountResponse second = mount();

    assertThat(second).isEqualTo(first);
    assertThat(backend.plans).hasValue(1);
    assertThat(backend.reads).hasValue(1);
    assertThat(provider.nextReport().objects())
        .singleElement()
        .satisfies(object -> assertThat(object.source()).isEqualTo("MEMORY"));
  }

  @Test
  void asksTheStoreAgainWhereNoOlderValueIsWanted() {
    MountRequest fresh =
        DriverClient.request().toBuilder()
            .setAttributes(
                DriverClient.request().getAttributes().replace("{", "{\"refreshInterval\":\"0\","))
            .build();
    driver.blocking().mount(fresh);
    driver.blocking().mount(fresh);

    assertThat(backend.plans).hasValue(1);
    assertThat(backend.reads).hasValue(2);
  }

  @Test
  void stopsTheStoresWorkWhenTheCallerLeaves() throws InterruptedException {
    CountDownLatch reads = new CountDownLatch(1);
    CountDownLatch interrupted = new CountDownLatch(1);
    backend.reading(hanging(reads, interrupted));
    Future<MountResponse> answer = driver.startMount();
    assertThat(reads.await(20, TimeUnit.SECONDS)).isTrue();

    answer.cancel(true);

    assertThat(interrupted.await(20, TimeUnit.SECONDS)).isTrue();
    MountReport report = provider.nextReport();
    assertThat(report.outcome()).isEqualTo("BUSY");
    assertThat(report.message())
        .isEqualTo("sealed: the caller left, or this provider stops; kubelet tries again");
    provider.assertNothingInFlight();
  }

  /** A time-out of the caller is not final for kubelet; half of three seconds are ours. */
  @Test
  void answersBeforeItsCallerStopsWaiting() throws InterruptedException {
    CountDownLatch interrupted = new CountDownLatch(1);
    backend.reading(hanging(new CountDownLatch(1), interrupted));

    Status status =
        statusOf(
            () ->
                driver
                    .blocking()
                    .withDeadlineAfter(3, TimeUnit.SECONDS)
                    .mount(DriverClient.request()));

    assertThat(status.getCode()).isEqualTo(Status.Code.INTERNAL);
    assertThat(status.getDescription())
        .matches(
            "sealed: object \"db\": \"sealed\" gave no answer in [0-9]+ ms; see whether it is"
                + " reachable from this node and not overloaded");
    assertThat(interrupted.await(20, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void refusesWhatIsLeftWhenItStops() throws InterruptedException {
    CountDownLatch reads = new CountDownLatch(1);
    backend.reading(hanging(reads, new CountDownLatch(1)));
    Future<MountResponse> answer = driver.startMount();
    assertThat(reads.await(20, TimeUnit.SECONDS)).isTrue();
    provider.server.shutdown();

    provider.openCalls.refuseAll();

    Status status =
        Status.fromThrowable(
            catchThrowableOfType(ExecutionException.class, () -> answer.get(20, TimeUnit.SECONDS)));
    assertThat(status.getCode()).isEqualTo(Status.Code.INTERNAL);
    assertThat(status.getDescription())
        .isEqualTo("sealed: this provider is stopping; kubelet tries again");
    assertThat(provider.nextReport().outcome()).isEqualTo("BUSY");
  }

  private static ScriptedBackend.Reading hanging(CountDownLatch reads, CountDownLatch interrupted) {
    return () -> {
      reads.countDown();
      try {
        new CountDownLatch(1).await();
      } catch (InterruptedException e) {
        interrupted.countDown();
        throw e;
      }
      return "never";
    };
  }
}
