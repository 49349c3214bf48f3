package io.keybearer.daemonset;

import io.keybearer.provider.Credentials;
import io.keybearer.provider.MountFailure;
import io.keybearer.provider.Reason;
import io.keybearer.provider.Ticker;
import io.keybearer.provider.mount.Cancellation;
import io.keybearer.provider.mount.InFlightBytes;
import io.keybearer.provider.mount.MountAnswer;
import io.keybearer.provider.mount.MountCaller;
import io.keybearer.provider.mount.MountReport;
import io.keybearer.provider.mount.MountResult;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/** One call of the driver until it is answered, which happens once whatever goes wrong. */
final class MountCall implements MountCaller {

  /** How an answer leaves. */
  interface Reply {

    /** Sends files. */
    void files(MountResult result);

    /** Sends a failure. */
    void failure(Reason reason, String message);
  }

  private final String store;
  private final Reply reply;
  private final InFlightBytes.Account inFlight;
  private final OpenCalls openCalls;
  private final Ticker ticker;
  private final long started;
  private final Cancellation cancellation = new Cancellation();
  private final AtomicBoolean answered = new AtomicBoolean();
  private volatile DriverRequest request = DriverRequest.UNKNOWN;

  MountCall(
      String store,
      Reply reply,
      InFlightBytes.Account inFlight,
      OpenCalls openCalls,
      Ticker ticker) {
    this.ticker = ticker;
    this.started = ticker.nanos();
    this.store = store;
    this.reply = reply;
    this.inFlight = inFlight;
    this.openCalls = openCalls;
    openCalls.add(this);
  }

  /** Part of the work of a call. */
  interface Step {

    /** Does it. */
    void run() throws MountFailure, InterruptedException;
  }

  /** Tells who asks, once that is known. */
  void isFor(DriverRequest parsed) {
    request = parsed;
  }

  @Override
  public Credentials credentials() {
    return request.credentials();
  }

  @Override
  public Cancellation cancellation() {
    return cancellation;
  }

  @Override
  public InFlightBytes.Account inFlight() {
    return inFlight;
  }

  @Override
  public void answer(MountAnswer answer) {
    if (answered.compareAndSet(false, true)) {
      boolean over = answer instanceof MountAnswer.Failed;
      try {
        if (answer instanceof MountAnswer.Files files) {
          reply.files(files.result());
          over = true;
        } else if (answer instanceof MountAnswer.Failed failed) {
          reply.failure(failed.failure().reason(), failed.failure().getMessage());
        }
      } finally {
        if (over) {
          openCalls.remove(this, answer.report());
        } else {
          // A defect of sending: run answers with that instead, or nobody would.
          answered.set(false);
        }
      }
    }
  }

  /** Answers with a failure outside the pipeline. */
  void refuse(MountFailure cause) {
    MountFailure failure = cause.at(store);
    MountReport report =
        MountReport.refused(
            request.mount(), store, failure, Duration.ofNanos(ticker.nanos() - started));
    answer(new MountAnswer.Failed(failure, report));
  }

  /** Does a step, and answers if it fails. */
  void attempt(Step step) {
    run(
        () -> {
          try {
            step.run();
          } catch (MountFailure failure) {
            refuse(failure);
          } catch (InterruptedException e) {
            refuse(OpenCalls.stopping());
          }
        });
  }

  /** The one place that catches whatever nobody expected. */
  @Override
  public void run(Runnable work) {
    try {
      work.run();
    } catch (RuntimeException | Error defect) {
      Defects.tell(defect);
      refuse(
          MountFailure.of(
              Reason.DEFECT,
              "keybearer failed unexpectedly (" + defect.getClass().getSimpleName() + ")",
              "look at its log on this node, and report it to the Keybearer project"));
    }
  }
}
