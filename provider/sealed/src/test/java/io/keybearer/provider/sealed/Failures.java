package io.keybearer.provider.sealed;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keybearer.provider.MountFailure;
import io.keybearer.provider.Reason;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** What a failure must be, to the letter. */
final class Failures {

  private Failures() {}

  static void assertFails(ThrowingCallable call, Reason reason, String message) {
    assertThatThrownBy(call)
        .isInstanceOf(MountFailure.class)
        .hasMessage(message)
        .hasNoCause()
        .extracting(failure -> ((MountFailure) failure).reason())
        .isEqualTo(reason);
  }
}
