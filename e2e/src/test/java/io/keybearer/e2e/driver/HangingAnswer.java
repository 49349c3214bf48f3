package io.keybearer.e2e.driver;

import io.grpc.Status;
import io.keybearer.proto.MountRequest;
import io.keybearer.proto.MountResponse;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** An answer that waits for its release; a minute without one is a failed test. */
final class HangingAnswer implements Function<MountRequest, MountResponse> {
  private final CountDownLatch released = new CountDownLatch(1);
  private final CountDownLatch asked = new CountDownLatch(1);

  void release() {
    released.countDown();
  }

  /** Returns once a call hangs. */
  void awaitCall() {
    await(asked);
  }

  @Override
  public MountResponse apply(MountRequest request) {
    asked.countDown();
    await(released);
    return Answers.files("password", "s3cret");
  }

  private static void await(CountDownLatch latch) {
    try {
      if (!latch.await(1, TimeUnit.MINUTES)) {
        throw Status.INTERNAL.withDescription("never released").asRuntimeException();
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(interrupted);
    }
  }
}
