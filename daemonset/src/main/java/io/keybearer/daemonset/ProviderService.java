package io.keybearer.daemonset;

import com.google.protobuf.UnsafeByteOperations;
import io.grpc.Context;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.keybearer.proto.CSIDriverProviderGrpc.CSIDriverProviderImplBase;
import io.keybearer.proto.MountRequest;
import io.keybearer.proto.MountResponse;
import io.keybearer.proto.VersionRequest;
import io.keybearer.proto.VersionResponse;
import io.keybearer.provider.Backend;
import io.keybearer.provider.Deadline;
import io.keybearer.provider.MountFailure;
import io.keybearer.provider.Reason;
import io.keybearer.provider.Ticker;
import io.keybearer.provider.mount.MountPipeline;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * The provider API of the Secrets Store CSI driver, v1alpha1, on one socket. The only class that
 * sees generated messages: they print their bytes. Every status that it sends is final for kubelet.
 */
final class ProviderService extends CSIDriverProviderImplBase {

  private static final String API_VERSION = "v1alpha1";
  private static final String RUNTIME_NAME = "keybearer";

  /** Parsed on its connection's thread: less than most requests, and than a millisecond. */
  private static final int SMALL_BYTES = 64 * 1024;

  private final String store;
  private final Function<String, Backend> backends;
  private final Executor threads;
  private final MountPipeline pipeline;
  private final OpenCalls openCalls;
  private final Ticker ticker;
  private final RequestMemory requests;

  /**
   * A service for one socket.
   *
   * @param store the store it answers for
   * @param backends makes it, with its first Mount
   * @param threads where mounts run that may wait
   */
  ProviderService(
      String store,
      Function<String, Backend> backends,
      Executor threads,
      MountPipeline pipeline,
      OpenCalls openCalls,
      Ticker ticker) {
    this.store = store;
    this.backends = backends;
    this.threads = threads;
    this.pipeline = pipeline;
    this.openCalls = openCalls;
    this.ticker = ticker;
    this.requests = new RequestMemory(ticker);
  }

  @Override
  public void version(VersionRequest request, StreamObserver<VersionResponse> observer) {
    observer.onNext(
        VersionResponse.newBuilder()
            .setVersion(API_VERSION)
            .setRuntimeName(RUNTIME_NAME)
            .setRuntimeVersion(Version.text())
            .build());
    observer.onCompleted();
  }

  /**
   * Runs on the thread of its connection, under the transport's lock. What memory can answer, it
   * answers there: a change of threads would cost as much as the rest. Everything else goes to
   * other threads, so that none waits for the lock of another connection.
   */
  @Override
  public void mount(MountRequest message, StreamObserver<MountResponse> observer) {
    MountCall call =
        new MountCall(store, new Reply(observer), InboundBytes.account(), openCalls, ticker);
    // With it an answer to a caller that has left is no exception, either.
    ((ServerCallStreamObserver<MountResponse>) observer)
        .setOnCancelHandler(() -> threads.execute(call.cancellation()::cancel));
    Deadline deadline = deadline();
    call.attempt(
        () -> {
          if (message.getSerializedSize() > SMALL_BYTES) {
            later(call, () -> mount(parse(message, call), deadline, call));
            return;
          }
          DriverRequest request = parse(message, call);
          if (!pipeline.answerFromMemory(store, request.mount(), deadline, call)) {
            later(call, () -> mount(request, deadline, call));
          }
        });
  }

  private void later(MountCall call, MountCall.Step step) {
    threads.execute(() -> call.attempt(step));
  }

  private void mount(DriverRequest request, Deadline deadline, MountCall call)
      throws InterruptedException {
    pipeline.mount(backends.apply(store), request.mount(), deadline, call);
  }

  private DriverRequest parse(MountRequest message, MountCall call) throws MountFailure {
    DriverRequest request =
        requests.parse(
            message.getAttributes(),
            message.getSecrets(),
            message.getTargetPath(),
            message.getPermission());
    call.isFor(request);
    return request;
  }

  private Deadline deadline() {
    io.grpc.Deadline deadline = Context.current().getDeadline();
    return deadline == null
        ? Deadline.ofMountWithoutDeadline(ticker)
        : Deadline.ofMount(Duration.ofNanos(deadline.timeRemaining(TimeUnit.NANOSECONDS)), ticker);
  }

  /** How an answer becomes a message. */
  private record Reply(StreamObserver<MountResponse> observer) implements MountCall.Reply {

    @Override
    public void files(io.keybearer.provider.mount.MountResult result) {
      MountResponse.Builder response = MountResponse.newBuilder();
      for (io.keybearer.provider.SecretFile file : result.files()) {
        response
            .addFilesBuilder()
            .setPath(file.path())
            .setMode(file.mode())
            // The copy is this message's own: no second one is needed.
            .setContents(UnsafeByteOperations.unsafeWrap(file.contents().reveal()));
      }
      for (io.keybearer.provider.ObjectVersion version : result.versions()) {
        response.addObjectVersionBuilder().setId(version.id()).setVersion(version.version());
      }
      observer.onNext(response.build());
      observer.onCompleted();
    }

    @Override
    public void failure(Reason reason, String message) {
      observer.onError(status(reason).withDescription(message).asRuntimeException());
    }
  }

  /** The status of a reason: final for kubelet, each of them. */
  static Status status(Reason reason) {
    return switch (reason) {
      case INVALID_PARAMETERS -> Status.INVALID_ARGUMENT;
      case NOT_FOUND -> Status.NOT_FOUND;
      case ACCESS_DENIED -> Status.PERMISSION_DENIED;
      case LOGIN_FAILED -> Status.UNAUTHENTICATED;
      case PRECONDITION -> Status.FAILED_PRECONDITION;
      case STORE_UNAVAILABLE, TIMED_OUT, BUSY, DEFECT -> Status.INTERNAL;
    };
  }
}
