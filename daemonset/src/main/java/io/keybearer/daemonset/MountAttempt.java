package io.keybearer.daemonset;

import io.keybearer.provider.Backend;
import io.keybearer.provider.Deadline;
import io.keybearer.provider.Reason;
import io.keybearer.provider.mount.InFlightBytes;
import io.keybearer.provider.mount.MountReport;
import io.keybearer.provider.mount.MountResult;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * One Mount through the machinery of the process, for somebody who waits for its answer.
 *
 * @param report what happened
 * @param files the answer; empty where it failed
 */
record MountAttempt(MountReport report, Optional<MountResult> files) {

  /** As long as kubelet waits. */
  private static final Duration KUBELET = Duration.ofMinutes(2);

  /**
   * Mounts, and waits for the answer.
   *
   * @param store the store of the socket that the driver would call
   * @throws InterruptedException if this thread is interrupted
   */
  static MountAttempt of(MountMachinery machinery, String store, DriverRequest request)
      throws InterruptedException {
    Answer answer = new Answer();
    InFlightBytes.Account account = machinery.inFlight().open(() -> {});
    try {
      MountCall call =
          new MountCall(
              store, answer, account, new OpenCalls(answer.report::complete), machinery.ticker());
      call.isFor(request);
      Backend backend = machinery.backends().named(store);
      Deadline deadline = Deadline.ofMount(KUBELET, machinery.ticker());
      call.attempt(() -> machinery.pipeline().mount(backend, request.mount(), deadline, call));
      MountReport report = answer.report.get();
      return new MountAttempt(report, answer.files);
    } catch (ExecutionException e) {
      throw new IllegalStateException("a report is told and never fails", e);
    } finally {
      account.close();
    }
  }

  /** What the driver would have got. The report comes behind it. */
  private static final class Answer implements MountCall.Reply {

    private final CompletableFuture<MountReport> report = new CompletableFuture<>();
    private volatile Optional<MountResult> files = Optional.empty();

    @Override
    public void files(MountResult result) {
      files = Optional.of(result);
    }

    @Override
    public void failure(Reason reason, String message) {
      // The report tells both.
    }
  }
}
