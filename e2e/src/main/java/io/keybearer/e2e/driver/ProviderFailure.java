package io.keybearer.e2e.driver;

import io.grpc.Status;

/**
 * A provider that was not reached, refused, or answered what can't be written; the message is the
 * driver's.
 */
final class ProviderFailure extends Exception {
  private static final long serialVersionUID = 1L;

  private final String errorType;
  private final Status.Code code;

  ProviderFailure(String errorType, Status.Code code, String message) {
    super(message);
    this.errorType = errorType;
    this.code = code;
  }

  /** The driver counts a failed look-up without a type. */
  static ProviderFailure lookup(String message) {
    return new ProviderFailure("", Status.Code.UNKNOWN, message);
  }

  static ProviderFailure of(Status status, String description) {
    return new ProviderFailure(
        "GRPCProviderError", status.getCode(), GoText.error(status.getCode(), description));
  }

  /** The metric's label {@code error_type}. */
  String errorType() {
    return errorType;
  }

  /** What the kubelet gets; an error without a status is UNKNOWN. */
  Status.Code code() {
    return code;
  }
}
