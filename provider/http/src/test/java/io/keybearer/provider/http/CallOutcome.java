package io.keybearer.provider.http;

import io.keybearer.provider.Deadline;
import io.keybearer.provider.Fault;
import io.keybearer.provider.MountFailure;
import io.keybearer.provider.Ticker;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/** How a call ended, and after how long. */
record CallOutcome(Optional<HttpAnswer> answer, Optional<MountFailure> failure, Duration took) {

  /** Longer than anything takes that ends by itself. */
  static final Duration PATIENT = Duration.ofSeconds(20);

  /** A call of somebody who has time. */
  static CallOutcome of(HttpStack stack, HttpEndpoint endpoint, HttpCall call) {
    return of(stack, endpoint, call, PATIENT);
  }

  static CallOutcome of(HttpStack stack, HttpEndpoint endpoint, HttpCall call, Duration deadline) {
    long start = System.nanoTime();
    Optional<HttpAnswer> answer = Optional.empty();
    Optional<MountFailure> failure = Optional.empty();
    try {
      Deadline by = Deadline.after(deadline, Ticker.system());
      answer = Optional.of(stack.send(endpoint, call, by, bytes -> {}));
    } catch (MountFailure e) {
      failure = Optional.of(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    return new CallOutcome(answer, failure, Duration.ofNanos(System.nanoTime() - start));
  }

  /** Status and body, or reason, fault and message: what a test compares. */
  String text() {
    return answer
        .map(each -> each.status() + " " + text(each))
        .or(() -> failure.map(CallOutcome::text))
        .orElseThrow();
  }

  static String text(HttpAnswer answer) {
    return new String(answer.body().reveal(), StandardCharsets.UTF_8);
  }

  static String text(MountFailure failure) {
    Fault.Kind kind = failure.fault().kind();
    return failure.reason() + " " + kind + " " + failure.getMessage();
  }
}
